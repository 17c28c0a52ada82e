"""What orders take: of a month's allowance, of subscriptions, and of the numbers there are."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from domain.kit.errors import DomainError, LimitReached
from domain.kit.ids import new_id
from domain.organizations import Organization, ServicePlan
from domain.service_orders import Quoted, Wish
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.domain import subscriptions as packages
from tests.persistence.contents import unchanged
from tests.usecases.orders import done
from tests.usecases.services import YEAR, allow, allowed, kept, offered, placed
from tests.usecases.subscriptions import balances, sold
from usecases.kit import rehearse, run
from usecases.records import UpdateRecord
from usecases.service_orders import CancelServiceOrder, PlaceServiceOrder, Whom, place_order


async def refused(world: World, storage: SqlStorage, **values: Any) -> list[tuple[str, Any]]:
    with pytest.raises(DomainError) as caught:
        await run(PlaceServiceOrder(**values), world.caller(), storage)
    return [(str(each), each.path) for each in caught.value.problems]


def today(world: World) -> date:
    return datetime.now(ZoneInfo(world.organization.time_zone)).date()


async def test_the_allowance_of_a_month_is_used_up(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    await allow(owner, world, 2)
    service = await offered(world, storage)
    numbers = [(await placed(world, storage, service)).number for _ in range(2)]

    async with unchanged(owner, world):
        with pytest.raises(LimitReached) as caught:
            await placed(world, storage, service)

    assert str(caught.value) == "the 2 service orders of this month are used up"
    assert numbers == [f"SO-{YEAR}-0001", f"SO-{YEAR}-0002"]
    assert await allowed(owner, world) == [(today(world).replace(day=1), 2)]


async def test_what_was_cancelled_still_counts(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    await allow(owner, world, 1)
    order = await placed(world, storage)
    await done(CancelServiceOrder(id=order.id), world, storage)

    with pytest.raises(LimitReached):
        await placed(world, storage)

    assert [used for _, used in await allowed(owner, world)] == [1]


async def test_what_was_refused_does_not_count(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    service = await offered(world, storage)
    for _ in range(3):
        await refused(world, storage, service_definition_id=service.id, options=["gold"])

    order = await placed(world, storage, service)

    assert order.number == f"SO-{YEAR}-0001"
    assert [used for _, used in await allowed(owner, world)] == [1]


@pytest.mark.parametrize(
    ("plan", "used", "left"),
    [
        (ServicePlan.STARTER, 49, True),
        (ServicePlan.STARTER, 50, False),
        (ServicePlan.SCALE, 999, True),
        (ServicePlan.SCALE, 1000, False),
        (ServicePlan.ENTERPRISE, 100_000, True),
    ],
)
async def test_a_plan_says_how_many_orders_there_are_in_a_month(
    storage: SqlStorage,
    world: World,
    owner: asyncpg.Connection,
    plan: ServicePlan,
    used: int,
    *,
    left: bool,
) -> None:
    id, month = world.organization.id, today(world).replace(day=1)
    await owner.execute("UPDATE organizations SET service_plan = $2 WHERE id = $1", id, plan.value)
    count = "INSERT INTO order_allowances (organization_id, month, used) VALUES ($1, $2, $3)"
    await owner.execute(count, id, month, used)
    service = await offered(world, storage)

    if left:
        await placed(world, storage, service)
    else:
        async with unchanged(owner, world):
            with pytest.raises(LimitReached):
                await placed(world, storage, service)

    assert await allowed(owner, world) == [(month, used + left)]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
async def test_a_month_begins_at_midnight_where_the_organization_is(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, zone: str
) -> None:
    """These two are 25 hours apart: their months differ on the first and the last of each."""
    given = {"time_zone": zone}
    settings = UpdateRecord(kind=Organization, id=world.organization.id, given=given)
    await done(settings, world, storage)

    order = await placed(world, storage)

    month = order.created_at.astimezone(ZoneInfo(zone)).date().replace(day=1)
    assert await allowed(owner, world) == [(month, 1)]
    assert order.number == f"SO-{month.year}-0001"


# What a subscription covers


async def test_a_subscription_covers_an_order_until_it_is_cancelled(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    company, service = make.company(), await offered(world, storage)
    package = packages.package(packages.item(service.id))
    await save(company, package)
    subscription = await sold(world, storage, package, company)

    order = await placed(world, storage, service, company_id=company.id, options=["express"])
    assert order.allocation_id is not None
    assert (order.covered, order.total) == (Decimal(100), Decimal("57.50"))
    assert await balances(owner, subscription) == [(2, 1, 0)]

    await done(CancelServiceOrder(id=order.id), world, storage)
    assert await balances(owner, subscription) == [(2, 0, 0)]
    assert await kept(owner, order, "allocation_id", "covered", "total") == [
        None, 0, Decimal("172.5"),
    ]  # fmt: skip


async def test_what_was_quoted_is_paid_as_quoted(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    company, service = make.company(), await offered(world, storage)
    package = packages.package(packages.item(service.id))
    await save(company, package)
    subscription = await sold(world, storage, package, company)
    wish = Wish(quoted=Quoted(new_id(), "As agreed", Decimal(80), Decimal(5), "SAR"))

    async with storage.begin(world.caller()) as uow:
        order = await place_order(service.id, Whom(company.id), wish, uow)

    assert (order.allocation_id, order.total) == (None, Decimal(84))
    assert await balances(owner, subscription) == [(2, 0, 0)]


async def test_a_rehearsal_shows_the_order_and_leaves_nothing(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    service = await offered(world, storage)

    async with unchanged(owner, world):
        place = PlaceServiceOrder(service_definition_id=service.id)
        async with rehearse(place, world.caller(), storage) as (finished, _):
            assert finished.record is not None
            assert finished.record.number == f"SO-{YEAR}-0001"


async def test_numbers_go_on_and_each_year_begins_anew(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    id = world.organization.id
    last = "INSERT INTO document_numbers (organization_id, series, year, last)"
    await owner.execute(f"{last} VALUES ($1, 'SO', $2, 41)", id, YEAR - 1)

    numbers = [(await placed(world, storage)).number for _ in range(3)]

    assert numbers == [f"SO-{YEAR}-{n:04}" for n in (1, 2, 3)]
