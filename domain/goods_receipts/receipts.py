"""The goods receipt itself: drafted, posted to its order, reversed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.approvals.approvables import check_reason
from domain.callers import Caller
from domain.goods_receipts.lifecycle import LIFECYCLE, GoodsReceiptStatus, Standing
from domain.goods_receipts.lines import GoodsReceiptLine, NewGoodsReceiptLine, misfits, put
from domain.kit import checks
from domain.kit.aggregate import Aggregate
from domain.kit.errors import RuleBroken, raise_first
from domain.kit.given import UNSET, Maybe
from domain.purchase_orders import PurchaseOrder, Received


@dataclass(kw_only=True, eq=False)
class GoodsReceipt(Aggregate):
    """A draft has no number: it is taken when the receipt is posted, so that there are no gaps.

    Whatever concerns the order is given the order, locked before the receipt.
    """

    kind = "goods_receipt"
    prefix = "gr"

    number: str | None = None
    status: GoodsReceiptStatus = LIFECYCLE.initial
    order_id: UUID
    supplier_id: UUID
    received_on: date
    delivery_note: str | None = None
    notes: str | None = None
    created_by_id: UUID
    posted_at: datetime | None = None
    posted_by_id: UUID | None = None
    reversed_at: datetime | None = None
    reversed_by_id: UUID | None = None
    reversal_reason: str | None = None
    lines: list[GoodsReceiptLine] = field(default_factory=list)

    @property
    def delivered(self) -> dict[UUID, Received]:
        """By the ids of the order's lines."""
        return {line.order_line_id: line.received for line in self.lines}

    @classmethod
    def create(
        cls,
        order: PurchaseOrder,
        lines: Sequence[NewGoodsReceiptLine],
        by: Caller,
        at: datetime,
        *,
        today: date,
        **values: Any,
    ) -> "GoodsReceipt":
        """A draft for an approved order. Raises RuleBroken with everything wrong with it."""
        order.require_approved()
        receipt = cls.founded(
            at,
            order_id=order.id,
            supplier_id=order.supplier_id,
            created_by_id=by.user_id,
            **values,
        )
        raise_first(misfits(lines, order.lines))
        put(receipt.lines, lines, order.lines)
        receipt._check(today)
        receipt._record(
            "created",
            at,
            {"status": (None, receipt.status)},
            order=str(order.id),
            lines=[line.said() for line in receipt.lines],
        )
        return receipt

    def update(
        self,
        values: Mapping[str, Any],
        lines: Maybe[Sequence[NewGoodsReceiptLine]],
        order: PurchaseOrder,
        by: Caller,
        at: datetime,
        *,
        today: date,
    ) -> None:
        """Change what is given of a draft; lines replace those there are."""
        self._require("update", order, by)
        changes = self._set(values)
        said = {}
        if lines is not UNSET:
            raise_first(misfits(lines, order.lines))
            put(self.lines, lines, order.lines)
            said["lines"] = [line.said() for line in self.lines]
        self._check(today)
        if changes or said:
            self._record("updated", at, changes, **said)

    def delete(self, order: PurchaseOrder, by: Caller, at: datetime) -> None:
        """Only the audit trail remembers a deleted draft."""
        self._require("delete", order, by)
        self._record("deleted", at, {"status": (self.status, None)}, order=str(order.id))

    def post(
        self, number: str, order: PurchaseOrder, by: Caller, at: datetime, *, tolerance: Decimal
    ) -> None:
        """Put it down to the order, which refuses more than `tolerance` percent too much."""
        self._require("post", order, by)
        order.receive(self.delivered, at, tolerance=tolerance, receipt=str(self.id))
        self.number, self.posted_at, self.posted_by_id = number, at, by.user_id
        self._move("post", "posted", at, number=number)

    def reverse(self, order: PurchaseOrder, by: Caller, at: datetime, reason: str) -> None:
        """Take from the order exactly what was put down to it; the number is not used again."""
        posted = self.status is GoodsReceiptStatus.POSTED
        self._require("reverse", order, by, order.billed_of(self.delivered) if posted else ())
        check_reason(reason)
        order.unreceive(self.delivered, at, receipt=str(self.id), reason=reason)
        self.reversed_at, self.reversed_by_id, self.reversal_reason = at, by.user_id, reason
        self._move("reverse", "reversed", at, reason=reason)

    def _require(
        self, action: str, order: PurchaseOrder, by: Caller, billed: Sequence[RuleBroken] = ()
    ) -> None:
        """`billed` says of each line what approved invoices bill of it, after why that matters."""
        standing = Standing(self.status, order.status, billed=bool(billed))
        if blockers := LIFECYCLE.blockers(standing, action, by):
            raise_first([*blockers, *billed])

    def _move(self, action: str, past: str, at: datetime, **details: Any) -> None:
        before, self.status = self.status, LIFECYCLE.after(self.status, action)
        said = {"order": str(self.order_id), **details}
        self._record(past, at, {"status": (before, self.status)}, **said)

    def _check(self, today: date) -> None:
        broken = checks.found(
            checks.day(self.received_on, ("received_on",), today=today),
            checks.text(self.delivery_note, ("delivery_note",), most=100),
            checks.text(self.notes, ("notes",), most=10_000),
        )
        for n, line in enumerate(self.lines):
            broken += checks.below(("lines", n), line.problems())
        raise_first(broken)
