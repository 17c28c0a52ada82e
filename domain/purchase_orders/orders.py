"""The purchase order on its way: submitted, decided, amended, cancelled, closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.approvals.approvables import check_reason
from domain.approvals.conditions import DocumentType
from domain.approvals.requests import ApprovalRequest, RequestStatus
from domain.budgets.entries import Booking
from domain.callers import Caller
from domain.kit.errors import Path, RuleBroken, raise_first
from domain.purchase_orders import bookings
from domain.purchase_orders.amendments import Amendment, check_fulfilled, restored
from domain.purchase_orders.contents import PurchaseOrderContent
from domain.purchase_orders.lifecycle import LIFECYCLE, PurchaseOrderStatus
from domain.purchase_orders.lines import PurchaseOrderLine, put
from domain.purchase_orders.revisions import HEAD, RevisionContent, content_of, difference


@dataclass(kw_only=True, eq=False)
class PurchaseOrder(PurchaseOrderContent):
    """What we ask a supplier for, and who agreed to it."""

    kind = "purchase_order"
    prefix = "po"
    lifecycle = LIFECYCLE
    document_type = DocumentType.PURCHASE_ORDER

    def submit(self, request: ApprovalRequest | None, by: Caller, at: datetime) -> None:
        """Send it on its route; without one it is approved at once (fact W-46)."""
        self.require("submit", by)
        self.submitted_at = at
        self._route(request, at)

    def cancel(self, by: Caller, at: datetime, reason: str | None = None) -> None:
        self.require("cancel", by)
        check_reason(reason, required=False)
        self._withdraw(at)
        self._move("cancel", "cancelled", at, reason=reason)

    def close_short(self, by: Caller, at: datetime, reason: str) -> None:
        self.require("close_short", by)
        check_reason(reason)
        self._move("close_short", "closed_short", at, reason=reason)

    def amend(
        self, amendment: Amendment, by: Caller, at: datetime, *, vat_rate: Decimal
    ) -> RevisionContent:
        """Change what was approved; what it was before. `settle_amendment` comes next."""
        self.require("amend", by)
        check_reason(amendment.reason)
        raise_first(amendment.problems(self.lines))
        before = content_of(self)
        self._set(amendment.head)
        gone = {*amendment.removed_line_ids}
        self._keep([line for line in self.lines if line.id not in gone])
        for position, line in enumerate(self.lines, start=1):
            line.position = position
        places: dict[UUID, Path] = {
            put(self.lines, change, vat_rate).id: ("lines", n)
            for n, change in enumerate(amendment.lines)
        }
        self._settle(places)
        check_fulfilled(self.lines, before, amendment.lines)
        self.revision += 1
        self.updated_at = at
        return before

    def settle_amendment(
        self,
        before: RevisionContent,
        request: ApprovalRequest | None,
        at: datetime,
        reason: str,
        *,
        decided: bool,
    ) -> None:
        """Put it in force, or send it on its route.

        `decided` says that nobody has to agree although it leaves the tolerance.
        """
        changes = difference(before, content_of(self))
        if not changes:
            raise RuleBroken("this amendment changes nothing", path=("lines",))
        if request is not None:
            self.approval_requests.append(request)
        pending = request is not None and request.status is RequestStatus.PENDING
        target = PurchaseOrderStatus.PENDING_APPROVAL if pending else PurchaseOrderStatus.APPROVED
        if decided and not pending:
            self.approved_revision = self.revision
        self._move("amend", "amended", at, target, changes, reason=reason, revision=self.revision)
        self._tell_of_deputies(at)
        self._complete(at)

    # Budget: what the lines move in it, for `usecases.budgets.book`; nothing without one

    def rebook(self) -> list[Booking]:
        """Whatever happened: reserve, commit and release until lines hold what they should.

        All of it while it waits for approval, what is not spent yet once it is approved, nothing
        otherwise.
        """
        if self.budget_id is None:
            return []
        dropped = bookings.release(self._dropped)
        self._dropped.clear()
        if self.status is PurchaseOrderStatus.PENDING_APPROVAL:
            return dropped + bookings.reserve(self.lines, self._wanted)
        return dropped + bookings.commit(self.lines, self._wanted)

    def forget_budget(self) -> None:
        """A draft has it chosen again at its next submission, unless a user named it."""
        if self.status is PurchaseOrderStatus.DRAFT and not self.budget_named:
            self.budget_id = None

    def spend(self, amounts: Mapping[UUID, Decimal]) -> list[Booking]:
        """An approved invoice bills `amounts` of the lines, in base currency."""
        return bookings.spend(self.lines, amounts) if self.budget_id else []

    def unspend(self, amounts: Mapping[UUID, Decimal]) -> list[Booking]:
        """An invoice that was approved is cancelled."""
        return bookings.unspend(self.lines, amounts, self._wanted) if self.budget_id else []

    @property
    def _wanted(self) -> list[Decimal]:
        """What each line may hold and spend, in base currency."""
        if self.status not in {PurchaseOrderStatus.PENDING_APPROVAL, PurchaseOrderStatus.APPROVED}:
            return [Decimal(0)] * len(self.lines)
        return bookings.amounts(self.lines, self.exchange_rate, self.base_currency, self.base_total)

    # Inside

    def _keep(self, lines: Sequence[PurchaseOrderLine]) -> None:
        """These lines and no others."""
        kept = {line.id for line in lines}
        self._dropped.extend(line for line in self.lines if line.id not in kept)
        self.lines[:] = lines

    @property
    def _dropped(self) -> list[PurchaseOrderLine]:
        """Lines that were taken off, until what they held is released."""
        dropped: list[PurchaseOrderLine] = self.__dict__.setdefault("_dropped_lines", [])
        return dropped

    @property
    def amending(self) -> bool:
        """Whether an amendment waits for approval: what was approved before can hold again."""
        pending = self.status is PurchaseOrderStatus.PENDING_APPROVAL
        return pending and self.approved_revision is not None

    def _back(self, former: RevisionContent | None) -> PurchaseOrderStatus | None:
        """Where a refusal leads: with an amendment, to the order as it was, as a new revision."""
        if not self.amending:
            return None
        if former is None:
            raise ValueError("an amendment cannot be undone without what it changed")
        self._set({name: getattr(former, name) for name in HEAD})
        self._keep(restored(former, self.lines))
        self._settle()
        self.revision += 1
        return PurchaseOrderStatus.APPROVED

    def _approved(self, at: datetime, **details: Any) -> None:
        self.approved_at = at
        self.approved_revision = self.revision
        self._move("approve", "approved", at, PurchaseOrderStatus.APPROVED, **details)
        self._complete(at)
