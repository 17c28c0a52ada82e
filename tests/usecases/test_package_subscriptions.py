"""Subscriptions in the database: sold and billed, paused, renewed, and what time does to them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.customers import Company
from domain.kit.errors import Forbidden, IllegalMove, RuleBroken, VersionConflict
from domain.kit.ids import new_id
from domain.package_subscriptions import PackageSubscription
from domain.packages import Package
from domain.service_definitions import ServiceDefinition
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.domain import subscriptions as make
from tests.persistence.contents import actions, entries, unchanged
from tests.usecases.orders import done
from tests.usecases.subscriptions import balances, catalogue, kinds, placed, sold
from usecases.kit import run
from usecases.package_subscriptions import (
    AdvancePackageSubscription,
    AssignPackageSubscription,
    CancelPackageSubscription,
    PausePackageSubscription,
    RenewPackageSubscription,
    ResumePackageSubscription,
)
from usecases.records import UpdateRecord

DAY = timedelta(days=1)
KIND = "package_subscription."


@dataclass(frozen=True)
class Shop:
    """What is sold, and to whom."""

    service: ServiceDefinition
    package: Package
    company: Company


@pytest.fixture
async def shop(world: World, storage: SqlStorage) -> Shop:
    service, other, company = make.service(), make.service(), make.company()
    await catalogue(world, storage, service, other, company)
    package = make.package(make.item(service.id), make.item(other.id, None))
    await catalogue(world, storage, package)
    return Shop(service, package, company)


def assigning(shop: Shop, **values: Any) -> AssignPackageSubscription:
    given = {"package_id": shop.package.id, "customer_id": shop.company.id}
    return AssignPackageSubscription(**(given | values))


async def bills(owner: asyncpg.Connection, of: PackageSubscription) -> list[tuple[Any, ...]]:
    query = (
        "SELECT p.position, i.status, i.total FROM sales_invoices i"
        " JOIN subscription_periods p ON p.id = i.period_id"
        " WHERE i.subscription_id = $1 ORDER BY p.position"
    )
    return [tuple(row) for row in await owner.fetch(query, of.id)]


async def ended(owner: asyncpg.Connection, of: PackageSubscription) -> None:
    """As if it had been sold a day longer ago than it lasts."""
    await owner.execute(
        "UPDATE package_subscriptions SET ends_at = now() - interval '1 day',"
        " starts_at = starts_at - interval '60 days' WHERE id = $1",
        of.id,
    )


async def test_what_is_assigned_is_active_granted_and_billed(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, shop: Shop
) -> None:
    made = await done(assigning(shop, metadata={"portal": 7}), world, storage)

    assert (made.status, made.created_by_id) == ("ACTIVE", world.buyer.id)
    assert made.metadata == {"portal": 7}
    assert made.ends_at - made.starts_at == make.MONTH
    assert await balances(owner, made) == [(2, 0, 0), (None, 0, 0)]
    assert await kinds(owner, made) == ["GRANT", "GRANT"]
    assert await bills(owner, made) == [(1, "ISSUED", Decimal(575))]
    [entry] = await entries(owner, made.id)
    assert entry["action"] == "package_subscription.assigned"


async def test_what_starts_later_is_billed_at_once_and_begins_in_time(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, shop: Shop
) -> None:
    made = await done(assigning(shop, starts_at=datetime.now(UTC) + DAY), world, storage)
    assert made.status == "PENDING"
    assert await bills(owner, made) == [(1, "ISSUED", Decimal(575))]
    early = await done(AdvancePackageSubscription(id=made.id), world, storage)
    assert (early.status, early.version) == ("PENDING", 1)

    await owner.execute("UPDATE package_subscriptions SET starts_at = now() WHERE id = $1", made.id)
    begun = await done(AdvancePackageSubscription(id=made.id), world, storage)

    assert begun.status == "ACTIVE"
    assert await actions(owner, made.id) == [f"{KIND}assigned", f"{KIND}begun"]


async def test_what_a_package_has_no_rate_for_is_taxed_as_usual(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, shop: Shop
) -> None:
    untaxed = make.package(make.item(shop.service.id), vat_rate=Decimal(0), price=Decimal(80))
    free = make.package(make.item(shop.service.id), price=Decimal(0))
    await catalogue(world, storage, untaxed, free)

    made = await done(assigning(shop, package_id=untaxed.id), world, storage)
    gift = await done(assigning(shop, package_id=free.id), world, storage)

    assert await bills(owner, made) == [(1, "ISSUED", Decimal(80))]
    assert await bills(owner, gift) == []


async def test_what_cannot_be_sold_leaves_no_trace(
    world: World,
    other_world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    shop: Shop,
) -> None:
    retired, gone = (
        make.package(make.item(shop.service.id), active=False),
        make.company(active=False),
    )
    await catalogue(world, storage, retired, gone)
    foreign = make.company()
    await catalogue(other_world, storage, foreign)

    async with unchanged(owner, world):
        for given, path, said in (
            ({"package_id": retired.id}, "package_id", "not active"),
            ({"package_id": new_id()}, "package_id", "no such package"),
            ({"customer_id": gone.id}, "customer_id", "not active"),
            ({"customer_id": foreign.id}, "customer_id", "no such customer"),
            ({"starts_at": datetime.now(UTC) - make.MONTH}, "starts_at", "over already"),
        ):
            with pytest.raises(RuleBroken, match=said) as caught:
                await done(assigning(shop, **given), world, storage)
            assert caught.value.path == (path,)
        with pytest.raises(Forbidden):
            await run(assigning(shop), world.caller(permissions=frozenset()), storage)


async def test_s_47_s_48_a_pause_is_as_long_as_it_lasts(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, shop: Shop
) -> None:
    made = await done(assigning(shop), world, storage)
    paused = await done(PausePackageSubscription(id=made.id), world, storage)
    assert (paused.status, paused.version) == ("PAUSED", 2)
    assert (await placed(world, storage, shop.service.id, shop.company)).allocation_id is None
    await owner.execute(
        "UPDATE package_subscriptions SET paused_at = paused_at - interval '3 days',"
        " ends_at = now() - interval '1 day' WHERE id = $1",
        made.id,
    )
    still = await done(AdvancePackageSubscription(id=made.id), world, storage)
    assert still.status == "PAUSED"

    resumed = await done(ResumePackageSubscription(id=made.id), world, storage)

    assert resumed.status == "ACTIVE"
    row = await owner.fetchrow(
        "SELECT s.ends_at, s.paused_at, p.ends_at AS until FROM package_subscriptions s"
        " JOIN subscription_periods p ON p.subscription_id = s.id WHERE s.id = $1",
        made.id,
    )
    assert row is not None
    assert row["ends_at"] == row["until"] == resumed.ends_at
    assert row["paused_at"] is None
    assert resumed.ends_at - still.ends_at == resumed.updated_at - (still.paused_at or DAY)


async def test_s_49_a_cancelled_one_keeps_what_orders_have(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, shop: Shop
) -> None:
    made = await done(assigning(shop), world, storage)
    order = await placed(world, storage, shop.service.id, shop.company)

    await done(CancelPackageSubscription(id=made.id, reason="moved"), world, storage)

    assert await balances(owner, made) == [(2, 1, 1), (None, 0, 0)]
    kept = "SELECT allocation_id FROM service_orders WHERE id = $1"
    assert await owner.fetchval(kept, order.id) == order.allocation_id
    async with unchanged(owner, world):
        with pytest.raises(IllegalMove, match="cannot cancel while CANCELLED"):
            await done(CancelPackageSubscription(id=made.id), world, storage)


async def test_s_50_s_51_an_expired_one_is_renewed_at_the_price_of_now(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, shop: Shop
) -> None:
    made = await done(assigning(shop), world, storage)
    with pytest.raises(IllegalMove, match="cannot renew while ACTIVE"):
        await done(RenewPackageSubscription(id=made.id), world, storage)
    await ended(owner, made)
    given = {"price": Decimal(600), "items": [make.item(shop.service.id, 9)]}
    await done(UpdateRecord(kind=Package, id=shop.package.id, given=given), world, storage)

    renewed = await done(RenewPackageSubscription(id=made.id), world, storage)

    assert (renewed.status, len(renewed.periods)) == ("ACTIVE", 2)
    assert renewed.starts_at == renewed.updated_at
    assert await balances(owner, made) == [(2, 0, 2), (None, 0, 0), (9, 0, 0)]
    assert await bills(owner, made) == [(1, "ISSUED", Decimal(575)), (2, "ISSUED", Decimal(690))]
    past = [action.removeprefix(KIND) for action in await actions(owner, made.id)]
    assert past == ["assigned", "expired", "renewed"]
    order = await placed(world, storage, shop.service.id, shop.company)
    assert order.allocation_id == renewed.period.allocations[0].id


async def test_what_cannot_be_renewed_stays_as_it_is(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, shop: Shop
) -> None:
    made = await done(assigning(shop), world, storage)
    await ended(owner, made)
    for kind, id, given in (
        (Package, shop.package.id, "renewable"),
        (Company, shop.company.id, "active"),
    ):
        await done(UpdateRecord(kind=kind, id=id, given={given: False}), world, storage)
        async with unchanged(owner, world):
            with pytest.raises(IllegalMove):
                await done(RenewPackageSubscription(id=made.id), world, storage)
        await done(UpdateRecord(kind=kind, id=id, given={given: True}), world, storage)

    assert (await done(RenewPackageSubscription(id=made.id), world, storage)).status == "ACTIVE"


async def test_a_version_that_has_moved_on_is_refused(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, shop: Shop
) -> None:
    made = await done(assigning(shop), world, storage)
    await placed(world, storage, shop.service.id, shop.company)

    async with unchanged(owner, world):
        with pytest.raises(VersionConflict):
            await done(PausePackageSubscription(id=made.id, expected_version=1), world, storage)


async def test_what_is_left_expires_with_its_time(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, shop: Shop
) -> None:
    made = await sold(world, storage, shop.package, shop.company)
    await placed(world, storage, shop.service.id, shop.company)
    await ended(owner, made)

    for _ in range(2):
        await done(AdvancePackageSubscription(id=made.id), world, storage)

    assert await balances(owner, made) == [(2, 1, 1), (None, 0, 0)]
    assert await kinds(owner, made) == ["GRANT", "GRANT", "CONSUME", "EXPIRE"]
