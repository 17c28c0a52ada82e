"""The command line: what it asks for, and how it ends when it cannot begin."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from replay.commands import lifting, read_credentials, replay
from replay.errors import UnusableCredentials

HEAD = "case_id,timestamp,organizational_unit,project,amount,action,role\n"


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    app.command()(replay)
    return app


def test_the_credentials_file_names_endpoint_and_token(tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    path.write_text(json.dumps({"graphql": {"url": "http://here", "tokens": {"admin": "t"}}}))

    assert read_credentials(path) == ("http://here", "t")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"graphql": {"url": "http://here"}}'])
def test_an_incomplete_credentials_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "credentials.json"
    path.write_text(content)

    with pytest.raises(UnusableCredentials, match="has no GraphQL url and admin token"):
        read_credentials(path)


def test_without_credentials_the_command_stops_and_writes_nothing(
    tmp_path: Path, app: typer.Typer
) -> None:
    log = tmp_path / "log.csv"
    log.write_text(HEAD)

    ended = CliRunner().invoke(app, [str(log), "--credentials", str(tmp_path / "none.json")])

    assert ended.exit_code == 3
    assert "The replay stopped" in ended.output
    assert [path.name for path in tmp_path.iterdir()] == ["log.csv"]


def test_without_a_log_the_command_stops_and_writes_nothing(
    tmp_path: Path, app: typer.Typer
) -> None:
    credentials = tmp_path / "credentials.json"
    credentials.write_text(
        json.dumps({"graphql": {"url": "http://127.0.0.1:9/graphql", "tokens": {"admin": "t"}}})
    )

    ended = CliRunner().invoke(app, [str(tmp_path / "none.csv"), "--credentials", str(credentials)])

    assert ended.exit_code == 3
    assert "none.csv cannot be read" in ended.output
    assert [path.name for path in tmp_path.iterdir()] == ["credentials.json"]


def test_an_operator_is_told_how_to_lift_the_limit_of_every_role() -> None:
    assert lifting().splitlines()[2:] == [
        f"  backoffice credentials limit --user replay-{role}@example.com --per-minute 0"
        for role in (
            "employee",
            "administration",
            "budget-owner",
            "pre-approver",
            "supervisor",
            "director",
            "missing",
            "accounts",
            "treasury",
        )
    ]


@pytest.mark.parametrize("option", ["--cases", "--concurrency"])
def test_a_count_of_nothing_is_a_usage_error(option: str, app: typer.Typer) -> None:
    assert CliRunner().invoke(app, ["log.csv", option, "0"]).exit_code == 2
