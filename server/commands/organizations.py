"""`backoffice organizations`: found one, list those there are, and change what one has bought."""

from typing import Annotated, Any

import typer

from domain.kit.ids import new_id
from domain.organizations import Plan, Sandbox, ServicePlan
from server.problems import OperatorProblem
from server.settings import Settings

app = typer.Typer(help="Organizations, for operators.", no_args_is_help=True)


@app.command()
def found(
    name: Annotated[str, typer.Argument(help="Its name.")],
    admin_email: Annotated[str, typer.Option("--admin", help="Its administrator's address.")],
    admin_name: Annotated[str, typer.Option(help="The administrator's name.")] = "Administrator",
    plan: Annotated[Plan, typer.Option(help="Sets the rate limits.")] = Plan.BASIC,
    service_plan: Annotated[
        ServicePlan, typer.Option(help="Opens Shrkity's API, and sets how many orders it takes.")
    ] = ServicePlan.STARTER,
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
        service_plan=service_plan,
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


@app.command()
def plan(
    name: Annotated[str, typer.Argument(help="Its name.")],
    service_plan: Annotated[
        ServicePlan | None, typer.Option(help="Opens Shrkity's API, and how many orders it takes.")
    ] = None,
    monthly_orders: Annotated[
        int | None, typer.Option(min=0, help="Instead of the plan's; 0 lifts the limit.")
    ] = None,
    *,
    by_plan: Annotated[bool, typer.Option("--by-plan", help="The plan's limit again.")] = False,
) -> None:
    """Change what an organization has bought for serving customers; what is not said stays."""
    from server.operators import Operations, operate  # noqa: PLC0415
    from usecases.operations import UpdateServicePlan  # noqa: PLC0415

    if monthly_orders is not None and by_plan:
        raise OperatorProblem("give either --monthly-orders or --by-plan")
    said: dict[str, Any] = {}
    if service_plan is not None:
        said["service_plan"] = service_plan
    if monthly_orders is not None or by_plan:
        said["monthly_order_limit"] = monthly_orders
    change = UpdateServicePlan(**said)

    async def work(operations: Operations) -> tuple[ServicePlan, int | None]:
        chosen = await operations.organizations(name)
        if len(chosen) > 1:
            raise OperatorProblem(f"there are several organizations called {name}")
        changed = await operations.perform(change, chosen[0].id)
        return changed.service_plan, changed.monthly_orders

    bought, most = operate(Settings.from_environment(), work)
    orders = "any number of orders" if most is None else f"{most} orders"
    typer.echo(f"{name}: {bought}, {orders} a month")


@app.command("list")
def show() -> None:
    """List the organizations."""
    from server.operators import operate  # noqa: PLC0415

    settings = Settings.from_environment()
    for each in operate(settings, lambda operations: operations.organizations()):
        kind = f"\tsandbox, {each.sandbox.lower()}" if each.sandbox else ""
        typer.echo(f"org_{each.id.hex}\t{each.name}{kind}")
