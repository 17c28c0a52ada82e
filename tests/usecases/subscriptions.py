"""Subscriptions in a database, and orders that they cover."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from domain.customers import Customer
from domain.package_subscriptions import PackageSubscription
from domain.packages import Package
from domain.service_orders import ServiceOrder
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.domain import subscriptions as make
from usecases.package_subscriptions import cover, uncover
from usecases.package_subscriptions.covering import keep_entries

BALANCE = """
    SELECT a.total, a.used, a.expired, a.total - a.used - a.expired AS remaining,
      coalesce(sum(e.quantity) FILTER (WHERE e.kind IN ('GRANT', 'RELEASE')), 0)
        - coalesce(sum(e.quantity) FILTER (WHERE e.kind IN ('CONSUME', 'EXPIRE')), 0) AS ledger,
      count(*) FILTER (WHERE e.kind = 'CONSUME')
        - count(*) FILTER (WHERE e.kind = 'RELEASE') AS taken
    FROM allocations a JOIN subscription_periods p ON p.id = a.period_id
    LEFT JOIN allocation_entries e ON e.allocation_id = a.id
    WHERE p.subscription_id = $1
    GROUP BY a.organization_id, a.id, p.position ORDER BY p.position, a.position"""


async def sold(
    world: World,
    storage: SqlStorage,
    package: Package,
    customer: Customer,
    at: datetime | None = None,
    **values: Any,
) -> PackageSubscription:
    """Kept as it is, whatever it is: with its ledger, and without a bill."""
    made = make.subscription(package, customer.id, at or datetime.now(UTC), **values)
    made.created_by_id = world.buyer.id
    async with storage.begin(world.caller()) as uow:
        uow.records(PackageSubscription).add(made)
        keep_entries(made, uow)
        await uow.flush()
        await uow.commit()
    return made


async def placed(
    world: World, storage: SqlStorage, service_id: UUID, customer: Customer
) -> ServiceOrder:
    """An order as it is kept, covered where it can be."""
    order = make.order(service_id, customer.id, world.buyer.id)
    async with storage.begin(world.caller()) as uow:
        uow.records(ServiceOrder).add(order)
        order.allocation_id = await cover(order, uow)
        await uow.flush()
        await uow.commit()
    return order


async def given_back(world: World, storage: SqlStorage, order: ServiceOrder) -> None:
    async with storage.begin(world.caller()) as uow:
        await uncover(await uow.records(ServiceOrder).get(order.id, parts=()), uow)
        await uow.flush()
        await uow.commit()


async def balances(
    owner: asyncpg.Connection, subscription: PackageSubscription
) -> list[tuple[int | None, int, int]]:
    """Total, used and expired of each allocation; the ledger must say the same."""
    found = []
    for row in await owner.fetch(BALANCE, subscription.id):
        assert row["taken"] == row["used"]
        if row["total"] is not None:
            assert row["ledger"] == row["remaining"]
        found.append((row["total"], row["used"], row["expired"]))
    return found


async def kinds(owner: asyncpg.Connection, subscription: PackageSubscription) -> list[str]:
    query = "SELECT kind FROM allocation_entries WHERE subscription_id = $1 ORDER BY at, id"
    return [row[0] for row in await owner.fetch(query, subscription.id)]


async def catalogue(world: World, storage: SqlStorage, *records: Any) -> None:
    await keep(storage, world.caller(), *records)
