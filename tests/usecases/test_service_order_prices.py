"""What changes the price of a service order, in PostgreSQL: options and coupons."""

from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.kit.errors import NotFound, RuleBroken
from domain.service_orders import ServiceOrder
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.contents import actions, unchanged
from tests.usecases.orders import done
from tests.usecases.services import coupon, kept, offered, placed
from usecases.kit import run
from usecases.service_orders import (
    ApplyServiceOrderCoupon,
    ChooseServiceOrderOptions,
    RemoveServiceOrderCoupon,
)


async def lines(owner: asyncpg.Connection, order: ServiceOrder) -> list[tuple[Any, ...]]:
    query = (
        "SELECT line_kind, key, amount FROM service_order_price_lines"
        " WHERE order_id = $1 ORDER BY position"
    )
    return [tuple(row) for row in await owner.fetch(query, order.id)]


async def test_options_are_chosen_and_taken_back(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await placed(world, storage)

    await done(ChooseServiceOrderOptions(id=order.id, options=["copies"]), world, storage)
    assert await lines(owner, order) == [
        ("BASE", None, 100),
        ("OPTION", "copies", Decimal("7.25")),
    ]
    assert await kept(owner, order, "options", "total") == [Decimal("7.25"), Decimal("123.34")]

    await done(ChooseServiceOrderOptions(id=order.id, options=[]), world, storage)
    assert await lines(owner, order) == [("BASE", None, 100)]
    assert await kept(owner, order, "options", "total", "version") == [0, 115, 3]


async def test_an_option_that_the_service_does_not_have_is_refused(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await placed(world, storage)

    async with unchanged(owner, world):
        choose = ChooseServiceOrderOptions(id=order.id, options=["express", "gold"])
        with pytest.raises(RuleBroken) as caught:
            await run(choose, world.caller(), storage)
    assert caught.value.path == ("options", 1)


async def test_a_coupon_is_applied_and_removed(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    welcome = await coupon(world, storage)
    order = await placed(world, storage)
    used = "SELECT used FROM coupons WHERE id = $1"

    await done(ApplyServiceOrderCoupon(id=order.id, code="welcome"), world, storage)
    assert await lines(owner, order) == [("BASE", None, 100), ("DISCOUNT", "WELCOME", -10)]
    assert await kept(owner, order, "discount", "total") == [10, Decimal("103.5")]
    assert await owner.fetchval(used, welcome.id) == 1

    await done(RemoveServiceOrderCoupon(id=order.id), world, storage)
    assert await lines(owner, order) == [("BASE", None, 100)]
    assert await kept(owner, order, "discount", "total", "version") == [0, 115, 3]
    assert await owner.fetchval(used, welcome.id) == 0
    assert await actions(owner, order.id) == [
        f"service_order.{past}" for past in ("placed", "coupon_applied", "coupon_removed")
    ]


async def test_a_coupon_is_reckoned_again_when_other_options_are_chosen(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    await coupon(world, storage, min_order_amount=Decimal(120))
    order = await placed(world, storage, options=["express"])
    await done(ApplyServiceOrderCoupon(id=order.id, code="WELCOME"), world, storage)
    assert await kept(owner, order, "discount") == [15]

    chosen = ChooseServiceOrderOptions(id=order.id, options=["express", "copies"])
    await done(chosen, world, storage)
    assert await kept(owner, order, "discount", "total") == [
        Decimal("15.73"), Decimal("162.75"),
    ]  # fmt: skip

    async with unchanged(owner, world):
        cheap = ChooseServiceOrderOptions(id=order.id, options=[])
        with pytest.raises(RuleBroken) as caught:
            await run(cheap, world.caller(), storage)
    assert str(caught.value) == "this coupon is for orders of 120.00 SAR or more"
    assert caught.value.path == ("options",)


async def test_an_order_has_one_coupon_at_a_time(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    await coupon(world, storage)
    await coupon(world, storage, code="AGAIN")
    order = await placed(world, storage)
    await done(ApplyServiceOrderCoupon(id=order.id, code="WELCOME"), world, storage)

    async with unchanged(owner, world):
        again = ApplyServiceOrderCoupon(id=order.id, code="AGAIN")
        with pytest.raises(RuleBroken) as caught:
            await run(again, world.caller(), storage)
    assert caught.value.path == ("code",)


async def test_what_has_no_coupon_has_none_to_remove(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await placed(world, storage)

    async with unchanged(owner, world):
        with pytest.raises(NotFound, match="this order has no coupon"):
            await run(RemoveServiceOrderCoupon(id=order.id), world.caller(), storage)


async def test_a_coupon_that_is_unknown_or_out_of_use_leaves_the_order_alone(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    await coupon(world, storage, active=False)
    order = await placed(world, storage, await offered(world, storage))

    async with unchanged(owner, world):
        for code in ("WELCOME", "NOWHERE"):
            apply = ApplyServiceOrderCoupon(id=order.id, code=code)
            with pytest.raises(RuleBroken) as caught:
                await run(apply, world.caller(), storage)
            assert caught.value.path == ("code",)
