"""Numbers, money and dates in the three languages."""

from datetime import date
from decimal import Decimal

import pytest

from usecases import formats


@pytest.mark.parametrize(
    ("value", "minor_units", "locale", "written"),
    [
        ("6325", 2, "en", "6,325.00"),
        ("6325", 2, "ar", "6,325.00"),
        ("6325", 2, "pt", "6\xa0325,00"),
        ("6325", 3, "en", "6,325.000"),
        ("6325", 0, "en", "6,325"),
        ("-1234567.5", 2, "en", "-1,234,567.50"),
        ("99999999999999.99", 2, "en", "99,999,999,999,999.99"),
        ("6325", 2, "unknown", "6,325.00"),
    ],
)
def test_amounts(value: str, minor_units: int, locale: str, written: str) -> None:
    assert formats.amount(Decimal(value), minor_units, locale) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [("25.000000", "25.00"), ("0.012345", "0.012345"), ("1999.9", "1,999.90")],
)
def test_a_price_may_be_finer_than_its_currency(value: str, written: str) -> None:
    assert formats.price(Decimal(value), 2, "en") == written


@pytest.mark.parametrize(
    ("value", "written"),
    [("100.000000", "100"), ("2.500000", "2.5"), ("0.000001", "0.000001"), ("1E+3", "1,000")],
)
def test_quantities_have_the_digits_that_they_need(value: str, written: str) -> None:
    assert formats.quantity(Decimal(value), "en") == written


def test_percentages() -> None:
    assert formats.percent(Decimal("15.00"), "ar") == "15%"
    assert formats.percent(Decimal("12.5"), "pt") == "12,5%"


@pytest.mark.parametrize(
    ("currency", "minor_units", "locale", "written"),
    [
        ("SAR", 2, "en", "SAR\xa06,325.00"),
        ("SAR", 2, "ar", "6,325.00\xa0ر.س.\N{RIGHT-TO-LEFT MARK}"),
        ("EUR", 2, "pt", "6\xa0325,00\xa0€"),
        ("IQD", 3, "en", "IQD\xa06,325.000"),
        ("XQQ", 2, "ar", "6,325.00\xa0XQQ"),
        ("SAR", 2, "unknown", "SAR\xa06,325.00"),
    ],
)
def test_money(currency: str, minor_units: int, locale: str, written: str) -> None:
    assert formats.money(Decimal("6325.00"), currency, minor_units, locale) == written


def test_currencies_have_names() -> None:
    assert formats.currency_name("SAR", "en") == "Saudi Riyal"
    assert formats.currency_name("SAR", "ar") == "ريال سعودي"
    assert formats.currency_name("XQQ", "ar") == "XQQ"


@pytest.mark.parametrize(
    ("locale", "written"),
    [("en", "15 January 2025"), ("ar", "15 يناير 2025"), ("pt", "15 de janeiro de 2025")],
)
def test_days(locale: str, written: str) -> None:
    assert formats.day(date(2025, 1, 15), locale) == written
