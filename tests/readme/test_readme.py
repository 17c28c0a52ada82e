"""README is run: its tour against a server as `make run` starts it, its tables against the code."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.main import get_command

from schema.kit.limits import DEEPEST, FIELDS_PER_REQUEST, MOST_FIELDS, MOST_MUTATIONS
from server.app import DIALECTS
from server.cli import app
from server.limits import PLANS
from server.operations import LARGEST_BODY
from server.settings import Settings
from tests.readme.documents import PROJECT, README, Block, blocks, code, section

TEXT = README.read_text()
TOUR = section(TEXT, "A tour in ten minutes")
SERVER = [sys.executable, "-m", "server.cli", "serve"]
PATIENCE = 120
END_OF_BLOCK = "--- end of block ---"
ANY = "…"  # in an answer: whatever there is


@dataclass(frozen=True)
class Server:
    """What README's commands find in their environment."""

    host: str
    port: str
    data_dir: Path

    @property
    def environment(self) -> Mapping[str, str]:
        return {"HOST": self.host, "PORT": self.port, "DATA_DIR": str(self.data_dir)}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The first start on an empty folder, with the embedded database and the demo organization."""
    folder = tmp_path_factory.mktemp("tour")
    settings = {name.upper() for name in Settings.model_fields}
    environment = {name: value for name, value in os.environ.items() if name not in settings}
    with (
        (folder / "log").open("w+") as log,
        subprocess.Popen(  # noqa: S603 - ourselves
            SERVER,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=PROJECT,
            env=environment | {"PORT": "0", "DATA_DIR": str(folder / "data")},
        ) as process,
    ):
        assert process.stdout is not None
        found = (re.search(r"http://([\d.]+):(\d+)", line) for line in process.stdout)
        address = next((match for match in found if match), None)
        assert address is not None, (folder / "log").read_text()
        try:
            yield Server(address[1], address[2], folder / "data")
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def test_the_tour_answers_what_it_shows(server: Server, tmp_path: Path) -> None:
    if missing := [each for each in ("bash", "curl", "python3") if shutil.which(each) is None]:
        pytest.skip(f"the tour needs {', '.join(missing)}")
    steps = _steps()
    script = tmp_path / "tour.sh"
    parts = [f"{command.text}\necho; echo '{END_OF_BLOCK}'" for command, _ in steps]
    script.write_text("\n".join(["set -euo pipefail", *parts]))

    tour = subprocess.run(  # noqa: S603 - README's own commands
        ["bash", script.name],  # noqa: S607
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | server.environment,
        timeout=PATIENCE,
        check=False,
    )

    assert (tour.returncode, tour.stderr) == (0, "")
    *printed, rest = tour.stdout.split(f"{END_OF_BLOCK}\n")
    assert rest == ""
    assert len(printed) == len(steps)
    for output, (command, answer) in zip(printed, steps, strict=True):
        expected = answer.text if answer else ""
        assert _pattern(expected).fullmatch(_flat(output)), (command.text, output, expected)
    assert (tmp_path / "order.pdf").read_bytes()[:5] == b"%PDF-"


def test_the_queries_for_the_browser_are_answered(server: Server) -> None:
    orders, waiting = [_posted(server, query) for query in _queries()]

    nodes = orders["purchaseOrders"]["nodes"]
    assert 0 < len(nodes) <= 20
    assert {node["status"] for node in nodes} == {"PENDING_APPROVAL"}
    assert all(node["lines"] and node["approvals"] and node["auditTrail"] for node in nodes)
    totals = [float(node["total"]["amount"]) for node in nodes]
    assert totals == sorted(totals, reverse=True)
    assert "PURCHASE_ORDERS_WRITE" in waiting["viewer"]["permissions"]
    assert waiting["viewer"]["approvals"] == {"totalCount": 0, "nodes": []}


def test_the_page_for_browsers_is_where_it_says(server: Server) -> None:
    page = httpx.get(f"http://{server.host}:{server.port}/graphql", headers={"Accept": "text/html"})

    assert page.status_code == 200
    assert "GraphiQL" in page.text


def test_make_knows_the_commands() -> None:
    commands = {text.split()[1] for text in code(TEXT) if text.startswith("make ")}
    commands |= {block.text.split()[1] for block in blocks(TEXT) if block.text.startswith("make ")}

    listed = {line.split()[0] for line in _make("help").splitlines() if line.startswith("  ")}

    assert commands >= {"run", "test", "help"}
    assert commands <= listed


def test_make_run_serves() -> None:
    assert "backoffice serve" in _make("--dry-run", "run")


def test_make_test_runs_the_tests() -> None:
    assert "-m pytest" in _make("--dry-run", "test")


def test_every_command_told_exists() -> None:
    group: Any = get_command(app)
    told = {text for text in code(TEXT) if text.startswith("backoffice ")}

    unknown = [text for text in told if not _known(group, text.split()[1:])]

    assert told
    assert unknown == []


def test_every_setting_is_told_with_its_default() -> None:
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", section(TEXT, "Settings"), re.MULTILINE))

    defaults = {
        name.upper(): _shown(field.default) for name, field in Settings.model_fields.items()
    }

    defaults["PUBLIC_URL"] = "`http://$HOST:$PORT`"  # none, and then worked out
    assert told == defaults


def test_the_limits_told_are_those_that_hold() -> None:
    told = " ".join(section(TEXT, "What clients should know").split())
    (basic, basic_day), (professional, professional_day), (enterprise, none) = PLANS.values()

    assert f"{basic}, {professional} or {enterprise} requests a minute" in told
    assert f"the first two also {basic_day} and {professional_day:,} a day" in told
    assert none is None
    assert (FIELDS_PER_REQUEST, "for every hundred fields" in told) == (100, True)
    assert (
        f"{MOST_FIELDS} fields, {DEEPEST} levels and {MOST_MUTATIONS} mutations, "
        f"a body {LARGEST_BODY // 2**20} MB" in told
    )


def test_the_paths_told_are_those_that_are_served() -> None:
    rows = re.findall(
        r"^\| (\w+) v?[\d-]+ \| (.+?) \|", section(TEXT, "What clients should know"), re.MULTILINE
    )

    told = {name.lower(): (*re.findall("`(.+?)`", paths),) for name, paths in rows}

    assert told == {dialect.name: dialect.bases for dialect, _ in DIALECTS}


def test_the_map_of_the_tree_is_true() -> None:
    [tree] = [block for block in blocks(TEXT) if block.note == "tree"]
    folders: list[Path] = []
    for line in tree.text.splitlines():
        name = line.split()[0]
        folders.append(_newest_top(folders) / name if line.startswith(" ") else PROJECT / name)
    policy = tomllib.loads((PROJECT / "pyproject.toml").read_text())

    assert [folder for folder in folders if not folder.is_dir()] == []
    assert {folder.name for folder in folders} >= {*policy["tool"]["setuptools"]["packages"]}


def _newest_top(folders: list[Path]) -> Path:
    """The last folder of the first level."""
    return next(folder for folder in reversed(folders) if folder.parent == PROJECT)


def _steps() -> list[tuple[Block, Block | None]]:
    """The commands of the tour, each with the answer that is shown for it."""
    found = blocks(TOUR)
    following: list[Block | None] = [*found[1:], None]
    return [
        (block, after if after and after.note == "answer" else None)
        for block, after in zip(found, following, strict=True)
        if block.kind == "sh"
    ]


def _queries() -> list[tuple[str, Any]]:
    """The operations of the tour, each with the variables beside it."""
    found = blocks(TOUR)
    following: list[Block | None] = [*found[1:], None]
    return [
        (block.text, json.loads(after.text) if after and after.note == "variables" else None)
        for block, after in zip(found, following, strict=True)
        if block.kind == "graphql"
    ]


def _posted(server: Server, query: tuple[str, Any]) -> Any:
    document, variables = query
    credentials = json.loads((server.data_dir / "credentials.json").read_text())
    answer = httpx.post(
        f"http://{server.host}:{server.port}/graphql",
        json={"query": document, "variables": variables},
        headers={"Authorization": f"Bearer {credentials['graphql']['tokens']['buyer']}"},
    ).json()
    assert "errors" not in answer, answer
    return answer["data"]


def _flat(text: str) -> str:
    """Line breaks and indents are for readers."""
    return re.sub(r"\n\s*", "", text.strip())


def _pattern(expected: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, _flat(expected).split(ANY))))


def _make(*arguments: str) -> str:
    inherited = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}  # of a `make test` around us
    return subprocess.run(  # noqa: S603
        ["make", "--no-print-directory", *arguments],  # noqa: S607
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env={name: value for name, value in os.environ.items() if name not in inherited},
        check=True,
    ).stdout


def _known(command: Any, words: list[str]) -> bool:
    """Whether words name a command; options and arguments end it, `a | b` are several."""
    names = getattr(command, "commands", {})
    words = [word for word in words if word != "|"]
    if not words or words[0].startswith("--") or words[0].isupper() or not names:
        return True
    below = names.get(words[0])
    if below is None:
        return False
    if getattr(below, "commands", {}):
        return all(_known(below, [word]) for word in words[1:])
    return len(words) == 1 or all(_known(command, [word]) for word in words[1:])


def _shown(default: object) -> str:
    if default is None or default == ():
        return "none"
    if isinstance(default, bool):
        return f"`{default}`".lower()
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"
