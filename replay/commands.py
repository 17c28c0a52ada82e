"""`backoffice replay`: the command line of the replay."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Final

import typer

from replay.errors import ReplayStopped, UnusableCredentials
from replay.events import Role
from replay.preparations import email_of
from replay.replays import Replay

_DIVERGED: Final = 1
_STOPPED: Final = 3
_INTERRUPTED: Final = 130


def replay(
    path: Annotated[Path, typer.Argument(help="The approval log: CSV, gzipped or not.")],
    *,
    credentials: Annotated[
        Path, typer.Option(help="The credentials file that the server wrote at its first start.")
    ] = Path(".data/credentials.json"),
    url: Annotated[
        str | None, typer.Option(help="The GraphQL endpoint; the one in the credentials file.")
    ] = None,
    cases: Annotated[
        int | None, typer.Option(min=1, help="Only so many cases: a sample that has every variant.")
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(help="Remembers what is done; replay-state.jsonl beside the credentials."),
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Cases played side by side.")] = 8,
    report: Annotated[Path | None, typer.Option(help="Write the report there, as JSON.")] = None,
    prepare: Annotated[
        bool,
        typer.Option("--prepare", help="Set the stage, say how to lift rate limits, play nothing."),
    ] = False,
) -> None:
    """Replay a real approval log against a running server, and compare how it ends.

    Ends with 0 when every mapped case ends as the log says, 1 when one does not, 3 when the
    replay had to stop. Run it again with the same state file to go on.
    """
    try:
        endpoint, token = read_credentials(credentials)
        given = Replay(
            log=path,
            url=url or endpoint,
            admin=token,
            state=state or credentials.with_name("replay-state.jsonl"),
            cases=cases,
            concurrency=concurrency,
        )
        if prepare:
            asyncio.run(given.prepare())
            typer.echo(lifting())
            return
        told = asyncio.run(given.run())
    except ReplayStopped as stopped:
        typer.echo(f"The replay stopped: {stopped}", err=True)
        raise typer.Exit(_STOPPED) from stopped
    except KeyboardInterrupt as interrupted:
        typer.echo("Interrupted. Run the same command again to go on.", err=True)
        raise typer.Exit(_INTERRUPTED) from interrupted
    if report is not None:
        report.write_text(json.dumps(told.as_json(), indent=2, ensure_ascii=False) + "\n", "utf-8")
    typer.echo(told.as_text())
    if not told.matches:
        raise typer.Exit(_DIVERGED)


def lifting() -> str:
    """What an operator types at the server, so that no role waits for its plan's rate limit."""
    return "\n".join(
        [
            "The stage is set. Where the server runs, this lifts the rate limit of each role:",
            "",
            *(
                f"  backoffice credentials limit --user {email_of(role)} --per-minute 0"
                for role in Role
            ),
        ]
    )


def read_credentials(path: Path) -> tuple[str, str]:
    """The GraphQL endpoint and the administrator's token."""
    try:
        graphql = json.loads(path.read_text("utf-8"))["graphql"]
        return str(graphql["url"]), str(graphql["tokens"]["admin"])
    except (OSError, ValueError, KeyError, TypeError) as odd:
        raise UnusableCredentials(f"{path} has no GraphQL url and admin token: {odd!r}") from odd
