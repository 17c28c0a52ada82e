"""Coupons: what they have to say, when they can be used, and what they take off."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.coupons import (
    Coupon,
    CouponStatus,
)
from domain.kit.errors import Path, RuleBroken
from tests.domain.catalogue import coupon, percentage
from tests.make import NOON

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def refused(**values: Any) -> list[tuple[Path, str]]:
    with pytest.raises(RuleBroken) as caught:
        coupon(**values)
    return [(broken.path, broken.message) for broken in caught.value.problems]


def test_a_code_is_kept_in_upper_case() -> None:
    """Fact S-55."""
    made = coupon(code="  welcome-10 ")
    assert made.code == "WELCOME-10"

    made.update({"code": "summer"}, NOON)
    assert made.code == "SUMMER"


def test_everything_that_is_wrong_is_said_at_once() -> None:
    """Facts S-54 and S-55."""
    assert refused(
        code="two words",
        name="",
        description="d" * 5001,
        discount_value=Decimal(0),
        max_discount_amount=Decimal(5),
        min_order_amount=Decimal("0.001"),
        valid_from=NOON,
        valid_until=NOON - SECOND,
        usage_limit_total=0,
        usage_limit_per_subject=10**9 + 1,
    ) == [
        (("code",), "a code has no blanks in it"),
        (("name",), "this must not be empty"),
        (("description",), "this is longer than 5000 characters"),
        (("discount_value",), "this must be greater than 0"),
        (("max_discount_amount",), "only a percentage has this"),
        (("min_order_amount",), "this is finer than the currency's minor units"),
        (("valid_until",), "this is before the coupon is valid"),
        (("usage_limit_total",), "this must be 1 or more"),
        (("usage_limit_per_subject",), "this must be 1000000000 or less"),
    ]


def test_it_may_be_valid_for_a_moment() -> None:
    assert coupon(valid_from=NOON, valid_until=NOON).status_at(NOON) is CouponStatus.ACTIVE


@pytest.mark.parametrize(
    ("field", "moment"),
    [
        ("valid_from", datetime(1, 1, 1, tzinfo=UTC)),
        ("valid_from", datetime(1899, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("valid_until", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_its_time_is_one_that_can_be_kept(field: str, moment: datetime) -> None:
    message = "this is too long ago or too far ahead"
    assert refused(**{field: moment}) == [((field,), message)]


@pytest.mark.parametrize("value", ["0.5", "12.345678", "100"])
def test_a_percentage_is_more_than_nothing_and_not_more_than_everything(value: str) -> None:
    assert percentage(value).discount_value == Decimal(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [("0", "this must be greater than 0"), ("100.01", "this must be 100 or less")],
)
def test_other_percentages_are_refused(value: str, message: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        percentage(value)

    assert [(b.path, b.message) for b in caught.value.problems] == [(("discount_value",), message)]


def test_the_most_that_a_percentage_takes_off_is_something() -> None:
    with pytest.raises(RuleBroken) as caught:
        percentage("10", max_discount_amount=Decimal(0))

    assert caught.value.path == ("max_discount_amount",)


def test_a_fixed_discount_is_in_whole_minor_units() -> None:
    assert refused(discount_value=Decimal("0.001")) == [
        (("discount_value",), "this is finer than the currency's minor units")
    ]


def test_the_total_limit_is_not_set_below_what_is_used() -> None:
    made = coupon(used=3, usage_limit_total=5)

    made.update({"usage_limit_total": 3}, NOON)
    with pytest.raises(RuleBroken) as caught:
        made.update({"usage_limit_total": 2}, NOON)

    assert (caught.value.path, caught.value.message) == (
        ("usage_limit_total",),
        "this is used 3 times already",
    )


# Status

STATUSES: list[tuple[CouponStatus, dict[str, Any]]] = [
    (CouponStatus.ACTIVE, {}),
    (CouponStatus.ACTIVE, {"valid_from": NOON, "valid_until": NOON}),
    (CouponStatus.ACTIVE, {"usage_limit_total": 2, "used": 1}),
    (CouponStatus.SCHEDULED, {"valid_from": NOON + SECOND}),
    (CouponStatus.EXPIRED, {"valid_until": NOON - SECOND}),
    (CouponStatus.EXPIRED, {"valid_until": NOON - SECOND, "usage_limit_total": 1, "used": 1}),
    (CouponStatus.EXHAUSTED, {"usage_limit_total": 2, "used": 2}),
    (CouponStatus.EXHAUSTED, {"usage_limit_total": 2, "used": 2, "valid_from": NOON + HOUR}),
    (CouponStatus.DISABLED, {"active": False}),
    (CouponStatus.DISABLED, {"active": False, "valid_until": NOON - HOUR}),
]


@pytest.mark.parametrize(("status", "values"), STATUSES)
def test_its_status_follows_from_time_and_use(status: CouponStatus, values: dict[str, Any]) -> None:
    assert coupon(**values).status_at(NOON) is status


# Discounts

OFF: list[tuple[Coupon, str, str]] = [
    (coupon(discount_value=Decimal(10)), "100", "10"),
    (coupon(discount_value=Decimal(10)), "7.5", "7.5"),
    (coupon(discount_value=Decimal(10)), "0", "0"),
    (percentage("10"), "99.95", "10.00"),
    (percentage("10"), "99.94", "9.99"),
    (percentage("12.5"), "0.04", "0.01"),
    (percentage("10", max_discount_amount=Decimal(5)), "100", "5"),
    (percentage("10", max_discount_amount=Decimal(5)), "40", "4.00"),
    (percentage("100"), "12.34", "12.34"),
    (percentage("10", currency="JPY"), "5", "1"),
    (percentage("10", currency="KWD"), "1.005", "0.101"),
]


@pytest.mark.parametrize(("made", "amount", "off"), OFF)
def test_what_it_takes_off(made: Coupon, amount: str, off: str) -> None:
    """Fact S-57, rounded half up."""
    assert made.discount(Decimal(amount)) == Decimal(off)


AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=2)


@given(AMOUNTS, st.decimals(min_value="0.01", max_value=100, places=2), AMOUNTS)
def test_it_takes_off_something_between_nothing_and_everything(
    amount: Decimal, value: Decimal, most: Decimal
) -> None:
    for made in (
        coupon(discount_value=value),
        percentage(str(value)),
        percentage(str(value), max_discount_amount=most + 1),
    ):
        assert Decimal(0) <= made.discount(amount) <= amount
