"""Coupons under many hands at once: what is left of them is never given twice."""

from asyncio import gather
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from domain.coupons import Coupon
from domain.kit.errors import RuleBroken
from domain.service_orders import ServiceOrder
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.domain.catalogue import coupon
from tests.persistence.contents import contents
from tests.service_orders import Served, order, served
from usecases.coupons import DeleteCoupon
from usecases.kit import Done, run
from usecases.records import UpdateRecord
from usecases.service_orders import ApplyServiceOrderCoupon, RemoveServiceOrderCoupon

ROUNDS = 50


async def placed(
    world: World, storage: SqlStorage, to: Sequence[Served], **values: Any
) -> list[ServiceOrder]:
    orders = [order(world, each, **values) for each in to]
    await keep(storage, world.caller(), *orders)
    return orders


async def offered(world: World, storage: SqlStorage, **values: Any) -> Coupon:
    made = coupon(**values)
    await keep(storage, world.caller(), made)
    return made


async def applied(
    world: World, storage: SqlStorage, made: Coupon, orders: Sequence[ServiceOrder]
) -> dict[UUID, str | None]:
    """All at once: what speaks against it, for each order; nothing where it was applied."""
    outcomes = await gather(
        *(
            run(ApplyServiceOrderCoupon(id=each.id, code=made.code), world.caller(), storage)
            for each in orders
        ),
        return_exceptions=True,
    )
    return {
        each.id: None if isinstance(outcome, Done) else said(outcome)
        for each, outcome in zip(orders, outcomes, strict=True)
    }


def said(outcome: BaseException) -> str:
    assert isinstance(outcome, RuleBroken), outcome
    return outcome.message


async def used(owner: asyncpg.Connection, made: Coupon) -> tuple[int, int]:
    """What is counted, and what there is to count."""
    row = await owner.fetchrow(
        "SELECT used, (SELECT count(*) FROM coupon_redemptions r WHERE r.coupon_id = c.id"
        " AND r.status <> 'RELEASED') AS there FROM coupons c WHERE id = $1",
        made.id,
    )
    assert row is not None
    return row["used"], row["there"]


async def test_the_last_uses_of_a_coupon_are_given_once(
    world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    to = [await served(world, storage) for _ in range(3)]
    losers: list[UUID] = []
    orders = [await placed(world, storage, [*to, *to]) for _ in range(ROUNDS)]
    coupons = [await offered(world, storage, usage_limit_total=2) for _ in range(ROUNDS)]
    before = await contents(owner, world)

    for made, each in zip(coupons, orders, strict=True):
        found = await applied(world, storage, made, each)
        refused = [id for id, message in found.items() if message == "this coupon is used up"]
        assert (len(refused), [*found.values()].count(None)) == (4, 2)
        assert await used(owner, made) == (2, 2)
        losers += refused

    await untouched(owner, world, before, losers)


async def test_the_last_use_of_each_customer_is_given_once(
    world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    often, once = await served(world, storage), await served(world, storage)
    losers: list[UUID] = []
    orders = [await placed(world, storage, [often, often, often, once]) for _ in range(ROUNDS)]
    coupons = [await offered(world, storage, usage_limit_per_subject=1) for _ in range(ROUNDS)]
    before = await contents(owner, world)

    for made, each in zip(coupons, orders, strict=True):
        found = await applied(world, storage, made, each)
        message = "this customer has used up this coupon"
        refused = [id for id, outcome in found.items() if outcome == message]
        assert (len(refused), [*found.values()].count(None)) == (2, 2)
        assert found[each[-1].id] is None
        assert await used(owner, made) == (2, 2)
        losers += refused

    await untouched(owner, world, before, losers)


async def untouched(
    owner: asyncpg.Connection, world: World, before: dict[str, list[Any]], ids: Sequence[UUID]
) -> None:
    """Nothing that names one of these has changed, or is new."""
    after, names = await contents(owner, world), [*map(str, ids)]

    def naming(rows: list[Any]) -> list[Any]:
        return [row for row in rows if any(name in row for name in names)]

    assert {table: naming(rows) for table, rows in after.items()} == {
        table: naming(rows) for table, rows in before.items()
    }


async def test_an_order_gets_one_coupon_whoever_applies_one(
    world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    to = await served(world, storage)
    for _ in range(ROUNDS):
        [sold] = await placed(world, storage, [to])
        coupons = [await offered(world, storage) for _ in range(3)]
        outcomes = await gather(
            *(
                run(ApplyServiceOrderCoupon(id=sold.id, code=each.code), world.caller(), storage)
                for each in coupons
            ),
            return_exceptions=True,
        )

        assert len([each for each in outcomes if isinstance(each, Done)]) == 1
        counted = [await used(owner, each) for each in coupons]
        assert sorted(counted) == [(0, 0), (0, 0), (1, 1)]


async def test_uses_that_come_and_go_at_once_are_counted_right(
    world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    to = await served(world, storage)
    made = await offered(world, storage)
    for _ in range(ROUNDS):
        going = await placed(world, storage, [to, to])
        coming = await placed(world, storage, [to, to])
        await applied(world, storage, made, going)
        await gather(
            applied(world, storage, made, coming),
            *(run(RemoveServiceOrderCoupon(id=o.id), world.caller(), storage) for o in going),
        )

    assert await used(owner, made) == (2 * ROUNDS, 2 * ROUNDS)


async def test_a_coupon_is_not_erased_from_under_an_order(
    world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    """Whoever comes first: either it is gone and was refused, or kept because it was applied."""
    to = await served(world, storage)
    for _ in range(ROUNDS):
        [sold] = await placed(world, storage, [to])
        made = await offered(world, storage)
        found, deleted = await gather(
            applied(world, storage, made, [sold]),
            run(DeleteCoupon(id=made.id), world.caller(), storage),
        )

        assert deleted.id == made.id
        left = await owner.fetchval("SELECT deleted_at FROM coupons WHERE id = $1", made.id)
        if found[sold.id] is None:
            assert left is not None
            assert await used(owner, made) == (1, 1)
        else:
            assert found[sold.id] == f"there is no coupon {made.code}"
            assert (
                await owner.fetchval(
                    "SELECT count(*) FROM coupon_redemptions WHERE order_id = $1", sold.id
                )
                == 0
            )


async def test_a_limit_is_not_lowered_below_a_use_that_comes_at_the_same_time(
    world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    to = await served(world, storage)
    for _ in range(ROUNDS):
        orders = await placed(world, storage, [to, to])
        made = await offered(world, storage, usage_limit_per_subject=2)
        lower = UpdateRecord(kind=Coupon, id=made.id, given={"usage_limit_per_subject": 1})
        found, *_ = await gather(
            applied(world, storage, made, orders),
            run(lower, world.caller(), storage),
            return_exceptions=True,
        )

        limit = await owner.fetchval(
            "SELECT usage_limit_per_subject FROM coupons WHERE id = $1", made.id
        )
        assert isinstance(found, dict)
        assert [*found.values()].count(None) == (await used(owner, made))[0] <= limit
