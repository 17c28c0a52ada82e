"""What became of an approved order: how much of it arrived, and how much of it was billed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from domain.approvals.approvables import Approvable
from domain.kit.aggregate import Changes
from domain.kit.errors import RuleBroken, raise_first
from domain.kit.money import raised, written
from domain.purchase_orders.lifecycle import (
    BillingStatus,
    PurchaseOrderStatus,
    ReceiptStatus,
    unapproved,
)
from domain.purchase_orders.lines import PurchaseOrderLine, line_with


class Received(NamedTuple):
    """How much of a line a delivery brought: what was kept, and what went back."""

    accepted: Decimal
    rejected: Decimal = Decimal(0)


def most_accepted(line: PurchaseOrderLine, tolerance: Decimal) -> Decimal:
    """What may be accepted of a line in all; `tolerance` is in percent."""
    return raised(line.quantity, tolerance)


def still_open(ordered: Decimal, accepted: Decimal) -> Decimal:
    """What is to come: rejected goods are to be delivered again, more than ordered is not less."""
    return max(ordered - accepted, Decimal(0))


def receipt_status(lines: Sequence[PurchaseOrderLine]) -> ReceiptStatus:
    if lines and all(line.accepted >= line.quantity for line in lines):
        return ReceiptStatus.COMPLETE
    if any(line.accepted for line in lines):
        return ReceiptStatus.PARTIAL
    return ReceiptStatus.NONE


def billing_status(lines: Sequence[PurchaseOrderLine]) -> BillingStatus:
    if lines and all(line.invoiced >= line.quantity for line in lines):
        return BillingStatus.FULL
    if any(line.invoiced for line in lines):
        return BillingStatus.PARTIAL
    return BillingStatus.NONE


@dataclass(kw_only=True, eq=False)
class Fulfillable(Approvable):
    """Keeps what was received and billed of each line, and what that makes of the order.

    `posted_receipts` and `open_invoices` are counted here because they keep the order from being
    cancelled (fact W-49).
    """

    status: PurchaseOrderStatus = PurchaseOrderStatus.DRAFT
    receipt_status: ReceiptStatus = ReceiptStatus.NONE
    billing_status: BillingStatus = BillingStatus.NONE
    posted_receipts: int = 0
    open_invoices: int = 0
    lines: list[PurchaseOrderLine] = field(default_factory=list)

    def receive(
        self, delivered: Mapping[UUID, Received], at: datetime, *, tolerance: Decimal, **said: Any
    ) -> None:
        """Take in a delivery, by the ids of its lines (fact W-76).

        Raises IllegalMove unless the order is approved, NotFound for another order's line, and
        RuleBroken for what exceeds the ordered quantity by more than `tolerance` percent.
        """
        self.require_approved()
        lines = self._lines_of(delivered)
        raise_first([*_excess(lines, delivered.values(), tolerance)])
        for line, quantity in zip(lines, delivered.values(), strict=True):
            line.accepted += quantity.accepted
            line.rejected += quantity.rejected
        self.posted_receipts += 1
        self._fulfilled("received", at, lines=_told(delivered), **said)

    def unreceive(self, delivered: Mapping[UUID, Received], at: datetime, **said: Any) -> None:
        """Undo a delivery. Raises RuleBroken when approved invoices bill what it brought."""
        self.require_approved()
        raise_first(self.billed_of(delivered))
        lines = self._lines_of(delivered)
        for line, quantity in zip(lines, delivered.values(), strict=True):
            line.accepted -= quantity.accepted
            line.rejected -= quantity.rejected
        self.posted_receipts -= 1
        self._fulfilled("receipt_reversed", at, lines=_told(delivered), **said)

    def billed_of(self, delivered: Mapping[UUID, Received]) -> list[RuleBroken]:
        """What of a delivery cannot be undone, because approved invoices bill it."""
        return [*_billed(self._lines_of(delivered), delivered.values())]

    def bill(self, quantities: Mapping[UUID, Decimal], at: datetime, **said: Any) -> None:
        """An approved invoice bills these quantities, by the ids of their lines.

        Also of an order that was closed short: what was delivered until then is to be paid.
        """
        if self.status is not PurchaseOrderStatus.COMPLETED:
            self.require_approved()
        for line, quantity in zip(self._lines_of(quantities), quantities.values(), strict=True):
            line.invoiced += quantity
        self._fulfilled("invoiced", at, lines=_billing(quantities), **said)

    def unbill(self, quantities: Mapping[UUID, Decimal], at: datetime, **said: Any) -> None:
        """An invoice that was approved does not count any more."""
        self.require_approved()
        for line, quantity in zip(self._lines_of(quantities), quantities.values(), strict=True):
            line.invoiced -= quantity
        self._fulfilled("invoice_reversed", at, lines=_billing(quantities), **said)

    def count_invoices(self, more: int) -> None:
        """So many more invoices, or fewer, keep it from being cancelled."""
        self.open_invoices += more

    def require_approved(self) -> None:
        """Raise IllegalMove unless goods can be received for it, and invoices booked."""
        if self.status is not PurchaseOrderStatus.APPROVED:
            raise unapproved(self.status)

    def _lines_of(self, ids: Iterable[UUID]) -> list[PurchaseOrderLine]:
        return [
            line_with(self.lines, id, ("lines", n, "order_line_id")) for n, id in enumerate(ids)
        ]

    def _fulfilled(self, past: str, at: datetime, **details: Any) -> None:
        self._record(past, at, self._restate(), **details)
        self._complete(at)

    def _restate(self) -> Changes:
        """Work out both statuses, from what the lines say now."""
        return self._set(
            {
                "receipt_status": receipt_status(self.lines),
                "billing_status": billing_status(self.lines),
            }
        )

    def _complete(self, at: datetime) -> None:
        """An approved order that has all arrived and is all billed is done."""
        received = self.receipt_status is ReceiptStatus.COMPLETE
        billed = self.billing_status is BillingStatus.FULL
        if received and billed and self.status is PurchaseOrderStatus.APPROVED:
            self._record("completed", at, self._set({"status": PurchaseOrderStatus.COMPLETED}))


def _excess(
    lines: Iterable[PurchaseOrderLine], delivered: Iterable[Received], tolerance: Decimal
) -> Iterable[RuleBroken]:
    for n, (line, quantity) in enumerate(zip(lines, delivered, strict=True)):
        open = most_accepted(line, tolerance) - line.accepted
        if quantity.accepted + quantity.rejected > open:
            yield RuleBroken(
                "line {position}, {description}: {open} can still be delivered, not {delivered}",
                path=("lines", n),
                position=line.position,
                description=line.description,
                open=written(max(open, Decimal(0))),
                delivered=written(quantity.accepted + quantity.rejected),
            )


def _billed(
    lines: Iterable[PurchaseOrderLine], delivered: Iterable[Received]
) -> Iterable[RuleBroken]:
    for line, quantity in zip(lines, delivered, strict=True):
        remaining = line.accepted - quantity.accepted
        if quantity.accepted and line.invoiced > remaining:
            yield RuleBroken(
                "line {position}, {description}: approved invoices bill {invoiced} of it,"
                " and only {remaining} would remain",
                position=line.position,
                description=line.description,
                invoiced=written(line.invoiced),
                remaining=written(remaining),
            )


def _told(delivered: Mapping[UUID, Received]) -> list[dict[str, Any]]:
    return [{"id": str(id), **quantity._asdict()} for id, quantity in delivered.items()]


def _billing(quantities: Mapping[UUID, Decimal]) -> list[dict[str, Any]]:
    return [{"id": str(id), "quantity": quantity} for id, quantity in quantities.items()]
