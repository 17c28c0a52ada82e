"""The project's documents as the tests see them: sections, fenced blocks, links."""

import re
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).parents[2]
README = PROJECT / "README.md"
WRITTEN = sorted(
    [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")],
    key=lambda path: path.relative_to(PROJECT).as_posix(),
)

_BLOCK = re.compile(
    r"^```(?P<kind>\w+) ?(?P<note>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
_CODE = re.compile(r"`([^`]+)`")


class Block(NamedTuple):
    """What stands between fences: ```kind note."""

    kind: str
    note: str
    text: str


def section(text: str, heading: str) -> str:
    """What stands under a heading of the second level."""
    _, found, after = text.partition(f"\n## {heading}\n")
    assert found, f"no section {heading!r}"
    return after.partition("\n## ")[0]


def blocks(text: str) -> list[Block]:
    return [Block(*found) for found in _BLOCK.findall(text)]


def prose(text: str) -> str:
    """Everything but the fenced blocks."""
    return _BLOCK.sub("", text)


def links(text: str) -> list[str]:
    """Links to files of the project."""
    return _LINK.findall(prose(text))


def code(text: str) -> list[str]:
    """What stands between single backticks, on one line."""
    return [" ".join(each.split()) for each in _CODE.findall(prose(text))]
