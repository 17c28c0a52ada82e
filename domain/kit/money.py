"""Money is Decimal and a currency, rounded half up to the currency's minor units."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from domain.kit.errors import RuleBroken

# ISO 4217: codes in use, and those whose minor units are not two.
_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP
BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP
GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES
KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU
MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON
RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND
TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW
"""
CURRENCIES = frozenset(_CODES.split())
_NO_MINOR = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
_MINOR_UNITS = {
    **dict.fromkeys(_NO_MINOR.split(), 0),
    **dict.fromkeys(_THREE_DIGITS.split(), 3),
}


def minor_units(currency: str) -> int:
    """Digits after the point: SAR 2, KWD 3, JPY 0."""
    return _MINOR_UNITS.get(currency, 2)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Half up, to the currency's minor units (fact W-33)."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), ROUND_HALF_UP)


def apportioned(total: Decimal, parts: Sequence[Decimal], currency: str) -> list[Decimal]:
    """The parts in whole minor units that add up to `total`, which their sum was rounded to.

    By the largest remainder: each is less than one unit from what it was. Raises ValueError when
    the parts do not come to the total.
    """
    unit = Decimal(1).scaleb(-minor_units(currency))
    shares = [part.quantize(unit, ROUND_FLOOR) for part in parts]
    left = (total - sum(shares)) / unit
    if left != int(left) or not 0 <= left <= len(parts):
        raise ValueError(f"{parts} do not come to {total}")
    by_remainder = sorted(range(len(parts)), key=lambda n: shares[n] - parts[n])
    for n in by_remainder[: int(left)]:
        shares[n] += unit
    return shares


def written(value: Decimal) -> str:
    """With as many digits as it has: 10, neither 10.000000 nor 1E+1."""
    return f"{value.normalize():f}"


def raised(value: Decimal, percent: Decimal) -> Decimal:
    """So many percent more."""
    return value * (1 + percent / 100)


def check_currency(code: str, *, field: str = "currency") -> RuleBroken | None:
    if code in CURRENCIES:
        return None
    return RuleBroken("{code} is no ISO 4217 currency code", path=(field,), code=code)


class Money(NamedTuple):
    """An exact amount of a currency, with as many digits as its minor units, or more."""

    amount: Decimal
    currency: str

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> "Money":
        """A sum of money, in whole minor units."""
        return cls(rounded(amount, currency), currency)

    @classmethod
    def exactly(cls, amount: Decimal, currency: str) -> "Money":
        """A price, which may be finer than the minor units: 0.0125."""
        whole = rounded(amount, currency)
        return cls(whole if whole == amount else amount.normalize(), currency)

    @property
    def minor_units(self) -> int:
        return minor_units(self.currency)

    @property
    def amount_minor(self) -> int | None:
        """The amount in the currency's smallest unit, 1250 for 12.50 SAR; None if it is finer."""
        minor = self.amount.scaleb(self.minor_units)
        return int(minor) if minor == minor.to_integral_value() else None
