"""The command line: `backoffice COMMAND`, set up through the environment (server/settings.py).

Each command imports what it needs when it is called, so that none waits for the others.
"""

import sys
from typing import Annotated

import typer

from replay.commands import replay
from server.commands import audits, credentials, organizations
from server.commands.workers import worker
from server.problems import OperatorProblem
from server.settings import Settings

app = typer.Typer(
    name="backoffice",
    help="One GraphQL graph over a company's back office.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

# What is mounted where: printed once the server is ready.
ADDRESSES = {
    "GraphQL, and GraphiQL for a browser": "/graphql",
    "Waqti v1": "/v1",
    "Shrkity v1": "/api/v1",
    "Shoplazza 2022-01": "/openapi/2022-01",
}


def main() -> None:
    """What an operator can put right is one line and an exit code, never a traceback."""
    try:
        app()
    except OperatorProblem as problem:
        print(f"backoffice: {problem}", file=sys.stderr)  # noqa: T201
        sys.exit(problem.exit_code)


@app.command()
def serve() -> None:
    """Serve everything; without DATABASE_URL, on a PostgreSQL of its own under DATA_DIR."""
    settings = _set_up()
    from server.app import create_app  # noqa: PLC0415
    from server.databases import migrate  # noqa: PLC0415
    from server.demo import seed_if_empty  # noqa: PLC0415
    from server.serving import Product, serve  # noqa: PLC0415

    serve(
        settings,
        Product(migrate=migrate, seed=seed_if_empty, create_app=create_app, announce=announce),
    )


@app.command()
def migrate() -> None:
    """Bring the database to this release's schema. `serve` does so too."""
    settings = _set_up()
    import asyncio  # noqa: PLC0415

    from server import databases  # noqa: PLC0415

    with databases.database(settings) as url:
        asyncio.run(databases.check(url))
        databases.migrate(url)


@app.command()
def schema(
    *, check: Annotated[bool, typer.Option(help="Only say whether it is up to date.")] = False
) -> None:
    """Write schema/schema.graphql anew."""
    from server.generated import SCHEMA, write  # noqa: PLC0415

    write(SCHEMA, check=check)


@app.command()
def docs(
    *, check: Annotated[bool, typer.Option(help="Only say whether they are up to date.")] = False
) -> None:
    """Write the documents anew that are made from the code."""
    from server.generated import DOCS, write  # noqa: PLC0415

    write(DOCS, check=check)


app.command("replay")(replay)
app.command("worker")(worker)
app.add_typer(audits.app, name="audit")
app.add_typer(credentials.app, name="credentials")
app.add_typer(organizations.app, name="organizations")


def announce(settings: Settings) -> None:
    """Where everything is, for the person who started it."""
    lines = {name: f"{settings.base_url}{path}" for name, path in ADDRESSES.items()}
    credentials = settings.data_dir / "credentials.json"
    if credentials.exists():
        lines["Credentials"] = str(credentials)
    width = max(map(len, lines))
    print("\nbackoffice is ready. Ctrl-C stops it.\n")  # noqa: T201
    for name, where in lines.items():
        print(f"  {name:{width}}  {where}")  # noqa: T201
    print(flush=True)  # noqa: T201


def _set_up() -> Settings:
    from server.logs import configure  # noqa: PLC0415

    settings = Settings.from_environment()
    configure(settings)
    return settings


if __name__ == "__main__":
    main()
