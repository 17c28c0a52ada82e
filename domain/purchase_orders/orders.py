"""The purchase order on its way: submitted, decided, amended, cancelled, closed."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.approvals.approvables import MOST_SAID, check_reason
from domain.approvals.conditions import DocumentType
from domain.approvals.requests import ApprovalRequest, RequestStatus
from domain.callers import Caller
from domain.kit import checks
from domain.kit.errors import Path, RuleBroken, raise_first
from domain.purchase_orders.amendments import Amendment, check_fulfilled, restored
from domain.purchase_orders.contents import PurchaseOrderContent
from domain.purchase_orders.lifecycle import LIFECYCLE, PurchaseOrderStatus
from domain.purchase_orders.lines import put
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
        raise_first(checks.found(checks.text(reason, ("reason",), most=MOST_SAID)))
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
        for line in [line for line in self.lines if line.id in amendment.removed_line_ids]:
            self.lines.remove(line)
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
        self._move(
            "amend", "amended", at, target, reason=reason, revision=self.revision, diff=changes
        )
        self._complete(at)

    # Inside

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
        self.lines[:] = restored(former, self.lines)
        self._settle()
        self.revision += 1
        return PurchaseOrderStatus.APPROVED

    def _approved(self, at: datetime, **details: Any) -> None:
        self.approved_at = at
        self.approved_revision = self.revision
        self._move("approve", "approved", at, PurchaseOrderStatus.APPROVED, **details)
        self._complete(at)
