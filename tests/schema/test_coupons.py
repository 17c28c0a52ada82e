"""Coupons in the graph, with what they were used for."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg

from persistence.storage import SqlStorage
from tests.conftest import Save, World
from tests.domain.catalogue import coupon, percentage
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, public
from tests.service_orders import order, redemption, served
from usecases.kit import run
from usecases.service_orders import ApplyServiceOrderCoupon, RemoveServiceOrderCoupon

SHOWN = """{ code name status discountType discountAmount { amount currency } discountPercentage
  maxDiscountAmount { amount } minOrderAmount { amount } validFrom validUntil usageLimitTotal
  usageLimitPerSubject used remaining active deletedAt legacyIds { channel id } }"""


async def test_a_fixed_coupon_is_created(do: Ask) -> None:
    given = {"code": "welcome", "name": "Welcome", "discountType": "FIXED", "discountValue": "25"}
    until = {"validFrom": "2026-01-01T00:00:00Z", "usageLimitTotal": 10, "minOrderAmount": "50"}

    made = await do("couponCreate", given | until, SHOWN)

    assert made == {
        "errors": [],
        "coupon": {
            "code": "WELCOME",
            "name": "Welcome",
            "status": "ACTIVE",
            "discountType": "FIXED",
            "discountAmount": {"amount": "25.00", "currency": "SAR"},
            "discountPercentage": None,
            "maxDiscountAmount": None,
            "minOrderAmount": {"amount": "50.00"},
            "validFrom": "2026-01-01T00:00:00Z",
            "validUntil": None,
            "usageLimitTotal": 10,
            "usageLimitPerSubject": None,
            "used": 0,
            "remaining": 10,
            "active": True,
            "deletedAt": None,
            "legacyIds": [{"channel": "SHRKITY", "id": "1"}],
        },
    }


async def test_a_percentage_is_created(do: Ask) -> None:
    given = {"code": "TEN", "name": "Ten", "discountType": "PERCENTAGE", "discountValue": "12.5"}
    shown = (
        "{ discountAmount { amount } discountPercentage maxDiscountAmount { amount } remaining }"
    )

    made = await do("couponCreate", given | {"maxDiscountAmount": "100"}, shown)

    assert made["coupon"] == {
        "discountAmount": None,
        "discountPercentage": "12.5",
        "maxDiscountAmount": {"amount": "100.00"},
        "remaining": None,
    }


async def test_a_coupon_that_makes_no_sense_is_refused(
    do: Ask, world: World, owner: asyncpg.Connection
) -> None:
    given: dict[str, Any] = {"code": "A", "name": "A", "discountType": "PERCENTAGE"}
    ends = {"validFrom": "2026-01-02T00:00:00Z", "validUntil": "2026-01-01T00:00:00Z"}

    async with unchanged(owner, world):
        refused = await do("couponCreate", given | ends | {"discountValue": "101"})

    assert [(e["path"], e["message"]) for e in refused["errors"]] == [
        (["discountValue"], "this must be 100 or less"),
        (["validUntil"], "this is before the coupon is valid"),
    ]


async def test_a_coupon_is_changed_and_switched_off(do: Ask, save: Save) -> None:
    made = coupon()
    await save(made)

    given = {"id": public(made), "active": False, "code": "later"}
    done = await do("couponUpdate", given, "{ code status discountAmount { amount } }")

    assert done["coupon"] == {
        "code": "LATER",
        "status": "DISABLED",
        "discountAmount": {"amount": "10.00"},
    }


async def test_lists_are_filtered_by_what_coupons_are_now(ask: Ask, save: Save) -> None:
    now, hour = datetime.now(UTC), timedelta(hours=1)
    await save(
        coupon(code="NOW"),
        coupon(code="LATER", valid_from=now + hour),
        coupon(code="OVER", valid_until=now - hour),
        coupon(code="OFF", active=False),
        coupon(code="FULL", usage_limit_total=1, used=1),
    )
    query = """query ($of: [CouponStatus!]) { coupons(filter: {status: $of},
      orderBy: {field: CODE, direction: ASC}) { totalCount nodes { code status } } }"""

    for status, code in (
        ("ACTIVE", "NOW"),
        ("SCHEDULED", "LATER"),
        ("EXPIRED", "OVER"),
        ("DISABLED", "OFF"),
        ("EXHAUSTED", "FULL"),
    ):
        found = (await ask(query, of=[status]))["coupons"]
        assert found == {"totalCount": 1, "nodes": [{"code": code, "status": status}]}
    both = (await ask(query, of=["EXPIRED", "ACTIVE"]))["coupons"]
    assert [node["code"] for node in both["nodes"]] == ["NOW", "OVER"]


async def test_a_coupon_shows_what_it_was_used_for(
    ask: Ask, world: World, storage: SqlStorage, save: Save
) -> None:
    to, made = await served(world, storage), percentage("10")
    first, second = order(world, to), order(world, to)
    await save(made, first, second)
    apply = ApplyServiceOrderCoupon(id=first.id, code=made.code)
    await run(apply, world.caller(), storage)
    await run(RemoveServiceOrderCoupon(id=first.id), world.caller(), storage)
    apply = ApplyServiceOrderCoupon(id=second.id, code=made.code)
    await run(apply, world.caller(), storage)

    found = await ask(
        """query ($id: ID!) { coupon(id: $id) { used redemptions { totalCount nodes {
          code status amount { amount } serviceOrder { number } customer { name } coupon { code }
          settledAt } } auditTrail { action details } } }""",
        id=public(made),
    )

    nodes = found["coupon"]["redemptions"].pop("nodes")
    assert found["coupon"]["redemptions"] == {"totalCount": 2}
    assert found["coupon"]["used"] == 1
    assert [(n["status"], n["serviceOrder"]["number"], n["amount"]["amount"]) for n in nodes] == [
        ("RESERVED", second.number, "12.00"),
        ("RELEASED", first.number, "12.00"),
    ]
    assert {(n["code"], n["customer"]["name"], n["coupon"]["code"]) for n in nodes} == {
        (made.code, to.company.name, made.code)
    }
    assert [n["settledAt"] is None for n in nodes] == [True, False]
    trail = found["coupon"]["auditTrail"]
    assert [entry["action"].partition(".")[2] for entry in trail][-3:] == [
        "reserved",
        "released",
        "reserved",
    ]
    assert trail[-1]["details"] == {"serviceOrder": public(second), "amount": "12"}


async def test_a_coupon_is_erased_or_only_taken_out_of_use(
    do: Ask, ask: Ask, world: World, storage: SqlStorage, save: Save
) -> None:
    unused, applied = coupon(), coupon(used=1)
    sold = order(world, await served(world, storage))
    await save(unused, applied)
    sold.redemptions = [redemption(applied, sold)]
    await save(sold)

    erased = await do("couponDelete", {"id": public(unused)}, SHOWN)
    kept = await do("couponDelete", {"id": public(applied)}, "{ status active deletedAt used }")

    assert erased == {"errors": [], "coupon": None}
    assert kept["errors"] == []
    assert kept["coupon"].pop("deletedAt") is not None
    assert kept["coupon"] == {"status": "DISABLED", "active": False, "used": 1}
    assert (await ask("{ coupons { nodes { id } totalCount } }"))["coupons"] == {
        "nodes": [],
        "totalCount": 0,
    }
    again = await do("couponDelete", {"id": public(applied)})
    assert [error["code"] for error in again["errors"]] == ["NOT_FOUND"]


async def test_a_list_with_uses_costs_what_its_shape_costs(
    ask: Ask, world: World, storage: SqlStorage, save: Save, statements: list[str]
) -> None:
    """The coupons, their uses, and of those the orders and the customers."""
    to = await served(world, storage)
    coupons = [coupon(used=2, discount_value=Decimal(n + 1)) for n in range(10)]
    orders = [order(world, to) for _ in range(20)]
    await save(*coupons)
    for each, made in zip(orders, coupons * 2, strict=True):
        each.redemptions = [redemption(made, each)]
    await save(*orders)

    found = await ask(
        """{ coupons { nodes { code used redemptions(first: 5) { nodes {
          amount { amount } serviceOrder { number } customer { name } } } } } }"""
    )

    assert [len(n["redemptions"]["nodes"]) for n in found["coupons"]["nodes"]] == [2] * 10
    assert len(statements) == 4
