"""The three-way match: what is invoiced, against what was ordered and what was accepted.

Each line is compared by quantity, price and tax. Invoices of an order are looked at in the order
in which they came in: each bills what those before it have left.
"""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.kit.money import raised, written


class MatchStatus(StrEnum):
    """How an invoice, or a line of one, agrees with the order and its receipts.

    PENDING_GRN: nothing disagrees, but goods have still to be received. PARTIAL_MATCH: some lines
    disagree. MISMATCH: all do.
    """

    PENDING_GRN = "PENDING_GRN"
    FULL_MATCH = "FULL_MATCH"
    PARTIAL_MATCH = "PARTIAL_MATCH"
    MISMATCH = "MISMATCH"


class MatchAspect(StrEnum):
    """What of a line is compared. ORDER_LINE: whether it is on a line of the order at all."""

    ORDER_LINE = "ORDER_LINE"
    QUANTITY = "QUANTITY"
    UNIT_PRICE = "UNIT_PRICE"
    VAT_RATE = "VAT_RATE"


class MatchVerdict(StrEnum):
    """WAITING: it will agree as soon as the goods that were ordered have been accepted."""

    AGREES = "AGREES"
    WAITING = "WAITING"
    DIFFERS = "DIFFERS"


@dataclass(frozen=True, kw_only=True)
class MatchFinding:
    """One comparison. Quantities count what earlier invoices bill of the order's line.

    What is expected is the quantity accepted, or the one ordered when even that is exceeded;
    the price and the rate that were ordered.
    """

    aspect: MatchAspect
    verdict: MatchVerdict
    expected: Decimal | None = None
    found: Decimal | None = None


class Tolerances(NamedTuple):
    """In percent; `tax` in percentage points."""

    quantity: Decimal = Decimal(0)
    price: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    over_receipt: Decimal = Decimal(0)


class Tolerating(Protocol):
    """An organization has it, and so has its row."""

    @property
    def match_quantity_tolerance(self) -> Decimal: ...
    @property
    def match_price_tolerance(self) -> Decimal: ...
    @property
    def match_tax_tolerance(self) -> Decimal: ...
    @property
    def over_receipt_tolerance(self) -> Decimal: ...


def tolerances_of(organization: Tolerating) -> Tolerances:
    return Tolerances(
        organization.match_quantity_tolerance,
        organization.match_price_tolerance,
        organization.match_tax_tolerance,
        organization.over_receipt_tolerance,
    )


class Ordered(Protocol):
    """A line of an order, as far as invoices are compared with it."""

    @property
    def id(self) -> UUID: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit_price(self) -> Decimal: ...
    @property
    def vat_rate(self) -> Decimal: ...
    @property
    def accepted(self) -> Decimal: ...
    @property
    def invoiced(self) -> Decimal: ...


class Invoiced(Protocol):
    """A line of an invoice, which remembers what its comparison found."""

    match_status: MatchStatus
    findings: list[MatchFinding]

    @property
    def order_line_id(self) -> UUID | None: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit_price(self) -> Decimal: ...
    @property
    def vat_rate(self) -> Decimal: ...


class Match:
    """Compares the open invoices of one order, one after the other as they came in.

    Without an order, whatever is invoiced is on no line of it.
    """

    def __init__(self, ordered: Iterable[Ordered], tolerances: Tolerances) -> None:
        self._ordered: Mapping[UUID, Ordered] = {line.id: line for line in ordered}
        self._tolerances = tolerances
        self._billed: MutableMapping[UUID, Decimal] = {
            line.id: line.invoiced for line in self._ordered.values()
        }

    def of(self, lines: Sequence[Invoiced]) -> MatchStatus:
        """How the invoice with these lines agrees; each line is told what was found of it."""
        for line in lines:
            line.findings = self._compared(line)
            line.match_status = _status_of_line(line.findings)
        return _status_of_invoice({line.match_status for line in lines})

    def _compared(self, line: Invoiced) -> list[MatchFinding]:
        ordered = self._ordered.get(line.order_line_id) if line.order_line_id else None
        if ordered is None:
            return [MatchFinding(aspect=MatchAspect.ORDER_LINE, verdict=MatchVerdict.DIFFERS)]
        tolerances = self._tolerances
        self._billed[ordered.id] += line.quantity
        return [
            _quantity(self._billed[ordered.id], ordered, tolerances),
            _finding(
                MatchAspect.UNIT_PRICE,
                _agreeing(agrees=line.unit_price <= raised(ordered.unit_price, tolerances.price)),
                ordered.unit_price,
                line.unit_price,
            ),
            _finding(
                MatchAspect.VAT_RATE,
                _agreeing(agrees=abs(line.vat_rate - ordered.vat_rate) <= tolerances.tax),
                ordered.vat_rate,
                line.vat_rate,
            ),
        ]


def _quantity(billed: Decimal, ordered: Ordered, tolerances: Tolerances) -> MatchFinding:
    verdict, expected = MatchVerdict.DIFFERS, ordered.quantity
    most_accepted = raised(ordered.quantity, tolerances.over_receipt)
    if billed <= raised(ordered.accepted, tolerances.quantity):
        verdict, expected = MatchVerdict.AGREES, ordered.accepted
    elif billed <= raised(most_accepted, tolerances.quantity):
        verdict, expected = MatchVerdict.WAITING, ordered.accepted
    return _finding(MatchAspect.QUANTITY, verdict, expected, billed)


def _finding(
    aspect: MatchAspect, verdict: MatchVerdict, expected: Decimal, found: Decimal
) -> MatchFinding:
    return MatchFinding(
        aspect=aspect,
        verdict=verdict,
        expected=Decimal(written(expected)),
        found=Decimal(written(found)),
    )


def _agreeing(*, agrees: bool) -> MatchVerdict:
    return MatchVerdict.AGREES if agrees else MatchVerdict.DIFFERS


def _status_of_line(findings: Iterable[MatchFinding]) -> MatchStatus:
    verdicts = {finding.verdict for finding in findings}
    if MatchVerdict.DIFFERS in verdicts:
        return MatchStatus.MISMATCH
    return MatchStatus.PENDING_GRN if MatchVerdict.WAITING in verdicts else MatchStatus.FULL_MATCH


def _status_of_invoice(lines: set[MatchStatus]) -> MatchStatus:
    if MatchStatus.MISMATCH not in lines:
        waits = MatchStatus.PENDING_GRN in lines
        return MatchStatus.PENDING_GRN if waits else MatchStatus.FULL_MATCH
    return MatchStatus.MISMATCH if len(lines) == 1 else MatchStatus.PARTIAL_MATCH
