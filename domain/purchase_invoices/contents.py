"""What a supplier's invoice says: its lines, what they come to, and when it is due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from domain.approvals.approvables import Approvable
from domain.approvals.conditions import RoutingFacts
from domain.callers import Caller
from domain.kit import checks
from domain.kit.errors import RuleBroken, raise_first
from domain.kit.money import check_currency, rounded
from domain.purchase_invoices.attachments import (
    NewPurchaseInvoiceAttachment,
    PurchaseInvoiceAttachment,
    attached,
)
from domain.purchase_invoices.lifecycle import LIFECYCLE, PaymentStatus, PurchaseInvoiceStatus
from domain.purchase_invoices.lines import (
    MOST_LINES,
    NewPurchaseInvoiceLine,
    PurchaseInvoiceLine,
)
from domain.purchase_invoices.matching import Match, MatchStatus
from domain.purchase_invoices.payments import PurchaseInvoicePayment
from domain.purchase_orders import PurchaseOrderStatus

MOST_TOTAL = Decimal(10) ** 13


@dataclass(kw_only=True, eq=False)
class PurchaseInvoiceContent(Approvable):
    """Amounts are in `currency`, `base_total` in the organization's base currency.

    `purchase_order_id` stays what it was created with: whoever changes an invoice locks its
    order first, and finds it by this. Department and project are the order's; without an order
    there are none. `creator_may_approve` is frozen at submission. `order_status` is not kept:
    whoever has locked the order says it.
    """

    number: str
    vendor_invoice_number: str
    status: PurchaseInvoiceStatus = LIFECYCLE.initial
    supplier_id: UUID
    purchase_order_id: UUID | None = None
    department_id: UUID | None = None
    project_id: UUID | None = None
    invoice_date: date
    due_date: date
    currency: str
    base_currency: str
    exchange_rate: Decimal = Decimal(1)
    notes: str | None = None
    subtotal: Decimal = Decimal(0)
    vat_amount: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    base_total: Decimal = Decimal(0)
    paid_amount: Decimal = Decimal(0)
    payment_status: PaymentStatus = PaymentStatus.UNPAID
    match_status: MatchStatus = MatchStatus.MISMATCH
    overridden_by_id: UUID | None = None
    overridden_at: datetime | None = None
    override_reason: str | None = None
    creator_may_approve: bool = False
    submitted_at: datetime | None = None
    approved_at: datetime | None = None
    lines: list[PurchaseInvoiceLine] = field(default_factory=list)
    attachments: list[PurchaseInvoiceAttachment] = field(default_factory=list)
    payments: list[PurchaseInvoicePayment] = field(default_factory=list)
    waqti_id: int | None = None
    order_status: PurchaseOrderStatus | None = None

    @property
    def routing_facts(self) -> RoutingFacts:
        return RoutingFacts(self.base_total, self.department_id, self.project_id, self.supplier_id)

    @property
    def billed(self) -> dict[UUID, Decimal]:
        """How much it bills of each of the order's lines."""
        return _added_up((line.order_line_id, line.quantity) for line in self.lines)

    @property
    def base_amounts(self) -> dict[UUID, Decimal]:
        """What it bills of each of the order's lines, with tax, in base currency."""
        amounts = _added_up((line.order_line_id, line.total) for line in self.lines)
        rate, currency = self.exchange_rate, self.base_currency
        return {id: rounded(amount * rate, currency) for id, amount in amounts.items()}

    @classmethod
    def create(
        cls,
        at: datetime,
        *,
        lines: Sequence[NewPurchaseInvoiceLine],
        attachments: Sequence[NewPurchaseInvoiceAttachment] = (),
        **values: Any,
    ) -> Self:
        """A draft. Every line says its tax rate. Raises RuleBroken with all that is wrong."""
        invoice = cls.founded(at, number="", **values)
        invoice.lines = _entered(lines)
        invoice.attachments = attached(attachments)
        invoice._settle()
        return invoice

    def created(self, number: str, at: datetime) -> None:
        """The last step of creating it: the number is taken late (it locks its series)."""
        self.number = number
        changes = {"status": (None, self.status)}
        self._record("created", at, changes, number=number, match_status=self.match_status)

    def update(
        self,
        values: Mapping[str, Any],
        by: Caller,
        at: datetime,
        *,
        lines: Sequence[NewPurchaseInvoiceLine] | None = None,
        attachments: Sequence[NewPurchaseInvoiceAttachment] | None = None,
    ) -> None:
        """Change what is given; lines and attachments replace those there are.

        Whoever took its differences upon them did so for what it said before.
        """
        self.require("update", by)
        before = self.total
        changes = dict(self._set(values))
        details: dict[str, Any] = {}
        if lines is not None:
            self.lines = _entered(lines)
            details["lines"] = [line.said() for line in self.lines]
        if attachments is not None:
            named = [attachment.name for attachment in self.attachments]
            self.attachments = attached(attachments)
            changes["attachments"] = (named, [a.name for a in self.attachments])
        self._settle()
        if self.total != before:
            changes["total"] = (before, self.total)
        if changes or details:
            changes |= self._set(dict.fromkeys(_OVERRIDE))
            self._record("updated", at, changes, **details)

    def delete(self, by: Caller, at: datetime) -> None:
        """Only the audit trail remembers a deleted draft."""
        self.require("delete", by)
        self._record("deleted", at, {"status": (self.status, None)}, number=self.number)

    def match(self, match: Match) -> MatchStatus:
        """Compare it with its order and receipts; the status it had before."""
        before, self.match_status = self.match_status, match.of(self.lines)
        return before

    def rematch(self, match: Match, at: datetime) -> None:
        """Compare it again, after something else than itself has changed."""
        before = self.match(match)
        if before is not self.match_status:
            self._record("rematched", at, {"match_status": (before, self.match_status)})

    # Inside

    def _settle(self) -> None:
        """Check the content as a whole, then add it up."""
        raise_first([*self._problems()])
        for line in self.lines:
            line.price(self.currency)
        self.subtotal = sum((line.net for line in self.lines), Decimal(0))
        self.vat_amount = sum((line.vat_amount for line in self.lines), Decimal(0))
        self.total = self.subtotal + self.vat_amount
        base_total = self.total * self.exchange_rate
        # Before rounding: what is larger may have more digits than can be rounded.
        if max(self.total, base_total) > MOST_TOTAL:
            raise RuleBroken("the invoice's total is too large", path=("lines",))
        if not self.total:
            raise RuleBroken("an invoice must come to more than 0", path=("lines",))
        self.base_total = rounded(base_total, self.base_currency)

    def _problems(self) -> Iterable[RuleBroken]:
        number = self.vendor_invoice_number
        yield from checks.found(
            checks.text(number, ("vendor_invoice_number",), most=100, required=True),
            check_currency(self.currency),
            checks.number(self.exchange_rate, ("exchange_rate",), above=True),
            RuleBroken("this must be 1 for the base currency", path=("exchange_rate",))
            if self.currency == self.base_currency and self.exchange_rate != 1
            else None,
            RuleBroken("this is before the date of the invoice", path=("due_date",))
            if self.due_date < self.invoice_date
            else None,
            checks.text(self.notes, ("notes",), most=10_000),
            None
            if self.lines
            else RuleBroken("an invoice needs at least one line", path=("lines",)),
        )
        if len(self.lines) > MOST_LINES:
            yield RuleBroken("at most {most} are possible", path=("lines",), most=MOST_LINES)
            return
        for n, line in enumerate(self.lines):
            yield from checks.below(("lines", n), line.problems())
        for n, attachment in enumerate(self.attachments):
            yield from checks.below(("attachments", n), attachment.problems())


_OVERRIDE = ("overridden_by_id", "overridden_at", "override_reason")


def _entered(lines: Sequence[NewPurchaseInvoiceLine]) -> list[PurchaseInvoiceLine]:
    return [PurchaseInvoiceLine(position=n, **vars(line)) for n, line in enumerate(lines, start=1)]


def _added_up(amounts: Iterable[tuple[UUID | None, Decimal]]) -> dict[UUID, Decimal]:
    """By the lines of the order; what is on none of them is left out."""
    sums: dict[UUID, Decimal] = {}
    for id, amount in amounts:
        if id is not None:
            sums[id] = sums.get(id, Decimal(0)) + amount
    return sums
