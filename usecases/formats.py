"""Numbers, money and dates as people read them, in each language that is offered.

Digits are Western in every language, as on invoices in Saudi Arabia and the Gulf: an Arabic
document is matched line by line against English ones.
"""

from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_currency_name

# English is the international one: day before month. Portuguese is the one of Portugal.
_REGIONS = {"en": "en_GB", "ar": "ar", "pt": "pt_PT"}
_MONEY = {"en": "¤¤\N{NO-BREAK SPACE}{0};-¤¤\N{NO-BREAK SPACE}{0}"}
_MONEY_ELSEWHERE = "{0}\N{NO-BREAK SPACE}¤;-{0}\N{NO-BREAK SPACE}¤"
_PRICE_DIGITS = 6


def amount(value: Decimal, minor_units: int, locale: str) -> str:
    """`6325` with two minor units in English: `6,325.00`."""
    return _decimal(value, _pattern(minor_units), locale)


def price(value: Decimal, minor_units: int, locale: str) -> str:
    """Like an amount, but a unit price may be finer than the currency: `0.012345`."""
    return _decimal(value, _pattern(minor_units, _PRICE_DIGITS - minor_units), locale)


def quantity(value: Decimal, locale: str) -> str:
    """As many digits as it has: `100`, `2.5`."""
    return _decimal(value, _pattern(0, _PRICE_DIGITS), locale)


def percent(value: Decimal, locale: str) -> str:
    """`15` is `15%`."""
    return f"{quantity(value, locale)}%"


def money(value: Decimal, currency: str, minor_units: int, locale: str) -> str:
    """An amount with its currency: `SAR 6,325.00` in English, with the local symbol elsewhere."""
    language = locale if locale in _REGIONS else "en"
    pattern = _MONEY.get(language, _MONEY_ELSEWHERE).format(_pattern(minor_units))
    return format_currency(
        value,
        currency,
        pattern,
        locale=_region(locale),
        currency_digits=False,
        numbering_system="latn",
    )


def currency_name(currency: str, locale: str) -> str:
    """`SAR` is `Saudi Riyal`; a code that nobody knows stays as it is."""
    return get_currency_name(currency, locale=_region(locale))


def day(value: date, locale: str) -> str:
    """`15 January 2025`."""
    return format_date(value, "long", locale=_region(locale))


def _region(locale: str) -> str:
    return _REGIONS.get(locale, _REGIONS["en"])


def _decimal(value: Decimal, pattern: str, locale: str) -> str:
    return format_decimal(value, pattern, locale=_region(locale), numbering_system="latn")


def _pattern(at_least: int, optional: int = 0) -> str:
    digits = "0" * at_least + "#" * optional
    return f"#,##0.{digits}" if digits else "#,##0"
