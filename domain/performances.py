"""How suppliers do, from what is known of their deliveries (fact W-57).

Every score is from 0 to 100, and null where nothing is known: it is never guessed.

    delivery time   the percentage of receipts on or before the day that the order expected
    quality         100, less the percentage of rejected goods and that of reversed receipts
    pricing         what others were paid for the same goods, in percent of their price, at most 100
    responsiveness  100, less one for each day from an order's approval to its first delivery
    overall         the mean of those that are known
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

_FULL = Decimal(100)
_CENTS = Decimal("0.01")


class Deliveries(NamedTuple):
    """What is known of a supplier: posted receipts count, reversed ones only as reversed.

    Days are those from an order's approval to a receipt, and `first_days` to its first one.
    `expected` are the receipts of orders with an expected delivery date, `in_time` those of them
    that kept it. `paid` is the value of accepted goods that others delivered too, in base
    currency, and `elsewhere` what they would have cost at the average price of the others.
    """

    posted: int = 0
    reversed: int = 0
    days: Decimal | None = None
    first_days: Decimal | None = None
    expected: int = 0
    in_time: int = 0
    accepted: Decimal = Decimal(0)
    rejected: Decimal = Decimal(0)
    paid: Decimal | None = None
    elsewhere: Decimal | None = None


class DeliveryTime(NamedTuple):
    score: Decimal | None
    average_days: Decimal | None
    on_time_percentage: Decimal | None


class Quality(NamedTuple):
    score: Decimal | None
    defect_rate: Decimal | None
    return_rate: Decimal | None


class Pricing(NamedTuple):
    score: Decimal | None
    competitiveness: Decimal | None


class Responsiveness(NamedTuple):
    score: Decimal | None
    average_days: Decimal | None


class SupplierPerformance(NamedTuple):
    """Percentages and days with two decimals."""

    overall_score: Decimal | None
    delivery_time: DeliveryTime
    quality: Quality
    pricing: Pricing
    responsiveness: Responsiveness


def performance(known: Deliveries) -> SupplierPerformance:
    """The scores that follow from what is known."""
    delivery_time = _delivery_time(known)
    quality = _quality(known)
    pricing = _pricing(known)
    responsiveness = _responsiveness(known)
    scores = (delivery_time.score, quality.score, pricing.score, responsiveness.score)
    return SupplierPerformance(_mean(scores), delivery_time, quality, pricing, responsiveness)


def _delivery_time(known: Deliveries) -> DeliveryTime:
    on_time = _percentage(Decimal(known.in_time), Decimal(known.expected))
    return DeliveryTime(on_time, _short(known.days), on_time)


def _quality(known: Deliveries) -> Quality:
    defects = _percentage(known.rejected, known.accepted + known.rejected)
    returns = _percentage(Decimal(known.reversed), Decimal(known.posted + known.reversed))
    if defects is None or returns is None:
        return Quality(None, defects, returns)
    return Quality(_within(_FULL - defects - returns), defects, returns)


def _pricing(known: Deliveries) -> Pricing:
    if known.paid is None or known.elsewhere is None:
        return Pricing(None, None)
    competitiveness = _percentage(known.elsewhere, known.paid)
    return Pricing(None if competitiveness is None else _within(competitiveness), competitiveness)


def _responsiveness(known: Deliveries) -> Responsiveness:
    if known.first_days is None:
        return Responsiveness(None, None)
    return Responsiveness(_within(_FULL - known.first_days), _short(known.first_days))


def _mean(scores: Iterable[Decimal | None]) -> Decimal | None:
    known = [score for score in scores if score is not None]
    return _short(sum(known, Decimal(0)) / len(known)) if known else None


def _percentage(part: Decimal, whole: Decimal) -> Decimal | None:
    return _short(_FULL * part / whole) if whole else None


def _within(score: Decimal) -> Decimal:
    return min(max(score, Decimal(0)), _FULL).quantize(_CENTS, ROUND_HALF_UP)


def _short(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_CENTS, ROUND_HALF_UP)
