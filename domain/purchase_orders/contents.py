"""What a purchase order says: its lines, its attachments, and what they come to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from domain.approvals.conditions import RoutingFacts
from domain.callers import Caller
from domain.kit import checks
from domain.kit.errors import Path, RuleBroken, raise_first
from domain.kit.given import UNSET, Maybe
from domain.kit.money import check_currency, rounded
from domain.purchase_orders.attachments import (
    NewPurchaseOrderAttachment,
    PurchaseOrderAttachment,
    attached,
)
from domain.purchase_orders.fulfilment import Fulfillable
from domain.purchase_orders.lifecycle import LIFECYCLE, PurchaseOrderStatus
from domain.purchase_orders.lines import (
    MOST_LINES,
    NewPurchaseOrderLine,
    PurchaseOrderLine,
    PurchaseOrderLineChange,
    line_with,
    misfits,
    put,
)

MOST_SEARCHED = 100_000  # a text search vector holds a megabyte
MOST_TOTAL = Decimal(10) ** 13
_WORD = re.compile(r"\w+")


@dataclass(kw_only=True, eq=False)
class PurchaseOrderContent(Fulfillable):
    """Amounts are in `currency`, `base_total` in the organization's base currency.

    `line_count` and `searched` are kept beside what they are derived from, because lists look at
    them. `budget_named` says that a user chose the budget; submission chooses it otherwise.
    """

    number: str
    status: PurchaseOrderStatus = LIFECYCLE.initial
    supplier_id: UUID
    department_id: UUID
    project_id: UUID | None = None
    currency: str
    base_currency: str
    exchange_rate: Decimal = Decimal(1)
    notes: str | None = None
    delivery_address: str | None = None
    expected_delivery_date: date | None = None
    subtotal: Decimal = Decimal(0)
    vat_amount: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    base_total: Decimal = Decimal(0)
    line_count: int = 0
    searched: str = ""
    revision: int = 1
    approved_revision: int | None = None
    budget_id: UUID | None = None
    budget_named: bool = False
    submitted_at: datetime | None = None
    approved_at: datetime | None = None
    cloned_from_id: UUID | None = None
    attachments: list[PurchaseOrderAttachment] = field(default_factory=list)
    waqti_id: int | None = None
    shoplazza_id: int | None = None

    @property
    def routing_facts(self) -> RoutingFacts:
        return RoutingFacts(self.base_total, self.department_id, self.project_id, self.supplier_id)

    @classmethod
    def create(
        cls,
        at: datetime,
        *,
        vat_rate: Decimal,
        lines: Sequence[NewPurchaseOrderLine] = (),
        attachments: Sequence[NewPurchaseOrderAttachment] = (),
        **values: Any,
    ) -> Self:
        """A draft. Raises RuleBroken with everything that is wrong with it."""
        named = values.get("budget_id") is not None
        order = cls.founded(at, number="", budget_named=named, **values)
        for line in lines:
            put(order.lines, PurchaseOrderLineChange(**vars(line)), vat_rate)
        order.attachments = attached(attachments)
        order._settle()
        return order

    def created(self, number: str, at: datetime) -> None:
        """The last step of creating it: the number is taken late (it locks its series)."""
        self.number = number
        self.searched = self._searched()
        self._record("created", at, {"status": (None, self.status)}, number=number)

    def update(
        self,
        values: Mapping[str, Any],
        lines: Sequence[PurchaseOrderLineChange],
        by: Caller,
        at: datetime,
        *,
        vat_rate: Decimal,
        attachments: Maybe[Sequence[NewPurchaseOrderAttachment]] = UNSET,
    ) -> None:
        """Change what is given; lines with an id are changed, others added (fact W-42).

        Attachments replace those there are.
        """
        self.require("update", by)
        changes = dict(self._set(values))
        if "budget_id" in values:
            self.budget_named = self.budget_id is not None
        raise_first(misfits(self.lines, lines))
        places = {
            put(self.lines, change, vat_rate).id: ("lines", n) for n, change in enumerate(lines)
        }
        if attachments is not UNSET:
            before_names = [attachment.name for attachment in self.attachments]
            self.attachments = attached(attachments)
            changes["attachments"] = (before_names, [a.name for a in self.attachments])
        before = self.total
        self._settle(places)
        if lines:
            changes["total"] = (before, self.total)
        if changes:
            self._record("updated", at, changes, lines=[change.said() for change in lines])

    def add_line(
        self, line: NewPurchaseOrderLine, by: Caller, at: datetime, *, vat_rate: Decimal
    ) -> PurchaseOrderLine:
        self.require("update", by)
        added = put(self.lines, PurchaseOrderLineChange(**vars(line)), vat_rate)
        self._line_event("line_added", added, at, ("line",))
        return added

    def update_line(
        self, change: PurchaseOrderLineChange, by: Caller, at: datetime, *, vat_rate: Decimal
    ) -> PurchaseOrderLine:
        self.require("update", by)
        line_with(self.lines, change.id, ("line_id",))
        changed = put(self.lines, change, vat_rate)
        self._line_event("line_updated", changed, at, (), **change.values())
        return changed

    def delete_line(self, id: UUID, by: Caller, at: datetime) -> None:
        """Take a line away; the ones after it move up (fact W-52)."""
        self.require("update", by)
        gone = line_with(self.lines, id, ("line_id",))
        self.lines.remove(gone)
        for position, line in enumerate(self.lines, start=1):
            line.position = position
        self._line_event("line_deleted", gone, at, ())

    def delete(self, by: Caller, at: datetime) -> None:
        """Only the audit trail remembers a deleted draft."""
        self.require("delete", by)
        self._record("deleted", at, {"status": (self.status, None)}, number=self.number)

    def clone(self, by: Caller, at: datetime) -> Self:
        """A new draft with the same content; its creator is whoever clones."""
        self.require("clone", by)
        kept = ("supplier_id", "department_id", "project_id", "currency", "base_currency")
        more = ("exchange_rate", "notes", "delivery_address", "expected_delivery_date")
        named = {"budget_id": self.budget_id} if self.budget_named else {}
        copy = self.create(
            at,
            vat_rate=Decimal(0),
            created_by_id=by.user_id,
            cloned_from_id=self.id,
            lines=[
                NewPurchaseOrderLine(
                    **{
                        name: getattr(line, name)
                        for name in NewPurchaseOrderLine.__dataclass_fields__
                    }
                )
                for line in self.lines
            ],
            attachments=[
                NewPurchaseOrderAttachment(name=a.name, url=a.url) for a in self.attachments
            ],
            **{name: getattr(self, name) for name in (*kept, *more)},
            **named,
        )
        self._record("cloned", at, into=str(copy.id))
        return copy

    def _line_event(
        self, past: str, line: PurchaseOrderLine, at: datetime, place: Path, **details: Any
    ) -> None:
        before = self.total
        self._settle({line.id: place})
        changes = {"total": (before, self.total)}
        self._record(past, at, changes, line=str(line.id), position=line.position, **details)

    def _settle(self, places: Mapping[UUID, Path] | None = None) -> None:
        """Check the content as a whole, then add it up.

        `places` says where in the input a line stands, when not where it is in the order.
        """
        raise_first([*self._problems(places or {})])
        for line in self.lines:
            line.price(self.currency)
        self.line_count = len(self.lines)
        self.searched = self._searched()
        self.subtotal = _sum(line.net for line in self.lines)
        self.vat_amount = _sum(line.vat_amount for line in self.lines)
        self.total = self.subtotal + self.vat_amount
        base_total = self.total * self.exchange_rate
        # Before rounding: what is larger may have more digits than can be rounded.
        if max(self.total, base_total) > MOST_TOTAL:
            raise RuleBroken("the order's total is too large", path=("lines",))
        self.base_total = rounded(base_total, self.base_currency)
        self._restate()

    def _searched(self) -> str:
        """The words to find the order by, parted where a search parts them."""
        texts = (
            self.number,
            self.notes,
            self.delivery_address,
            *(x.description for x in self.lines),
        )
        return " ".join(_WORD.findall(" ".join(filter(None, texts))))[:MOST_SEARCHED]

    def _problems(self, places: Mapping[UUID, Path]) -> Iterable[RuleBroken]:
        yield from checks.found(
            check_currency(self.currency),
            checks.number(self.exchange_rate, ("exchange_rate",), above=True),
            RuleBroken("this must be 1 for the base currency", path=("exchange_rate",))
            if self.currency == self.base_currency and self.exchange_rate != 1
            else None,
            checks.text(self.notes, ("notes",), most=10_000),
            checks.text(self.delivery_address, ("delivery_address",), most=500),
        )
        if len(self.lines) > MOST_LINES:
            yield RuleBroken("at most {most} are possible", path=("lines",), most=MOST_LINES)
            return
        for n, part in enumerate(self.lines):
            yield from checks.below(places.get(part.id, ("lines", n)), part.problems())
        for n, attachment in enumerate(self.attachments):
            yield from checks.below(("attachments", n), attachment.problems())


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
