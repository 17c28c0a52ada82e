"""`backoffice organizations`: found one, and list those there are."""

from typing import Annotated

import typer

from domain.kit.ids import new_id
from domain.organizations import Plan, Sandbox
from server.problems import OperatorProblem
from server.settings import Settings

app = typer.Typer(help="Organizations, for operators.", no_args_is_help=True)


@app.command()
def found(
    name: Annotated[str, typer.Argument(help="Its name.")],
    admin_email: Annotated[str, typer.Option("--admin", help="Its administrator's address.")],
    admin_name: Annotated[str, typer.Option(help="The administrator's name.")] = "Administrator",
    plan: Annotated[Plan, typer.Option(help="Sets the rate limits.")] = Plan.BASIC,
    currency: Annotated[str, typer.Option(help="Base currency, ISO 4217.")] = "SAR",
    *,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Everything done in it is undone at 00:00 UTC.")
    ] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="Begin with the demo's content; for sandboxes.")
    ] = False,
) -> None:
    """Found an organization with the usual roles and an administrator, and print a token for it."""
    from domain.api_credentials import ApiCredential  # noqa: PLC0415
    from server.demo.organizations import CURRENCY  # noqa: PLC0415
    from server.operators import Operations, operate  # noqa: PLC0415
    from server.sandboxes import begin  # noqa: PLC0415
    from usecases.api_credentials import CreateApiCredential  # noqa: PLC0415
    from usecases.operations import FoundOrganization  # noqa: PLC0415

    if demo and not sandbox:
        raise OperatorProblem("--demo is for sandboxes: add --sandbox")
    if demo and currency != CURRENCY:
        raise OperatorProblem(f"--currency: the demo's prices are in {CURRENCY}")
    founding = FoundOrganization(
        name=name,
        plan=plan,
        base_currency=currency,
        admin_name=admin_name,
        admin_email=admin_email,
        sandbox=(Sandbox.DEMO if demo else Sandbox.EMPTY) if sandbox else None,
    )

    async def work(operations: Operations) -> ApiCredential:
        organization_id = new_id()
        admin = await operations.perform(founding, organization_id)
        if sandbox:
            await begin(operations.url, organization_id)
        token = CreateApiCredential(user_id=admin.id, name="first token")
        return await operations.perform(token, organization_id)

    typer.echo(operate(Settings.from_environment(), work).secret)


@app.command("list")
def show() -> None:
    """List the organizations."""
    from server.operators import operate  # noqa: PLC0415

    settings = Settings.from_environment()
    for each in operate(settings, lambda operations: operations.organizations()):
        kind = f"\tsandbox, {each.sandbox.lower()}" if each.sandbox else ""
        typer.echo(f"org_{each.id.hex}\t{each.name}{kind}")
