"""`backoffice credentials`: issue, list, limit and revoke API credentials at the machine."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

from domain.api_credentials import ApiCredential
from domain.callers import Channel, Permission
from server.problems import OperatorProblem
from server.settings import Settings

app = typer.Typer(help="API credentials, for operators.", no_args_is_help=True)

EVERYBODY = "ALL"

Email = Annotated[str, typer.Option("--user", help="The user's e-mail address.")]
InOrganization = Annotated[
    str | None, typer.Option("--organization", help="Its name, where there are several.")
]


@app.command()
def issue(
    email: Email,
    name: Annotated[str, typer.Option(help="What it is for.")],
    channel: Annotated[
        Channel, typer.Option(help="Which API it opens; GraphQL takes them all.")
    ] = Channel.GRAPHQL,
    organization: InOrganization = None,
    scopes: Annotated[
        list[Permission] | None,
        typer.Option("--scope", help="Narrows what the user may do; give it several times."),
    ] = None,
    networks: Annotated[
        list[str] | None,
        typer.Option("--network", help="An IP address or CIDR range that it works from."),
    ] = None,
    expires: Annotated[datetime | None, typer.Option(help="When it stops working, in UTC.")] = None,
) -> None:
    """Issue a credential that acts as a user, and print its secret: this once."""
    from server.operators import Operations, operate  # noqa: PLC0415
    from usecases.api_credentials import CreateApiCredential  # noqa: PLC0415

    async def work(operations: Operations) -> ApiCredential:
        where, user = await operations.user(email, organization)
        usecase = CreateApiCredential(
            user_id=user.id,
            name=name,
            dialect=channel,
            permissions=scopes or None,
            networks=networks or None,
            expires_at=expires and expires.replace(tzinfo=UTC),
        )
        return await operations.perform(usecase, where.id)

    typer.echo(operate(Settings.from_environment(), work).secret)


@app.command("list")
def show(organization: InOrganization = None) -> None:
    """List credentials, with the last four characters of their secrets."""
    from server.operators import operate  # noqa: PLC0415

    now = datetime.now(UTC)
    found = operate(
        Settings.from_environment(), lambda operations: operations.credentials(organization)
    )
    for where, held in found:
        state = "active"
        if held.revoked_at is not None:
            state = "revoked"
        elif held.expires_at is not None and held.expires_at <= now:
            state = "expired"
        limit = {None: "plan", 0: "no limit"}.get(
            held.requests_per_minute, f"{held.requests_per_minute}/min"
        )
        id = f"{ApiCredential.prefix}_{held.id.hex}"
        whence = ",".join(held.networks) or "anywhere"
        columns = (id, where.name, held.email, held.channel, f"…{held.hint}", state, limit, whence)
        typer.echo("\t".join((*columns, held.name)))


@app.command()
def limit(
    email: Annotated[
        str, typer.Option("--user", help=f"The user's e-mail address; {EVERYBODY} for everybody.")
    ],
    per_minute: Annotated[
        int | None,
        typer.Option(min=0, help="Instead of the plan's; 0 lifts it, of the day too."),
    ] = None,
    *,
    by_plan: Annotated[bool, typer.Option("--by-plan", help="The plan's limit again.")] = False,
    organization: InOrganization = None,
) -> None:
    """Set how many requests a minute the credentials of a user may send, from now on."""
    from server.operators import Operations, operate  # noqa: PLC0415
    from usecases.operations import LimitApiCredential  # noqa: PLC0415

    if (per_minute is None) is not by_plan:
        raise OperatorProblem("give either --per-minute or --by-plan")

    async def work(operations: Operations) -> int:
        if email != EVERYBODY:
            await operations.user(email, organization)
        chosen = [
            (where.id, held.id)
            for where, held in await operations.credentials(organization)
            if email in {EVERYBODY, held.email} and held.revoked_at is None
        ]
        for organization_id, id in chosen:
            usecase = LimitApiCredential(id=id, requests_per_minute=per_minute)
            await operations.perform(usecase, organization_id)
        return len(chosen)

    count = operate(Settings.from_environment(), work)
    typer.echo(f"{count} credentials changed")


@app.command()
def revoke(
    id: Annotated[str, typer.Argument(help="As `list` shows it: key_…")],
) -> None:
    """Stop a credential for good."""
    from server.operators import Operations, operate  # noqa: PLC0415
    from usecases.api_credentials import RevokeApiCredential  # noqa: PLC0415

    async def work(operations: Operations) -> None:
        for where, held in await operations.credentials():
            if f"{ApiCredential.prefix}_{held.id.hex}" == id:
                await operations.perform(RevokeApiCredential(id=UUID(str(held.id))), where.id)
                return
        raise OperatorProblem(f"no credential {id}: see `backoffice credentials list`")

    operate(Settings.from_environment(), work)
    typer.echo(f"{id} is revoked")


@app.command()
def demo() -> None:
    """Write credentials.json anew, with new secrets for the people of the demo organizations."""
    from server.demo.reissues import reissue  # noqa: PLC0415
    from server.operators import operate  # noqa: PLC0415

    settings = Settings.from_environment()
    path = operate(settings, lambda operations: reissue(operations, settings))
    typer.echo(f"wrote {path}")
