"""Uses of coupons: reserved, redeemed, released; what speaks against one; what deletion leaves."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.coupons import Coupon, CouponRedemption, CouponStatus, RedemptionStatus
from domain.kit.errors import IllegalMove, NotFound, RuleBroken
from domain.kit.ids import new_id
from tests.domain.catalogue import coupon, percentage, sale
from tests.make import NOON

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def reserved(made: Coupon, **values: Any) -> CouponRedemption:
    redemption = made.reserve(sale(**values), NOON)
    made.pull_events()
    return redemption


def test_a_use_is_reserved_for_an_order() -> None:
    made = percentage("10", usage_limit_total=2)
    made.pull_events()
    sold = sale(amount=Decimal(150), covered=Decimal(50))

    redemption = made.reserve(sold, NOON)

    assert (redemption.coupon_id, redemption.customer_id) == (made.id, sold.customer_id)
    assert (redemption.code, redemption.amount) == (made.code, Decimal("10.00"))
    assert (redemption.status, redemption.reserved_at) == (RedemptionStatus.RESERVED, NOON)
    assert made.used == 1
    [event] = made.pull_events()
    assert (event.action, event.changes) == ("coupon.reserved", {"used": (0, 1)})
    assert event.details == {"service_order": str(sold.order_id), "amount": Decimal("10.00")}


def test_a_use_is_redeemed_for_good() -> None:
    made = coupon()
    redemption, order_id = reserved(made), new_id()

    made.redeem(redemption, order_id, NOON + HOUR)

    assert (redemption.status, redemption.settled_at) == (RedemptionStatus.REDEEMED, NOON + HOUR)
    assert (redemption.counts, made.used) == (True, 1)
    [event] = made.pull_events()
    assert (event.action, event.changes) == ("coupon.redeemed", {})
    assert event.details == {"service_order": str(order_id), "amount": Decimal(10)}


def test_a_use_that_is_released_is_free_again() -> None:
    made = coupon(usage_limit_total=1)
    redemption, order_id = reserved(made), new_id()

    made.release(redemption, order_id, NOON + HOUR)

    assert (redemption.status, redemption.settled_at) == (RedemptionStatus.RELEASED, NOON + HOUR)
    assert (redemption.counts, made.used) == (False, 0)
    [event] = made.pull_events()
    assert (event.action, event.changes) == ("coupon.released", {"used": (1, 0)})
    assert reserved(made).counts


@pytest.mark.parametrize("first", ["redeem", "release"])
@pytest.mark.parametrize("then", ["redeem", "release"])
def test_a_use_is_settled_once(first: str, then: str) -> None:
    made = coupon()
    redemption = reserved(made)
    getattr(made, first)(redemption, new_id(), NOON)
    used = made.used
    made.pull_events()

    with pytest.raises(IllegalMove) as caught:
        getattr(made, then)(redemption, new_id(), NOON)

    status = {"redeem": "REDEEMED", "release": "RELEASED"}[first]
    assert caught.value.message == f"cannot {then} while {status}"
    assert (made.used, made.pull_events()) == (used, [])


def test_a_use_is_reckoned_again_when_the_order_costs_something_else() -> None:
    made = percentage("10", min_order_amount=Decimal(80))
    redemption = reserved(made)

    made.reprice(redemption, sale(amount=Decimal(80)))
    assert redemption.amount == Decimal(8)

    with pytest.raises(RuleBroken) as caught:
        made.reprice(redemption, sale(amount=Decimal("79.99")))
    assert caught.value.message == "this coupon is for orders of 80.00 SAR or more"
    assert redemption.amount == Decimal(8)


REFUSALS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"active": False}, {}, "this coupon is not active"),
    ({"valid_from": NOON + SECOND}, {}, "this coupon cannot be used yet"),
    ({"valid_until": NOON - SECOND}, {}, "this coupon cannot be used any more"),
    ({"usage_limit_total": 1, "used": 1}, {}, "this coupon is used up"),
    ({"usage_limit_per_subject": 2}, {"uses": 2}, "this customer has used up this coupon"),
    (
        {"usage_limit_per_subject": 2},
        {"customer_id": None},
        "this coupon counts each customer's uses: say whom the order is for",
    ),
    (
        {"min_order_amount": Decimal("100.01")},
        {},
        "this coupon is for orders of 100.01 SAR or more",
    ),
    ({"currency": "EUR"}, {}, "this coupon is for orders in EUR"),
    ({}, {"has_coupon": True}, "this order has a coupon already: remove it first"),
]


@pytest.mark.parametrize(("values", "sold", "message"), REFUSALS)
def test_what_keeps_an_order_from_having_it(
    values: dict[str, Any], sold: dict[str, Any], message: str
) -> None:
    """Fact S-32."""
    made = coupon(**values)
    made.pull_events()
    used = made.used

    with pytest.raises(RuleBroken) as caught:
        made.reserve(sale(**sold), NOON)

    assert [(b.path, b.message) for b in caught.value.problems] == [(("code",), message)]
    assert (made.used, made.pull_events()) == (used, [])


def test_all_of_that_is_said_at_once() -> None:
    made = coupon(active=False, valid_until=NOON - SECOND, min_order_amount=Decimal(200), used=0)

    with pytest.raises(RuleBroken) as caught:
        made.reserve(sale(has_coupon=True), NOON)

    assert [broken.message for broken in caught.value.problems] == [
        "this order has a coupon already: remove it first",
        "this coupon is not active",
        "this coupon cannot be used any more",
        "this coupon is for orders of 200.00 SAR or more",
    ]


def test_both_ends_of_its_time_and_its_least_amount_are_good_enough() -> None:
    made = coupon(valid_from=NOON, valid_until=NOON, min_order_amount=Decimal(100))

    assert made.refusals(sale(), NOON) == []


def test_the_least_amount_is_before_what_a_subscription_pays() -> None:
    made = percentage("10", min_order_amount=Decimal(100))

    assert made.reserve(sale(covered=Decimal(100)), NOON).amount == Decimal(0)


def test_without_a_limit_for_each_customer_it_takes_no_customer() -> None:
    assert coupon().reserve(sale(customer_id=None, uses=0), NOON).customer_id is None


# Deletion


def test_what_was_never_applied_leaves_nothing() -> None:
    made = coupon()
    made.pull_events()

    assert made.delete(NOON, applied=False)

    assert [event.action for event in made.pull_events()] == ["coupon.deleted"]


def test_what_was_applied_is_kept_out_of_use() -> None:
    """Fact S-56."""
    made = coupon(used=1)
    made.pull_events()

    assert not made.delete(NOON, applied=True)

    assert (made.active, made.deleted_at, made.status_at(NOON)) == (
        False,
        NOON,
        CouponStatus.DISABLED,
    )
    [event] = made.pull_events()
    assert event.action == "coupon.deactivated"
    assert event.changes == {"active": (True, False), "deleted_at": (None, NOON)}


def test_what_is_deleted_is_not_there_any_more() -> None:
    made = coupon(used=1)
    made.delete(NOON, applied=True)
    made.pull_events()

    with pytest.raises(NotFound):
        made.delete(NOON, applied=True)
    with pytest.raises(NotFound):
        made.update({"active": True}, NOON)
    assert made.pull_events() == []


def test_a_use_of_a_deleted_coupon_is_settled_all_the_same() -> None:
    made = coupon()
    redemption = reserved(made)
    made.delete(NOON, applied=True)

    made.release(redemption, new_id(), NOON)

    assert (made.used, redemption.status) == (0, RedemptionStatus.RELEASED)
