"""Which subscription covers an order, and what becomes of its units."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from domain.customers import Company
from domain.kit.ids import new_id
from domain.package_subscriptions import PackageSubscription
from domain.packages import Package
from domain.service_definitions import ServiceDefinition
from domain.service_orders import ServiceOrder
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.domain import subscriptions as make
from tests.persistence.contents import actions, unchanged
from tests.usecases.subscriptions import balances, catalogue, given_back, kinds, placed, sold
from usecases.package_subscriptions import cover

DAY = timedelta(days=1)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def service(world: World, storage: SqlStorage) -> ServiceDefinition:
    made = make.service()
    await catalogue(world, storage, made)
    return made


@pytest.fixture
async def package(world: World, storage: SqlStorage, service: ServiceDefinition) -> Package:
    made = make.package(make.item(service.id))
    await catalogue(world, storage, made)
    return made


@pytest.fixture
async def company(world: World, storage: SqlStorage) -> Company:
    made = make.company()
    await catalogue(world, storage, made)
    return made


async def held_by(owner: asyncpg.Connection, order: ServiceOrder) -> object:
    """The subscription whose unit an order has."""
    query = (
        "SELECT p.subscription_id FROM allocations a"
        " JOIN subscription_periods p ON p.id = a.period_id WHERE a.id = $1"
    )
    return await owner.fetchval(query, order.allocation_id)


async def test_an_order_takes_a_unit_and_gives_it_back(
    world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    service: ServiceDefinition,
    package: Package,
    company: Company,
) -> None:
    subscription = await sold(world, storage, package, company)

    order = await placed(world, storage, service.id, company)

    assert await held_by(owner, order) == subscription.id
    assert await balances(owner, subscription) == [(2, 1, 0)]
    await given_back(world, storage, order)
    assert await balances(owner, subscription) == [(2, 0, 0)]
    assert await kinds(owner, subscription) == ["GRANT", "CONSUME", "RELEASE"]
    assert await actions(owner, subscription.id) == [
        *("package_subscription.assigned", "package_subscription.consumed"),
        "package_subscription.released",
    ]


async def test_what_no_subscription_covers_is_not_covered(
    world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    service: ServiceDefinition,
    package: Package,
    company: Company,
) -> None:
    other, stranger = make.service(), make.company()
    await catalogue(world, storage, other, stranger)
    await sold(world, storage, package, company)

    async with unchanged(owner, world), storage.begin(world.caller()) as uow:
        for service_id, customer_id in (
            (other.id, company.id),
            (service.id, stranger.id),
            (service.id, new_id()),
            (service.id, None),
        ):
            assert await cover(make.order(service_id, customer_id), uow) is None
        await uow.commit()


async def test_only_what_is_active_now_covers(
    world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    service: ServiceDefinition,
    package: Package,
    company: Company,
) -> None:
    """Whether or not the worker has put it down that one has ended."""
    later = await sold(world, storage, package, company, starts_at=now() + DAY)
    over = await sold(world, storage, package, company, now() - make.MONTH - DAY)
    paused = await sold(world, storage, package, company)
    cancelled = await sold(world, storage, package, company)
    async with storage.begin(world.caller()) as uow:
        for id, act in ((paused.id, "pause"), (cancelled.id, "cancel")):
            subscription = await uow.records(PackageSubscription).get(id)
            getattr(subscription, act)(uow.caller, uow.now)
        await uow.flush()
        await uow.commit()

    async with unchanged(owner, world), storage.begin(world.caller()) as uow:
        assert await cover(make.order(service.id, company.id), uow) is None
        await uow.commit()

    assert {later.status, over.status} == {"PENDING", "ACTIVE"}


async def test_what_should_have_begun_begins_with_its_first_order(
    world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    service: ServiceDefinition,
    package: Package,
    company: Company,
) -> None:
    start = now() - DAY
    subscription = await sold(world, storage, package, company, start - DAY, starts_at=start)

    await placed(world, storage, service.id, company)

    assert await actions(owner, subscription.id) == [
        *("package_subscription.assigned", "package_subscription.begun"),
        "package_subscription.consumed",
    ]


async def test_units_are_used_in_the_order_that_serves_the_customer_best(
    world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    service: ServiceDefinition,
    package: Package,
) -> None:
    """Their own before their client's, uncounted before counted, what ends sooner first."""
    client = make.client()
    unlimited = make.package(make.item(service.id, None), duration_days=90)
    await catalogue(world, storage, client, unlimited)
    company = make.company(client_id=client.id)
    await catalogue(world, storage, company)
    theirs = await sold(world, storage, package, client)
    late = await sold(world, storage, package, company, now() - DAY)
    soon = await sold(world, storage, package, company, now() - 2 * DAY)

    orders = [await placed(world, storage, service.id, company) for _ in range(7)]
    whole = await sold(world, storage, unlimited, company)
    orders += [await placed(world, storage, service.id, company) for _ in range(3)]

    held = [await held_by(owner, order) for order in orders]
    assert held == [
        *(soon.id, soon.id, late.id, late.id, theirs.id, theirs.id, None),
        *(whole.id, whole.id, whole.id),
    ]
    assert await balances(owner, whole) == [(None, 3, 0)]


async def test_a_client_may_use_nothing_of_their_companies(
    world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    service: ServiceDefinition,
    package: Package,
) -> None:
    client = make.client()
    await catalogue(world, storage, client)
    company = make.company(client_id=client.id)
    await catalogue(world, storage, company)
    subscription = await sold(world, storage, package, company)

    order = await placed(world, storage, service.id, client)

    assert order.allocation_id is None
    assert await balances(owner, subscription) == [(2, 0, 0)]


async def test_several_orders_of_one_transaction_take_a_unit_each(
    world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    service: ServiceDefinition,
    package: Package,
    company: Company,
) -> None:
    """The second one sees what the first one took, though nothing is written yet."""
    subscription = await sold(world, storage, package, company)
    orders = [make.order(service.id, company.id, world.buyer.id) for _ in range(3)]

    async with storage.begin(world.caller()) as uow:
        for order in orders:
            order.allocation_id = await cover(order, uow)
            uow.records(ServiceOrder).add(order)
        await uow.flush()
        await uow.commit()

    assert [order.allocation_id is not None for order in orders] == [True, True, False]
    assert await balances(owner, subscription) == [(2, 2, 0)]


async def test_a_unit_that_comes_back_too_late_is_not_used_again(
    world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    service: ServiceDefinition,
    package: Package,
    company: Company,
) -> None:
    subscription = await sold(world, storage, package, company)
    order = await placed(world, storage, service.id, company)
    ended = now() - DAY
    await owner.execute(
        "UPDATE package_subscriptions SET ends_at = $2 WHERE id = $1", subscription.id, ended
    )

    await given_back(world, storage, order)

    assert await balances(owner, subscription) == [(2, 0, 2)]
    assert await kinds(owner, subscription) == ["GRANT", "CONSUME", "EXPIRE", "RELEASE", "EXPIRE"]
