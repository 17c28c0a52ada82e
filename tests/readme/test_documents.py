"""The other documents: links lead somewhere, and what they name exists."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.readme.documents import PROJECT, WRITTEN, blocks, code, links, prose

POLICY = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]
CONTRIBUTING = (PROJECT / "CONTRIBUTING.md").read_text()
RECORDS = sorted((PROJECT / "docs" / "adr").glob("[0-9]*.md"))
TOP = {path.name for path in PROJECT.iterdir() if path.is_dir() and not path.name.startswith(".")}
RULE = re.compile(r"^\| (?P<rule>.+?) \| (?P<enforced>.+?) \|$", re.MULTILINE)


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def rules() -> dict[str, str]:
    """Each rule of the house, and what enforces it."""
    found = {rule: enforced for rule, enforced in RULE.findall(CONTRIBUTING) if "---" not in rule}
    return {rule: enforced for rule, enforced in found.items() if enforced != "Enforced by"}


def enforcers(pattern: str) -> set[Any]:
    """What the pattern finds in the column beside the rules; its groups, where it has several."""
    return {found for enforced in rules().values() for found in re.findall(pattern, enforced)}


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_links_lead_to_files(path: Path) -> None:
    dead = [link for link in links(path.read_text()) if not (path.parent / link).exists()]

    assert dead == []


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_paths_in_the_text_exist(path: Path) -> None:
    """What looks like a path of the project, unless it has a placeholder in it."""
    named = [text.partition("::")[0] for text in code(path.read_text()) if " " not in text]
    paths = [text for text in named if text.split("/")[0] in TOP and "/" in text]

    missing = [text for text in paths if not re.search(r"[<*…]", text) and not exists(text)]

    assert missing == []


def exists(path: str) -> bool:
    return (PROJECT / path).exists()


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_fences_are_closed(path: Path) -> None:
    assert "```" not in prose(path.read_text())


def test_every_rule_says_what_enforces_it() -> None:
    assert len(rules()) > 30
    assert [rule for rule, enforced in rules().items() if not enforced.strip()] == []


def test_tests_that_enforce_a_rule_exist() -> None:
    named = enforcers(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")

    missing = [
        f"{path}::{test}"
        for path, test in sorted(named)
        if not exists(path) or (test and test not in functions(PROJECT / path))
    ]

    assert len(named) > 20
    assert missing == []


def functions(path: Path) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds)}


def test_contracts_that_enforce_a_rule_exist() -> None:
    contracts = {contract["name"] for contract in POLICY["importlinter"]["contracts"]}

    assert enforcers(r'import-linter: "(.+?)"') == contracts


def test_lint_rules_that_enforce_a_rule_are_on() -> None:
    lint = POLICY["ruff"]["lint"]
    named = enforcers(r"\b([A-Z]+[0-9]{3})\b")

    assert lint["select"] == ["ALL"]
    assert [rule for rule in named if rule.startswith(tuple(lint["ignore"]))] == []
    assert {rule for rule in named if not is_rule(rule)} == set()


def is_rule(code: str) -> bool:
    known = subprocess.run(  # noqa: S603 - the linter
        [sys.executable, "-m", "ruff", "rule", code], capture_output=True, check=False
    )
    return known.returncode == 0


def test_settings_of_pytest_that_enforce_a_rule_are_on() -> None:
    options = POLICY["pytest"]["ini_options"]

    assert options["filterwarnings"] == ["error"]
    assert options["xfail_strict"] is True


def test_the_recipe_for_migrations_names_what_exists() -> None:
    [recipe] = [block.text for block in blocks(CONTRIBUTING) if "revise" in block.text]
    _, _, program = recipe.partition("<<'END'\n")

    imported = [
        (str(node.module), alias.name)
        for node in ast.walk(ast.parse(program.removesuffix("END\n")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]

    assert ("persistence.migrating", "revise") in imported
    assert [each for each in imported if not hasattr(import_module(each[0]), each[1])] == []


def test_records_are_numbered_and_listed() -> None:
    numbers = [int(record.name[:4]) for record in RECORDS]
    listed = links((PROJECT / "docs" / "adr" / "README.md").read_text())

    assert numbers == [*range(1, len(RECORDS) + 1)]
    assert listed == [record.name for record in RECORDS]


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_record_is_a_decision_with_its_context_and_consequences(path: Path) -> None:
    text = path.read_text()
    title = text.splitlines()[0].removeprefix(f"# {int(path.name[:4])}. ")

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    slug = "-".join(re.findall(r"[a-z]+", title.lower()))
    assert slug.startswith(path.stem[5:])


def test_what_is_not_released_is_in_the_changelog() -> None:
    text = (PROJECT / "CHANGELOG.md").read_text()

    assert re.findall(r"^## (.+)$", text, re.MULTILINE)[0] == "[Unreleased]"
