"""Service orders under many hands at once: nothing is given twice, and one of two moves happens."""

from asyncio import gather
from collections.abc import Iterable
from typing import Any

import asyncpg

from domain.kit.errors import IllegalMove
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.contents import actions
from tests.usecases.orders import done
from tests.usecases.services import YEAR, allow, allowed, coupon, of_step, offered, placed
from usecases.kit import UseCase, run
from usecases.service_orders import (
    ApplyServiceOrderCoupon,
    CancelServiceOrder,
    ChooseServiceOrderOptions,
    CompleteServiceOrderStep,
    PlaceServiceOrder,
    StartServiceOrderStep,
)

ROUNDS = 50


def kinds(outcomes: Iterable[Any]) -> dict[str, int]:
    names = [type(outcome).__name__ for outcome in outcomes]
    return {name: names.count(name) for name in sorted({*names})}


async def at_once(world: World, storage: SqlStorage, *usecases: UseCase[Any]) -> dict[str, int]:
    """What came of use cases that begin at the same moment, on connections of their own."""
    running = (run(usecase, world.caller(), storage) for usecase in usecases)
    return kinds(await gather(*running, return_exceptions=True))


async def count(owner: asyncpg.Connection, world: World, table: str) -> int:
    query = f"SELECT count(*) FROM {table} WHERE organization_id = $1"  # noqa: S608
    found: int = await owner.fetchval(query, world.organization.id)
    return found


async def test_the_last_order_of_the_month_is_placed_once(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    """Five at once for one that is left, fifty months' ends in a row."""
    service = await offered(world, storage)
    place = PlaceServiceOrder(service_definition_id=service.id)

    for n in range(1, ROUNDS + 1):
        await allow(owner, world, n)

        outcomes = await at_once(world, storage, *[place] * 5)

        assert outcomes == {"Done": 1, "LimitReached": 4}
        assert [used for _, used in await allowed(owner, world)] == [n]

    numbers = "SELECT number FROM service_orders WHERE organization_id = $1 ORDER BY number"
    assert [row[0] for row in await owner.fetch(numbers, world.organization.id)] == [
        f"SO-{YEAR}-{n:04}" for n in range(1, ROUNDS + 1)
    ]


async def test_sixty_orders_at_once_take_what_there_is_and_no_more(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    await allow(owner, world, 20)
    service = await offered(world, storage)

    outcomes = await at_once(
        world, storage, *[PlaceServiceOrder(service_definition_id=service.id)] * 60
    )

    assert outcomes == {"Done": 20, "LimitReached": 40}
    assert await count(owner, world, "service_orders") == 20
    assert [used for _, used in await allowed(owner, world)] == [20]


async def test_a_step_is_started_once(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    service = await offered(world, storage)
    for _ in range(ROUNDS):
        order = await placed(world, storage, service)
        start = of_step(StartServiceOrderStep, order, "collect")

        assert await at_once(world, storage, start, start) == {"Done": 1, "IllegalMove": 1}
        assert await actions(owner, order.id) == [
            "service_order.placed",
            "service_order.started",
            "service_order.step_started",
        ]


async def test_of_completing_and_cancelling_one_happens(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    """An order is billed when it is completed, and not when it is cancelled."""
    welcome = await coupon(world, storage)
    service = await offered(world, storage)
    for _ in range(ROUNDS):
        order = await placed(world, storage, service)
        await done(ApplyServiceOrderCoupon(id=order.id, code="WELCOME"), world, storage)
        for verb, key in (
            (StartServiceOrderStep, "collect"),
            (CompleteServiceOrderStep, "collect"),
            (StartServiceOrderStep, "submit"),
        ):
            await done(of_step(verb, order, key), world, storage)

        outcomes = await at_once(
            world,
            storage,
            of_step(CompleteServiceOrderStep, order, "submit"),
            CancelServiceOrder(id=order.id),
        )

        assert outcomes == {"Done": 1, "IllegalMove": 1}
        query = (
            "SELECT o.status, r.status, (SELECT count(*) FROM sales_invoices WHERE order_id = o.id)"
            " FROM service_orders o JOIN coupon_redemptions r ON r.order_id = o.id WHERE o.id = $1"
        )
        stands = tuple(await owner.fetchrow(query, order.id))
        assert stands in {("COMPLETED", "REDEEMED", 1), ("CANCELLED", "RELEASED", 0)}
    redeemed = "SELECT count(*) FROM coupon_redemptions WHERE coupon_id = $1 AND status <> $2"
    used = await owner.fetchval("SELECT used FROM coupons WHERE id = $1", welcome.id)
    assert used == await owner.fetchval(redeemed, welcome.id, "RELEASED")


async def test_one_idempotency_key_places_one_order(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    service = await offered(world, storage)
    place = PlaceServiceOrder(service_definition_id=service.id)

    outcomes = await gather(
        *(run(place, world.caller(), storage, idempotency_key="once") for _ in range(20))
    )

    assert len({outcome.id for outcome in outcomes}) == 1
    assert [outcome.record is None for outcome in outcomes].count(False) == 1
    assert await count(owner, world, "service_orders") == 1
    assert [used for _, used in await allowed(owner, world)] == [1]


async def test_orders_with_one_coupon_do_not_wait_in_a_circle(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    """Applying, choosing and cancelling all lock the order first, and the coupon then."""
    welcome = await coupon(world, storage)
    service = await offered(world, storage)
    orders = [await placed(world, storage, service) for _ in range(10)]
    moves: list[UseCase[Any]] = []
    for order in orders:
        moves += [
            ApplyServiceOrderCoupon(id=order.id, code="WELCOME"),
            ChooseServiceOrderOptions(id=order.id, options=["express"]),
            CancelServiceOrder(id=order.id),
        ]

    running = (run(move, world.caller(), storage) for move in moves)
    outcomes = await gather(*running, return_exceptions=True)

    failed = [each for each in outcomes if isinstance(each, BaseException)]
    assert all(isinstance(each, IllegalMove) for each in failed)
    query = "SELECT DISTINCT status FROM service_orders WHERE organization_id = $1"
    assert [row[0] for row in await owner.fetch(query, world.organization.id)] == ["CANCELLED"]
    assert await owner.fetchval("SELECT used FROM coupons WHERE id = $1", welcome.id) == 0
