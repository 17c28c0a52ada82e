"""What subscriptions were billed with, in the graph."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from domain.callers import Permission
from domain.customers import Company
from domain.packages import Package
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.domain import subscriptions as make
from tests.schema.conftest import Ask, public
from tests.usecases.selling import buyer
from tests.usecases.services import offered
from tests.usecases.subscriptions import catalogue

BILLED = """{ status invoices { number status subtotal { amount } vat { amount } total { amount }
  lines { description } serviceOrder { id } packageSubscription { status } } }"""
PAGE = f"{{ packageSubscriptions {{ nodes {BILLED} }} }}"
YEAR = datetime.now(UTC).year


@pytest.fixture
async def package(world: World, storage: SqlStorage) -> Package:
    """Of 500.00."""
    made = make.package(make.item((await offered(world, storage)).id))
    await catalogue(world, storage, made)
    return made


@pytest.fixture
async def company(world: World, storage: SqlStorage) -> Company:
    return await buyer(world, storage)


def assigning(package: Package, company: Company) -> dict[str, Any]:
    return {"packageId": public(package), "customerId": public(company)}


def bill(number: int) -> dict[str, Any]:
    return {
        "number": f"SINV-{YEAR}-{number:04}",
        "status": "ISSUED",
        "subtotal": {"amount": "500.00"},
        "vat": {"amount": "75.00"},
        "total": {"amount": "575.00"},
        "lines": [{"description": "Care"}],
        "serviceOrder": None,
        "packageSubscription": {"status": "ACTIVE"},
    }


async def test_a_subscription_shows_what_its_periods_were_billed_with(
    do: Ask, package: Package, company: Company, owner: asyncpg.Connection
) -> None:
    given = assigning(package, company)
    made = (await do("packageSubscriptionAssign", given, f"{BILLED[:-1]} id }}"))[
        "packageSubscription"
    ]
    id = made.pop("id")
    assert made == {"status": "ACTIVE", "invoices": [bill(1)]}
    ends = "UPDATE package_subscriptions SET ends_at = now() WHERE package_id = $1"
    await owner.execute(ends, package.id)

    renewed = await do("packageSubscriptionRenew", {"id": id}, BILLED)

    assert renewed["packageSubscription"] == {"status": "ACTIVE", "invoices": [bill(1), bill(2)]}


async def test_a_dry_run_shows_the_bill_too(do: Ask, package: Package, company: Company) -> None:
    given = assigning(package, company)

    tried = await do("packageSubscriptionAssign", given, BILLED, dryRun=True)
    done = await do("packageSubscriptionAssign", given, BILLED)

    assert tried == done  # the number is taken only once


@pytest.mark.parametrize("count", [1, 5])
async def test_a_page_with_bills_costs_the_same_whatever_is_on_it(
    ask: Ask,
    do: Ask,
    world: World,
    storage: SqlStorage,
    package: Package,
    statements: list[str],
    count: int,
) -> None:
    for _ in range(count):
        customer = await buyer(world, storage)
        await do("packageSubscriptionAssign", assigning(package, customer))
    statements.clear()

    nodes = (await ask(PAGE))["packageSubscriptions"]["nodes"]

    assert [len(node["invoices"]) for node in nodes] == [1] * count
    # The page, invoices, their lines, and the subscriptions again, as what invoices bill
    assert len(statements) == 4


async def test_bills_take_their_own_permission(
    refused: Ask, do: Ask, world: World, package: Package, company: Company
) -> None:
    await do("packageSubscriptionAssign", assigning(package, company))
    reader = world.caller(permissions=frozenset({Permission.SUBSCRIPTIONS_READ}))
    biller = world.caller(permissions=frozenset({Permission.INVOICES_READ}))

    [of_subscription] = await refused(PAGE, as_=reader)
    [of_invoice] = await refused(
        "{ salesInvoices { nodes { packageSubscription { id } } } }", as_=biller
    )

    assert of_subscription["extensions"]["code"] == of_invoice["extensions"]["code"] == "FORBIDDEN"


async def test_lists_that_lead_back_are_measured(refused: Ask) -> None:
    back = "id"
    for _ in range(3):
        back = f"invoices {{ packageSubscription {{ {back} }} }}"

    [error] = await refused(f"{{ packageSubscriptions {{ nodes {{ {back} }} }} }}")

    assert error["extensions"]["code"] == "TOO_LARGE"
