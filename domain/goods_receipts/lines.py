"""Lines of a goods receipt: what came of a line of the order, and what was wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from domain.kit import checks
from domain.kit.errors import RuleBroken
from domain.kit.ids import new_id
from domain.purchase_orders import PurchaseOrderLine, Received


@dataclass(frozen=True, kw_only=True)
class NewGoodsReceiptLine:
    """What was delivered of a line of the order."""

    order_line_id: Annotated[UUID, PurchaseOrderLine, "The line of the order; each only once."]
    accepted: Annotated[Decimal, "How much was kept, in the line's unit; 0 when nothing was."]
    rejected: Annotated[Decimal, "How much went back; it can be delivered again."] = Decimal(0)
    rejection_reason: Annotated[str | None, "Why; needed when anything was rejected."] = None
    quality_note: Annotated[str | None, "What was seen when the goods were inspected."] = None


@dataclass(kw_only=True, eq=False)
class GoodsReceiptLine:
    """`unit` is the one of the order's line."""

    kind = "goods_receipt_line"
    prefix = "grl"

    id: UUID = field(default_factory=new_id)
    position: int
    order_line_id: UUID
    accepted: Decimal
    rejected: Decimal
    rejection_reason: str | None = None
    quality_note: str | None = None
    unit: str | None = None

    @property
    def received(self) -> Received:
        return Received(self.accepted, self.rejected)

    def problems(self) -> list[RuleBroken]:
        """Fact W-76: per line what was accepted and rejected, and its quality."""
        return checks.found(
            checks.number(self.accepted, ("accepted",)),
            checks.number(self.rejected, ("rejected",)),
            RuleBroken("this line says that nothing was delivered", path=("accepted",))
            if self.accepted == self.rejected == 0
            else None,
            checks.text(
                self.rejection_reason, ("rejection_reason",), most=500, required=self.rejected > 0
            ),
            checks.text(self.quality_note, ("quality_note",), most=2000),
        )

    def said(self) -> dict[str, Any]:
        """As the audit trail tells it."""
        told = ("accepted", "rejected", "rejection_reason", "quality_note")
        return {"id": str(self.order_line_id), **{name: getattr(self, name) for name in told}}


def misfits(
    given: Sequence[NewGoodsReceiptLine], ordered: Sequence[PurchaseOrderLine]
) -> list[RuleBroken]:
    """What keeps these lines from being received for an order with these lines."""
    if not given:
        return [RuleBroken("a receipt needs at least one line", path=("lines",))]
    known, seen = {line.id for line in ordered}, set[UUID]()
    broken = []
    for n, line in enumerate(given):
        path = ("lines", n, "order_line_id")
        if line.order_line_id not in known:
            broken.append(RuleBroken("this order has no such line", path=path))
        elif line.order_line_id in seen:
            broken.append(RuleBroken("this line is on the receipt already", path=path))
        seen.add(line.order_line_id)
    return broken


def put(
    lines: list[GoodsReceiptLine],
    given: Sequence[NewGoodsReceiptLine],
    ordered: Sequence[PurchaseOrderLine],
) -> None:
    """Make the lines those that are given; one for the same line of the order is kept."""
    units = {line.id: line.unit for line in ordered}
    kept = {line.order_line_id: line for line in lines}
    lines[:] = [
        _changed(
            kept.get(line.order_line_id),
            position=position,
            unit=units[line.order_line_id],
            **vars(line),
        )
        for position, line in enumerate(given, start=1)
    ]


def _changed(line: GoodsReceiptLine | None, **values: Any) -> GoodsReceiptLine:
    if line is None:
        return GoodsReceiptLine(**values)
    for name, value in values.items():
        setattr(line, name, value)
    return line
