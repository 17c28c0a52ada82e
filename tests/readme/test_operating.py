"""docs/operating.md: its commands are known, and it tells of all jobs, plans and times."""

import re
import shlex
from datetime import timedelta
from typing import Any

import pytest
from typer.main import get_command

from domain.organizations import MONTHLY_ORDERS
from persistence.cleaning import KEPT
from server.cli import app
from server.gate import SERVED
from server.workers import JOBS
from tests.readme.documents import PROJECT, blocks, section
from usecases.sales_invoices.links import LASTS

TEXT = (PROJECT / "docs" / "operating.md").read_text()
COMMANDS = [
    shlex.split(line)
    for block in blocks(TEXT)
    if block.kind == "sh"
    for line in block.text.replace("\\\n", "").splitlines()
]


def rows(heading: str) -> list[list[str]]:
    """The first table of a section, without its head and backticks."""
    lines = re.findall(r"^\| (.+) \|$", section(TEXT, heading), re.MULTILINE)
    return [line.replace("`", "").split(" | ") for line in lines][1:]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_commands_are_understood(command: list[str]) -> None:
    """Parsed to the end, but not run."""
    program, *words = command
    found: Any = get_command(app)
    while hasattr(found, "commands"):
        name, *words = words
        found = found.commands[name]

    context = found.make_context(found.name, words)

    assert program == "backoffice"
    assert context.params


def test_every_job_is_told() -> None:
    told = {row[0] for row in rows("Workers")}

    assert told >= {job.name for job in JOBS}


def test_plans_are_those_of_the_code() -> None:
    told = {plan: (api.startswith("open"), most) for plan, api, most in rows("Plans")}

    assert told == {
        plan: (plan in SERVED, "any number" if most is None else f"{most}")
        for plan, most in MONTHLY_ORDERS.items()
    }


def test_links_last_as_long_as_is_said() -> None:
    told = " ".join(section(TEXT, "Signed links").split())

    assert timedelta(minutes=10) == LASTS
    assert "They are good for ten minutes" in told


def test_what_is_kept_for_a_while_is_told() -> None:
    kept = section(TEXT, "Workers").partition("### What is kept how long")[2]

    assert len(re.findall(r"^\| .+ \| .*\d+ (?:hours|days?) \|$", kept, re.MULTILINE)) == len(KEPT)
