"""Money: exact, rounded half up to what the currency has."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.money import CURRENCIES, Money, check_currency, minor_units, rounded
from domain.purchase_orders import NewPurchaseOrderLine
from tests import make
from tests.domain import drafts

CURRENCY = st.sampled_from(["JPY", "SAR", "KWD"])
QUANTITY = st.decimals("0.000001", "100000", places=6)
PRICE = st.decimals(0, "100000", places=6)
PERCENT = st.decimals(0, 100, places=6)
LINE = st.builds(
    NewPurchaseOrderLine,
    description=st.just("Paper"),
    quantity=QUANTITY,
    unit_price=PRICE,
    vat_rate=PERCENT,
)


def half_up(exact: Fraction, digits: int) -> Fraction:
    """The same in whole numbers, without a Decimal anywhere."""
    return Fraction(floor(exact * 10**digits + Fraction(1, 2)), 10**digits)


@pytest.mark.parametrize(("currency", "digits"), [("JPY", 0), ("SAR", 2), ("EUR", 2), ("KWD", 3)])
def test_a_currency_has_its_own_number_of_digits(currency: str, digits: int) -> None:
    assert minor_units(currency) == digits


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("0.005", "SAR", "0.01"),
        ("0.0049999", "SAR", "0.00"),
        ("1.125", "SAR", "1.13"),
        ("1.135", "SAR", "1.14"),
        ("0.5", "JPY", "1"),
        ("2.5", "JPY", "3"),
        ("1.0005", "KWD", "1.001"),
        ("7", "KWD", "7.000"),
    ],
)
def test_half_is_rounded_up(amount: str, currency: str, expected: str) -> None:
    assert str(rounded(Decimal(amount), currency)) == expected


@given(amount=st.decimals(0, 10**12, places=12), currency=CURRENCY)
def test_rounding_equals_rounding_in_whole_numbers(amount: Decimal, currency: str) -> None:
    assert Fraction(rounded(amount, currency)) == half_up(Fraction(amount), minor_units(currency))


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("12.5", "SAR", 1250), ("12.5", "KWD", 12500), ("12", "JPY", 12)],
)
def test_an_amount_in_the_smallest_unit(amount: str, currency: str, minor: int) -> None:
    assert Money.of(Decimal(amount), currency).amount_minor == minor


def test_money_always_has_all_the_digits_of_its_currency() -> None:
    assert Money.of(Decimal(5), "SAR") == (Decimal("5.00"), "SAR")
    assert str(Money.of(Decimal(5), "SAR").amount) == "5.00"


def test_only_iso_codes_are_currencies() -> None:
    assert len(CURRENCIES) == 153
    assert check_currency("SAR") is None
    broken = check_currency("SARR")
    assert broken is not None
    assert (broken.path, broken.message) == (
        ("currency",),
        "SARR is no ISO 4217 currency code",
    )
    assert check_currency("sar") is not None


@given(lines=st.lists(LINE, min_size=1, max_size=8), currency=CURRENCY)
def test_totals_are_the_sums_of_lines_rounded_one_by_one(
    lines: list[NewPurchaseOrderLine], currency: str
) -> None:
    digits = minor_units(currency)
    nets = [half_up(Fraction(x.quantity) * Fraction(x.unit_price), digits) for x in lines]
    vats = [
        half_up(net * Fraction(x.vat_rate or 0) / 100, digits)
        for net, x in zip(nets, lines, strict=True)
    ]

    order = drafts.draft(*lines, currency=currency, base_currency=currency)

    assert [Fraction(line.net) for line in order.lines] == nets
    assert [Fraction(line.vat_amount) for line in order.lines] == vats
    assert Fraction(order.subtotal) == sum(nets)
    assert Fraction(order.vat_amount) == sum(vats)
    assert Fraction(order.total) == Fraction(order.base_total) == sum(nets) + sum(vats)


@given(line=LINE, rate=st.decimals("0.000001", 1000, places=6), currency=CURRENCY, base=CURRENCY)
def test_the_total_in_base_currency_is_the_total_at_the_frozen_rate(
    line: NewPurchaseOrderLine, rate: Decimal, currency: str, base: str
) -> None:
    if currency == base:
        rate = Decimal(1)
    order = drafts.draft(line, currency=currency, base_currency=base, exchange_rate=rate)

    assert Fraction(order.base_total) == half_up(
        Fraction(order.total) * Fraction(rate), minor_units(base)
    )


def test_the_figures_of_the_sample_order() -> None:
    order = drafts.draft(
        make.line(quantity=Decimal(100), unit_price=Decimal(25)),
        make.line(quantity=Decimal(20), unit_price=Decimal(150)),
    )

    paper = order.lines[0]
    assert [str(x) for x in (paper.net, paper.vat_amount, paper.total)] == [
        "2500.00",
        "375.00",
        "2875.00",
    ]
    assert [str(x) for x in (order.subtotal, order.vat_amount, order.total)] == [
        "5500.00",
        "825.00",
        "6325.00",
    ]
