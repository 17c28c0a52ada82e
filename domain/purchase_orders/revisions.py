"""Revisions: what an order said at a time, kept for good, and how one differs from another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from domain.kit.aggregate import Changes
from domain.kit.ids import new_id
from domain.kit.money import rounded
from domain.purchase_orders.lines import PurchaseOrderLine


@dataclass(frozen=True, kw_only=True)
class RevisionLine:
    """A line as it was; with the same id in every revision that has it."""

    id: UUID
    waqti_id: int | None
    position: int
    description: str
    quantity: Decimal
    unit: str | None
    unit_price: Decimal
    vat_rate: Decimal
    net: Decimal
    vat_amount: Decimal
    total: Decimal


@dataclass(frozen=True, kw_only=True)
class RevisionContent:
    """What an amendment can change, and what it comes to. Amounts are in the order's currency."""

    notes: str | None
    delivery_address: str | None
    expected_delivery_date: date | None
    subtotal: Decimal
    vat_amount: Decimal
    total: Decimal
    lines: list[RevisionLine]


@dataclass(kw_only=True, eq=False)
class PurchaseOrderRevision:
    """Kept when an order is approved, and with every amendment. Never changed or deleted."""

    id: UUID = field(default_factory=new_id)
    order_id: UUID
    number: int
    at: datetime
    by_id: UUID
    reason: str | None
    content: RevisionContent
    changes: dict[str, list[Any]]  # field -> before, after


class Amendable(Protocol):
    """What an order's content is read from."""

    notes: str | None
    delivery_address: str | None
    expected_delivery_date: date | None
    subtotal: Decimal
    vat_amount: Decimal
    total: Decimal
    lines: list[PurchaseOrderLine]


HEAD = ("notes", "delivery_address", "expected_delivery_date")
_SUMS = ("subtotal", "vat_amount", "total")
_OF_LINES = tuple(f.name for f in fields(RevisionLine))
_TOLD = ("description", "quantity", "unit", "unit_price", "vat_rate")


def content_of(order: Amendable) -> RevisionContent:
    return RevisionContent(
        **{name: getattr(order, name) for name in (*HEAD, *_SUMS)},
        lines=[
            RevisionLine(**{name: getattr(line, name) for name in _OF_LINES})
            for line in order.lines
        ],
    )


def difference(before: RevisionContent, after: RevisionContent) -> Changes:
    """Field by field: `total`, `lines.2.quantity`; a whole line where it came or went."""
    changes: dict[str, tuple[Any, Any]] = {}
    for name in (*HEAD, "total"):
        changes[name] = (getattr(before, name), getattr(after, name))
    old, new = ({line.id: line for line in content.lines} for content in (before, after))
    for id in old.keys() | new.keys():
        was, now = old.get(id), new.get(id)
        if was is not None and now is not None:
            for name in _TOLD:
                changes[f"lines.{now.position}.{name}"] = (getattr(was, name), getattr(now, name))
        elif (line := was or now) is not None:
            told = {name: getattr(line, name) for name in _TOLD}
            place = f"lines.{line.position}"
            changes[f"{place}.removed" if now is None else f"{place}.added"] = (
                (told, None) if now is None else (None, told)
            )
    return {name: pair for name, pair in sorted(changes.items()) if pair[0] != pair[1]}


def added(before: RevisionContent, after: Sequence[PurchaseOrderLine]) -> Decimal:
    """What the lines come to more, each for itself: one that shrinks pays for no other."""
    old: Mapping[UUID, Decimal] = {line.id: line.total for line in before.lines}
    more = (line.total - old.get(line.id, Decimal(0)) for line in after)
    return sum((each for each in more if each > 0), Decimal(0))


def leaves(
    approved: RevisionContent,
    lines: Sequence[PurchaseOrderLine],
    *,
    tolerance: Decimal,
    currency: str,
) -> bool:
    """Whether lines exceed what was approved by more than `tolerance` percent of it."""
    return added(approved, lines) > rounded(approved.total * tolerance / 100, currency)
