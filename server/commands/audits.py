"""`backoffice audit`: whether the audit trail is what was written."""

import typer

from server.settings import Settings

app = typer.Typer(help="The audit trail.", no_args_is_help=True)


@app.callback()
def audit() -> None:
    """The audit trail."""


@app.command()
def verify() -> None:
    """Follow every chain of the audit trail. Ends with 1 when an entry was changed or left out."""
    from persistence.audit import verify  # noqa: PLC0415
    from persistence.organizations import inside, organizations  # noqa: PLC0415
    from server.operators import Operations, operate  # noqa: PLC0415

    async def work(operations: Operations) -> bool:
        whole = True
        for organization in await organizations(operations.url):
            async with inside(operations.engine, organization.id) as connection:
                count, broken = await verify(connection)
            typer.echo(f"{organization.name}: {count} entries, {len(broken)} broken")
            for subject_id, sequence, reason in broken:
                typer.echo(f"  {subject_id} entry {sequence}: {reason}")
            whole = whole and not broken
        return whole

    if not operate(Settings.from_environment(), work):
        raise typer.Exit(1)
