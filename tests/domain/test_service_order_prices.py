"""What service orders cost: options, coverage, coupons and tax, to the minor unit."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.coupons import RedemptionStatus
from domain.kit.ids import new_id
from domain.kit.money import rounded
from domain.service_definitions import PriceOption
from domain.service_orders import ServiceOrder, Wish
from tests.domain.services import AGENT, COPIES, NOON, ordered, redemption

D = Decimal


def amounts(order: ServiceOrder) -> dict[str, Decimal]:
    names = ("price", "options", "covered", "discount", "vat_amount", "total")
    return {name: getattr(order, name) for name in names if getattr(order, name)}


def lines(order: ServiceOrder) -> list[tuple[int, str, str | None, Decimal]]:
    return [(x.position, x.line_kind.value, x.key, x.amount) for x in order.price_lines]


def test_an_order_costs_its_service_what_was_chosen_and_the_tax() -> None:
    order = ordered(wish=Wish(options=["copies", "express"]))

    assert amounts(order) == {
        "price": D(100),
        "options": D("57.25"),
        "vat_amount": D("23.59"),
        "total": D("180.84"),
    }
    assert lines(order) == [
        (1, "BASE", None, D(100)),
        (2, "OPTION", "express", D(50)),
        (3, "OPTION", "copies", D("7.25")),
    ]
    assert [(x.label, x.label_ar) for x in order.price_lines] == [
        ("Visa renewal", "تجديد التأشيرة"),
        ("Express", "عاجل"),
        ("Copies", None),
    ]


def test_a_subscription_pays_for_the_service_and_not_for_what_is_chosen_beyond_it() -> None:
    order, unit = ordered(wish=Wish(options=["express"])), new_id()

    order.cover(unit)

    assert order.allocation_id == unit
    assert amounts(order) == {
        "price": D(100),
        "options": D(50),
        "covered": D(100),
        "vat_amount": D("7.50"),
        "total": D("57.50"),
    }
    assert lines(order)[-1] == (3, "COVERAGE", None, D(-100))


def test_what_nothing_covers_costs_what_it_costs() -> None:
    order = ordered()

    order.cover(None)

    assert amounts(order)["total"] == D(115)
    assert [x[1] for x in lines(order)] == ["BASE"]


def test_a_coupon_takes_off_before_tax() -> None:
    order = ordered()
    reserved = redemption(D("12.50"))
    order.redemptions.append(reserved)

    order.coupon_reserved(reserved, NOON)

    assert amounts(order) == {
        "price": D(100),
        "discount": D("12.50"),
        "vat_amount": D("13.13"),
        "total": D("100.63"),
    }
    assert lines(order)[-1] == (2, "DISCOUNT", "WELCOME", D("-12.50"))
    [event] = order.pull_events()
    assert event.action == "service_order.coupon_applied"
    assert event.details == {"code": "WELCOME", "coupon_id": str(reserved.coupon_id)}
    assert event.changes["total"] == (D(115), D("100.63"))


def test_without_its_coupon_an_order_costs_what_it_did() -> None:
    order = ordered()
    before = amounts(order)
    reserved = redemption(D(10))
    order.redemptions.append(reserved)
    order.coupon_reserved(reserved, NOON)

    reserved.status = RedemptionStatus.RELEASED
    order.coupon_released(reserved, NOON)

    assert amounts(order) == before
    assert [x[1] for x in lines(order)] == ["BASE"]
    assert not order.coupon_applied
    assert [event.action for event in order.pull_events()] == [
        "service_order.coupon_applied",
        "service_order.coupon_removed",
    ]


def test_no_coupon_takes_off_more_than_there_is_left_to_pay() -> None:
    order = ordered(wish=Wish(options=["express"]))
    reserved = redemption(D(500))
    order.redemptions.append(reserved)

    order.coupon_reserved(reserved, NOON)
    assert amounts(order) == {"price": D(100), "options": D(50), "discount": D(150)}

    order.cover(new_id())
    assert amounts(order) == {
        "price": D(100),
        "options": D(50),
        "covered": D(100),
        "discount": D(50),
    }


def test_what_is_given_back_is_forgotten() -> None:
    order = ordered()
    order.cover(new_id())
    order.pull_events()

    order.let_go(NOON)

    assert order.allocation_id is None
    assert amounts(order)["total"] == D(115)
    assert [event.action for event in order.pull_events()] == ["service_order.repriced"]


def test_where_nothing_was_given_back_nothing_is_told() -> None:
    order = ordered()

    order.let_go(NOON)

    assert order.pull_events() == []


def test_what_stays_chosen_keeps_its_price_and_its_line() -> None:
    order = ordered(wish=Wish(options=["express"]))
    line = order.price_lines[1]
    dearer = PriceOption(key="express", name="Express", price=D(999))

    order.choose_options(order.on_offer([dearer, COPIES]), AGENT, NOON)

    assert order.price_lines[1] is line
    assert (line.amount, line.label_ar) == (D(50), "عاجل")
    assert amounts(order)["options"] == D("57.25")
    [event] = order.pull_events()
    assert event.details == {"before": ["express"], "after": ["express", "copies"]}
    assert event.changes["options"] == (D(50), D("57.25"))


def test_what_was_chosen_stays_possible_when_the_service_drops_it() -> None:
    order = ordered(wish=Wish(options=["express"]))

    assert [option.key for option in order.on_offer([COPIES])] == ["copies", "express"]
    assert [option.key for option in ordered().on_offer([COPIES])] == ["copies"]


def test_options_can_be_taken_back() -> None:
    order = ordered(wish=Wish(options=["express", "copies"]))

    order.choose_options([COPIES], AGENT, NOON)
    assert order.chosen == ["copies"]

    order.choose_options([], AGENT, NOON)
    assert amounts(order)["total"] == D(115)


@pytest.mark.parametrize(
    ("currency", "price", "rate", "total"),
    [
        ("SAR", "0.10", "15", "0.12"),
        ("SAR", "9.999", "0", "10.00"),
        ("JPY", "100.5", "10", "111"),
        ("KWD", "1.0005", "5", "1.051"),
    ],
)
def test_everything_is_rounded_half_up_to_the_currencys_minor_units(
    currency: str, price: str, rate: str, total: str
) -> None:
    order = ordered(currency=currency, price=D(price), vat_rate=D(rate))

    assert order.total == D(total)


MONEY = some.decimals(0, 100_000, places=4)
RATE = some.decimals(0, 100, places=2)


@given(
    price=MONEY,
    option=MONEY,
    rate=RATE,
    off=some.none() | MONEY,
    covered=some.booleans(),
    currency=some.sampled_from(["SAR", "KWD", "JPY"]),
)
def test_lines_add_up_and_no_order_costs_less_than_nothing(
    *, price: Decimal, option: Decimal, rate: Decimal, off: Any, covered: bool, currency: str
) -> None:
    options = [PriceOption(key="x", name="X", price=option)]
    values: dict[str, Any] = {
        "price": price,
        "vat_rate": rate,
        "currency": currency,
        "options": options,
    }
    order = ordered(wish=Wish(options=["x"]), **values)
    if off is not None:
        order.redemptions.append(redemption(off))
    order.cover(new_id() if covered else None)

    net = order.price + order.options - order.covered - order.discount
    assert net == sum(line.amount for line in order.price_lines)
    assert net >= 0
    assert order.vat_amount == rounded(net * rate / 100, currency)
    assert order.total == net + order.vat_amount
    assert order.covered in ({order.price} if covered else {0})
    assert all(line.amount == rounded(line.amount, currency) for line in order.price_lines)
    assert [line.position for line in order.price_lines] == [*range(1, len(order.price_lines) + 1)]
