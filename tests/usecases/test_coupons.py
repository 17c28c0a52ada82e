"""Coupons on service orders: reserved, released, redeemed, limited, deleted."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import asyncpg
import pytest

from domain.coupons import Coupon
from domain.kit.aggregate import Aggregate
from domain.kit.errors import DomainError, RuleBroken
from domain.service_orders import ServiceOrder
from persistence.storage import SqlStorage
from tests.conftest import Save, World, keep
from tests.domain.catalogue import coupon, percentage
from tests.persistence.contents import actions, unchanged
from tests.service_orders import Served, order, served
from tests.usecases.orders import done
from usecases.coupons import DeleteCoupon
from usecases.coupons.redeeming import redeem, release, reserve
from usecases.kit import UseCase
from usecases.ports import UnitOfWork
from usecases.service_orders import ApplyServiceOrderCoupon, RemoveServiceOrderCoupon


@pytest.fixture
async def to(world: World, storage: SqlStorage) -> Served:
    return await served(world, storage)


async def placed(world: World, storage: SqlStorage, to: Served, **values: Any) -> ServiceOrder:
    """An order of 120.00."""
    made = order(world, to, **values)
    await keep(storage, world.caller(), made)
    return made


async def apply(
    world: World, storage: SqlStorage, made: ServiceOrder, with_: Coupon
) -> ServiceOrder:
    return await done(ApplyServiceOrderCoupon(id=made.id, code=with_.code), world, storage)


async def problems(
    usecase: UseCase[Any], world: World, storage: SqlStorage
) -> list[tuple[Any, str]]:
    with pytest.raises(DomainError) as caught:
        await done(usecase, world, storage)
    return [(error.path, error.message) for error in caught.value.problems]


async def used(owner: asyncpg.Connection, of: Aggregate) -> int:
    found: int = await owner.fetchval("SELECT used FROM coupons WHERE id = $1", of.id)
    return found


async def redemptions(owner: asyncpg.Connection, of: Aggregate) -> list[tuple[Any, ...]]:
    query = "SELECT code, status, amount, customer_id FROM coupon_redemptions WHERE coupon_id = $1"
    return [tuple(row) for row in await owner.fetch(query + " ORDER BY reserved_at", of.id)]


async def test_a_coupon_is_reserved_however_its_code_is_written(
    world: World, storage: SqlStorage, save: Save, owner: asyncpg.Connection, to: Served
) -> None:
    """Fact S-32: on the price with options."""
    made = percentage("10", code="welcome-10")
    await save(made)
    sold = await placed(world, storage, to)

    applied = await done(ApplyServiceOrderCoupon(id=sold.id, code=" Welcome-10 "), world, storage)

    assert (applied.discount, applied.total) == (Decimal(12), Decimal("124.20"))
    assert await used(owner, made) == 1
    assert await redemptions(owner, made) == [
        ("WELCOME-10", "RESERVED", Decimal(12), to.company.id)
    ]
    assert await actions(owner, made.id) == ["coupon.created", "coupon.reserved"]


async def test_a_code_that_there_is_not_is_refused(
    world: World,
    other_world: World,
    storage: SqlStorage,
    save: Save,
    owner: asyncpg.Connection,
    to: Served,
) -> None:
    deleted, theirs = coupon(code="GONE"), coupon(code="THEIRS")
    await save(deleted)
    await keep(storage, other_world.caller(), theirs)
    await apply(world, storage, await placed(world, storage, to), deleted)
    await done(DeleteCoupon(id=deleted.id), world, storage)
    sold = await placed(world, storage, to)

    async with unchanged(owner, world):
        for code in ("NOBODY", "gone", "theirs", ""):
            use = ApplyServiceOrderCoupon(id=sold.id, code=code)
            assert await problems(use, world, storage) == [
                (("code",), f"there is no coupon {code}")
            ]


async def test_everything_that_speaks_against_it_is_said_and_nothing_happens(
    world: World, storage: SqlStorage, save: Save, owner: asyncpg.Connection, to: Served
) -> None:
    made = coupon(
        code="NEVER",
        active=False,
        valid_until=datetime.now(UTC) - timedelta(hours=1),
        min_order_amount=Decimal(200),
        usage_limit_per_subject=1,
    )
    await save(made)
    sold = await placed(world, storage, to, customer_id=None, worker_id=None)

    async with unchanged(owner, world):
        refused = await problems(ApplyServiceOrderCoupon(id=sold.id, code="never"), world, storage)

    assert {path for path, _ in refused} == {("code",)}
    assert [message for _, message in refused] == [
        "this coupon is not active",
        "this coupon cannot be used any more",
        "this coupon counts each customer's uses: say whom the order is for",
        "this coupon is for orders of 200.00 SAR or more",
    ]


async def test_an_order_has_one_coupon_at_a_time(
    world: World, storage: SqlStorage, save: Save, owner: asyncpg.Connection, to: Served
) -> None:
    first, second = coupon(), coupon(usage_limit_total=1)
    await save(first, second)
    sold = await placed(world, storage, to)
    await apply(world, storage, sold, first)

    async with storage.begin(world.caller()) as uow:
        locked = await uow.records(ServiceOrder).get(sold.id)
        with pytest.raises(RuleBroken, match="this order has a coupon already: remove it first"):
            await reserve(locked, second.code, uow)
    await done(RemoveServiceOrderCoupon(id=sold.id), world, storage)
    swapped = await apply(world, storage, sold, second)

    assert [(each.code, each.counts) for each in swapped.redemptions] == [
        (first.code, False),
        (second.code, True),
    ]
    assert (await used(owner, first), await used(owner, second)) == (0, 1)
    assert await actions(owner, first.id) == [
        "coupon.created",
        "coupon.reserved",
        "coupon.released",
    ]


async def test_each_customer_has_their_own_limit(
    world: World, storage: SqlStorage, save: Save, owner: asyncpg.Connection, to: Served
) -> None:
    made = coupon(usage_limit_per_subject=2)
    await save(made)
    for _ in range(2):
        await apply(world, storage, await placed(world, storage, to), made)
    third = await placed(world, storage, to)

    async with unchanged(owner, world):
        use = ApplyServiceOrderCoupon(id=third.id, code=made.code)
        assert await problems(use, world, storage) == [
            (("code",), "this customer has used up this coupon")
        ]
    others = await served(world, storage)
    await apply(world, storage, await placed(world, storage, others), made)

    assert await used(owner, made) == 3


async def test_a_use_that_was_released_does_not_count(
    world: World, storage: SqlStorage, save: Save, owner: asyncpg.Connection, to: Served
) -> None:
    made = coupon(usage_limit_total=1, usage_limit_per_subject=1)
    await save(made)
    first, second = await placed(world, storage, to), await placed(world, storage, to)
    await apply(world, storage, first, made)
    await done(RemoveServiceOrderCoupon(id=first.id), world, storage)

    await apply(world, storage, second, made)

    assert await used(owner, made) == 1
    assert [row[1] for row in await redemptions(owner, made)] == ["RELEASED", "RESERVED"]


async def test_an_order_that_is_done_uses_its_coupon_for_good(
    world: World, storage: SqlStorage, save: Save, owner: asyncpg.Connection, to: Served
) -> None:
    made = coupon()
    await save(made)
    sold = await placed(world, storage, to)
    await apply(world, storage, sold, made)

    async with storage.begin(world.caller()) as uow:
        await redeem(await uow.records(ServiceOrder).get(sold.id), uow)
        await uow.flush()
        await uow.commit()

    assert [row[1] for row in await redemptions(owner, made)] == ["REDEEMED"]
    assert await used(owner, made) == 1
    assert (await actions(owner, made.id))[-1] == "coupon.redeemed"


async def test_an_order_without_a_coupon_has_nothing_to_settle(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, to: Served
) -> None:
    sold = await placed(world, storage, to)

    async with unchanged(owner, world), storage.begin(world.caller()) as uow:
        locked = await uow.records(ServiceOrder).get(sold.id)
        await redeem(locked, uow)
        await release(locked, uow)
        assert locked.redemption is None
        await uow.flush()
        await uow.commit()


@dataclass(frozen=True, kw_only=True)
class Overuse(UseCase[Coupon]):
    """What no use case of ours does: count one more use without looking."""

    requires: ClassVar = Coupon.managed_with

    id: UUID

    async def execute(self, uow: UnitOfWork) -> Coupon:
        made = await uow.records(Coupon).get(self.id)
        made.used += 1
        return made


async def test_the_table_has_the_last_word_on_the_limit(
    world: World, storage: SqlStorage, save: Save, owner: asyncpg.Connection
) -> None:
    made = coupon(usage_limit_total=1, used=1)
    await save(made)

    async with unchanged(owner, world):
        assert await problems(Overuse(id=made.id), world, storage) == [
            (("code",), "this coupon is used up")
        ]
