"""Facts S-32 and S-33: coupons are applied to orders and removed again."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import httpx
import pytest

from domain.coupons import DiscountType
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.persistence.contents import unchanged
from tests.rest.shrkity.conftest import Login
from tests.rest.shrkity.orders import Desk, desk, placed
from tests.service_orders import coupon

TEN_PERCENT = {"discount_type": DiscountType.PERCENTAGE, "discount_value": Decimal(10)}
PAST = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
async def at(world: World, storage: SqlStorage) -> Desk:
    return await desk(world, storage)


def price_of(order: dict[str, Any]) -> dict[str, Any]:
    names = ("base", "discount", "coupon", "vat", "total")
    return {name: order["price_breakdown"][name] for name in names}


async def test_s32_a_coupon_takes_something_off_and_s33_can_be_removed_again(
    office: httpx.AsyncClient, at: Desk, world: World, storage: SqlStorage
) -> None:
    await keep(storage, world.caller(), coupon(code="WELCOME10", **TEN_PERCENT))
    made = await placed(office, at)
    path = f"/orders/{made['id']}"

    applied = await office.post(f"{path}/apply-coupon", json={"code": "welcome10"})

    assert applied.status_code == 200
    assert price_of(applied.json()) == {
        "base": 100.0,
        "discount": 10.0,
        "coupon": "WELCOME10",
        "vat": 13.5,
        "total": 103.5,
    }
    removed = await office.delete(f"{path}/coupon")
    assert removed.status_code == 200
    assert removed.json()["price_breakdown"] == made["price_breakdown"]
    again = await office.post(f"{path}/apply-coupon", json={"code": "WELCOME10"})
    assert price_of(again.json()) == price_of(applied.json())


async def test_s32_coupons_that_cannot_be_applied_are_refused_and_nothing_happens(
    at: Desk, world: World, storage: SqlStorage, owner: asyncpg.Connection, login: Login
) -> None:
    office = await login(world, limit=0)
    used, single = coupon(usage_limit_total=1), coupon(usage_limit_per_subject=1)
    refused = [
        coupon(active=False),
        coupon(valid_from=datetime.now(UTC) + timedelta(days=1)),
        coupon(valid_until=PAST),
        coupon(min_order_amount=Decimal("100.01")),
    ]
    await keep(storage, world.caller(), used, single, *refused)
    for each in (used, single):
        other = await placed(office, at)
        answer = await office.post(f"/orders/{other['id']}/apply-coupon", json={"code": each.code})
        assert answer.status_code == 200, answer.text
    made = await placed(office, at)
    codes = ["NOWHERE", *(each.code for each in (*refused, used, single))]

    async with unchanged(owner, world):
        answers = [
            await office.post(f"/orders/{made['id']}/apply-coupon", json={"code": code})
            for code in codes
        ]
        missing = await office.post(f"/orders/{made['id']}/apply-coupon", json={})

    assert [(a.status_code, a.json()["code"]) for a in answers] == [
        (422, "validation_failed")
    ] * len(codes)
    assert [[*a.json()["errors"]] for a in (*answers, missing)] == [["code"]] * (len(codes) + 1)


async def test_s32_a_second_coupon_is_refused(
    at: Desk, world: World, storage: SqlStorage, owner: asyncpg.Connection, login: Login
) -> None:
    office = await login(world, limit=0)
    first, second = coupon(), coupon()
    await keep(storage, world.caller(), first, second)
    path = f"/orders/{(await placed(office, at))['id']}"
    await office.post(f"{path}/apply-coupon", json={"code": first.code})

    async with unchanged(owner, world):
        answer = await office.post(f"{path}/apply-coupon", json={"code": second.code})

    assert (answer.status_code, answer.json()) == (
        422,
        {
            "message": "code: this order has a coupon already: remove it first.",
            "code": "validation_failed",
            "errors": {"code": ["This order has a coupon already: remove it first."]},
        },
    )


async def test_s33_an_order_without_a_coupon_has_none_to_remove(
    at: Desk, world: World, owner: asyncpg.Connection, login: Login
) -> None:
    office = await login(world, limit=0)
    made = await placed(office, at)

    async with unchanged(owner, world):
        answer = await office.delete(f"/orders/{made['id']}/coupon")

    assert (answer.status_code, answer.json()) == (
        404,
        {"message": "The requested resource was not found."},
    )


async def test_s31_cancelling_lets_go_of_the_coupon(
    office: httpx.AsyncClient, at: Desk, world: World, storage: SqlStorage
) -> None:
    last = coupon(usage_limit_total=1)
    await keep(storage, world.caller(), last)
    first, second = await placed(office, at), await placed(office, at)
    await office.post(f"/orders/{first['id']}/apply-coupon", json={"code": last.code})

    cancelled = await office.post(f"/orders/{first['id']}/cancel")
    applied = await office.post(f"/orders/{second['id']}/apply-coupon", json={"code": last.code})

    assert (cancelled.status_code, applied.status_code) == (200, 200)
    assert applied.json()["price_breakdown"]["coupon"] == last.code
