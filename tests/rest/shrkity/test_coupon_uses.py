"""Coupons over HTTP once they are used: redemptions, discounts, deletion (facts S-56 and S-57)."""

from decimal import Decimal

import asyncpg
import httpx

from persistence.storage import SqlStorage
from tests.conftest import Save, World
from tests.domain.catalogue import coupon, percentage
from tests.persistence.contents import actions
from tests.rest.shrkity.test_coupons import NOT_FOUND
from tests.service_orders import order, redemption, served
from usecases.kit import run
from usecases.service_orders import ApplyServiceOrderCoupon, RemoveServiceOrderCoupon


async def test_s56_a_coupon_that_was_never_used_is_erased(
    office: httpx.AsyncClient, save: Save, owner: asyncpg.Connection
) -> None:
    """Decision S-A6: the answer is the coupon as it was last."""
    made = coupon(code="UNUSED")
    await save(made)
    path = f"/coupons/{made.shrkity_id}"

    answer = await office.delete(path)

    assert answer.status_code == 200
    assert (answer.json()["code"], answer.json()["is_active"]) == ("UNUSED", True)
    assert (await office.get(path)).status_code == 404
    assert await actions(owner, made.id) == ["coupon.created", "coupon.deleted"]


async def test_s56_a_coupon_that_was_used_is_deactivated(
    office: httpx.AsyncClient,
    world: World,
    storage: SqlStorage,
    save: Save,
    owner: asyncpg.Connection,
) -> None:
    made, sold = coupon(used=1), order(world, await served(world, storage))
    await save(made)
    sold.redemptions = [redemption(made, sold)]
    await save(sold)
    path = f"/coupons/{made.shrkity_id}"

    answer = await office.delete(path)

    shown = answer.json()
    assert answer.status_code == 200
    assert (shown["is_active"], shown["status"], shown["used"]) == (False, "disabled", 1)
    assert await actions(owner, made.id) == ["coupon.created", "coupon.deactivated"]
    for refused in (
        await office.get(path),
        await office.patch(path, json={"is_active": True}),
        await office.delete(path),
        await office.get(f"{path}/redemptions"),
    ):
        assert (refused.status_code, refused.json()) == (404, NOT_FOUND)


async def test_s56_redemptions_are_listed_newest_first(
    office: httpx.AsyncClient, world: World, storage: SqlStorage, save: Save
) -> None:
    to, made, other = await served(world, storage), percentage("10"), coupon()
    first, second, third = order(world, to), order(world, to), order(world, to)
    await save(made, other)
    await save(first, second, third)
    for sold, applied in ((first, made), (third, other), (second, made)):
        apply = ApplyServiceOrderCoupon(id=sold.id, code=applied.code)
        await run(apply, world.caller(), storage)
    await run(RemoveServiceOrderCoupon(id=first.id), world.caller(), storage)

    answer = await office.get(f"/coupons/{made.shrkity_id}/redemptions")

    listed = answer.json()
    times = [(each.pop("reserved_at"), each.pop("settled_at")) for each in listed["data"]]
    assert listed["data"] == [
        {
            "id": 3,
            "order_id": second.shrkity_id,
            "code": made.code,
            "discount": 12.0,
            "currency": "SAR",
            "status": "reserved",
        },
        {
            "id": 1,
            "order_id": first.shrkity_id,
            "code": made.code,
            "discount": 12.0,
            "currency": "SAR",
            "status": "released",
        },
    ]
    assert listed["meta"]["total"] == 2
    assert [settled is None for _, settled in times] == [True, False]


async def test_s57_a_discount_is_as_much_as_can_be_taken_off(
    office: httpx.AsyncClient, world: World, storage: SqlStorage, save: Save
) -> None:
    """Of a price of 120.00: no more than that, and no more than the most."""
    to = await served(world, storage)
    found = []
    for made in (
        coupon(discount_value=Decimal(250)),
        percentage("12.345"),
        percentage("50", max_discount_amount=Decimal(20)),
    ):
        sold = order(world, to)
        await save(made)
        await save(sold)
        apply = ApplyServiceOrderCoupon(id=sold.id, code=made.code)
        await run(apply, world.caller(), storage)
        answer = await office.get(f"/coupons/{made.shrkity_id}/redemptions")
        found.append(answer.json()["data"][0]["discount"])

    assert found == [120.0, 14.81, 20.0]
