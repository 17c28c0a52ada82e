"""Files: short, said in a sentence what they are for, named alike in every layer."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "usecases", "persistence", "schema", "rest", "replay", "server", "migrations")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MOST = 300
# Longer than that for a reason; shrink it when it can be, never let it grow.
EXCEPTIONS: dict[str, int] = {}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_is_short_enough_to_be_read(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())

    assert lines <= EXCEPTIONS.get(name(path), MOST)


def test_exceptions_are_still_needed() -> None:
    for exception in EXCEPTIONS:
        assert len((ROOT / exception).read_text("utf-8").splitlines()) > MOST


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_begins_with_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))

    assert docstring
    assert docstring.splitlines()[0].rstrip().endswith((".", ":", ",", "?")) or "\n" in docstring


def test_nothing_is_left_to_be_done() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "X" * 3)
    left = {name(path) for path in FILES if any(m in path.read_text("utf-8") for m in marks)}

    assert left == set()


def test_tests_do_not_pretend() -> None:
    """What is tested is the real thing: nothing imports a mock."""
    pretending = {
        name(path)
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom) and "mock" in ast.unparse(node).lower()
    }

    assert pretending == set()
