"""What a service order costs, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from domain.coupons import CouponRedemption
from domain.kit.ids import new_id
from domain.kit.money import rounded


class PriceLineKind(StrEnum):
    """BASE is the service, OPTION what was chosen; DISCOUNT and COVERAGE are negative."""

    BASE = "BASE"
    OPTION = "OPTION"
    DISCOUNT = "DISCOUNT"
    COVERAGE = "COVERAGE"


@dataclass(kw_only=True, eq=False)
class ServiceOrderPriceLine:
    """A part of the order: an amount without tax. `key` is an option's, or a coupon's code."""

    id: UUID = field(default_factory=new_id)
    order_id: UUID | None = None
    position: int
    line_kind: PriceLineKind
    key: str | None = None
    label: str
    label_ar: str | None = None
    amount: Decimal


class Priced(NamedTuple):
    """A line that there should be."""

    line_kind: PriceLineKind
    key: str | None
    label: str
    label_ar: str | None
    amount: Decimal


class Amounts(NamedTuple):
    """What the lines add up to, in the order's currency; without tax but for the last two."""

    price: Decimal
    options: Decimal
    covered: Decimal
    discount: Decimal
    vat_amount: Decimal
    total: Decimal


def coverage(base: Decimal, *, covered: bool) -> list[Priced]:
    """A subscription pays for the service itself; what was chosen beyond it is extra."""
    if not covered or not base:
        return []
    label, label_ar = "Covered by a subscription", "مشمول بالاشتراك"
    return [Priced(PriceLineKind.COVERAGE, None, label, label_ar, -base)]


def discounts(redemption: CouponRedemption | None, *, most: Decimal, currency: str) -> list[Priced]:
    """What the order's coupon takes off, `most` at the most (fact S-57)."""
    if redemption is None:
        return []
    code = redemption.code
    amount = min(rounded(redemption.amount, currency), most)
    return [Priced(PriceLineKind.DISCOUNT, code, f"Coupon {code}", f"قسيمة {code}", -amount)]


def added_up(lines: Sequence[Priced], vat_rate: Decimal, currency: str) -> Amounts:
    """Rounded per line, then added up; tax is on what is left to pay, which is never negative."""

    def of(kind: PriceLineKind) -> Decimal:
        return sum((line.amount for line in lines if line.line_kind is kind), Decimal(0))

    kinds = PriceLineKind
    price, options = of(kinds.BASE), of(kinds.OPTION)
    covered, discount = -of(kinds.COVERAGE), -of(kinds.DISCOUNT)
    net = price + options - covered - discount
    vat_amount = rounded(net * vat_rate / 100, currency)
    return Amounts(price, options, covered, discount, vat_amount, net + vat_amount)


def put(lines: list[ServiceOrderPriceLine], wanted: Sequence[Priced]) -> None:
    """Make the lines those that there should be; one for the same thing is kept."""
    kept = {(line.line_kind, line.key): line for line in lines}
    lines[:] = [
        _changed(kept.get((line.line_kind, line.key)), line, position)
        for position, line in enumerate(wanted, start=1)
    ]


def said(lines: Sequence[ServiceOrderPriceLine]) -> list[Priced]:
    return [Priced(x.line_kind, x.key, x.label, x.label_ar, x.amount) for x in lines]


def _changed(
    line: ServiceOrderPriceLine | None, wanted: Priced, position: int
) -> ServiceOrderPriceLine:
    if line is None:
        return ServiceOrderPriceLine(position=position, **wanted._asdict())
    line.position = position
    for name, value in wanted._asdict().items():
        setattr(line, name, value)
    return line
