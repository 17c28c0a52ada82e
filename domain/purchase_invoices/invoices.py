"""A supplier's invoice on its way: submitted, matched, approved, paid."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.approvals.approvables import check_reason
from domain.approvals.conditions import DocumentType
from domain.approvals.requests import ApprovalRequest, RequestStatus
from domain.approvals.steps import NOBODY, Deputies
from domain.callers import Caller
from domain.kit.errors import raise_first
from domain.purchase_invoices.contents import PurchaseInvoiceContent
from domain.purchase_invoices.lifecycle import (
    LIFECYCLE,
    PaymentStatus,
    PurchaseInvoiceStatus,
)
from domain.purchase_invoices.matching import MatchStatus
from domain.purchase_invoices.payments import PurchaseInvoicePayment
from domain.purchase_orders import PurchaseOrderStatus


@dataclass(kw_only=True, eq=False)
class PurchaseInvoice(PurchaseInvoiceContent):
    """What a supplier asks us to pay, and who agreed to it."""

    kind = "purchase_invoice"
    prefix = "pin"
    lifecycle = LIFECYCLE
    document_type = DocumentType.PURCHASE_INVOICE

    @property
    def owed(self) -> Decimal:
        return self.total - self.paid_amount

    def submit(
        self,
        request: ApprovalRequest | None,
        by: Caller,
        at: datetime,
        *,
        own_approval: bool = False,
    ) -> None:
        """Send it on its route; without one, anybody who may approve it can.

        `own_approval` says whether that includes its creator (W-71).
        """
        self.require("submit", by)
        self.submitted_at, self.creator_may_approve = at, own_approval
        pending = request is not None and request.status is RequestStatus.PENDING
        target = PurchaseInvoiceStatus.PENDING if pending else PurchaseInvoiceStatus.SUBMITTED
        if request is not None:
            self.approval_requests.append(request)
        self._move("submit", "submitted", at, target)
        self._tell_of_deputies(at)

    def approve(
        self, by: Caller, at: datetime, comment: str | None = None, deputies: Deputies = NOBODY
    ) -> None:
        """As an approver of its route; without one, as anybody who may."""
        if self.status is not PurchaseInvoiceStatus.SUBMITTED:
            super().approve(by, at, comment, deputies)
            return
        self.require("approve", by)
        check_reason(comment, "comment", required=False)
        self._approved(at, comment=comment)

    def reject(self, by: Caller, at: datetime, reason: str, former: Any = None) -> None:
        """Refuse to pay it: it is cancelled, and the supplier's number is free again."""
        if self.status is not PurchaseInvoiceStatus.SUBMITTED:
            super().reject(by, at, reason, former)
            return
        self.require("reject", by)
        check_reason(reason)
        self._move("reject", "rejected", at, reason=reason)

    def request_changes(self, by: Caller, at: datetime, comment: str, former: Any = None) -> None:
        if self.status is not PurchaseInvoiceStatus.SUBMITTED:
            super().request_changes(by, at, comment, former)
            return
        self.require("request_changes", by)
        check_reason(comment, "comment")
        self._move("request_changes", "changes_requested", at, comment=comment)

    def override_match(self, by: Caller, at: datetime, reason: str) -> None:
        """Take its differences upon oneself: it can be approved as it is."""
        self.require("override_match", by)
        check_reason(reason)
        changes = self._set(
            {"overridden_by_id": by.user_id, "overridden_at": at, "override_reason": reason}
        )
        self._record("match_overridden", at, changes, match_status=self.match_status)

    def pay(
        self,
        amount: Decimal,
        paid_on: date,
        by: Caller,
        at: datetime,
        *,
        today: date,
        reference: str | None = None,
    ) -> PurchaseInvoicePayment:
        """Note a payment; never more than is owed. All of it makes the invoice PAID."""
        self.require("pay", by)
        payment = PurchaseInvoicePayment(
            position=len(self.payments) + 1,
            amount=amount,
            paid_on=paid_on,
            reference=reference,
            paid_by_id=by.user_id,
            recorded_at=at,
        )
        raise_first(payment.problems(self.currency, self.owed, today))
        self.payments.append(payment)
        self.paid_amount += amount
        whole = not self.owed
        self.payment_status = PaymentStatus.PAID if whole else PaymentStatus.PARTIAL
        self._move(
            "pay",
            "paid" if whole else "partly_paid",
            at,
            PurchaseInvoiceStatus.PAID if whole else PurchaseInvoiceStatus.APPROVED,
            amount=amount,
            paid_on=paid_on,
            reference=reference,
        )
        return payment

    def cancel(self, by: Caller, at: datetime, reason: str) -> None:
        self.require("cancel", by)
        check_reason(reason)
        self._withdraw(at)
        self._move("cancel", "cancelled", at, reason=reason)

    # Inside

    @property
    def _may_pass(self) -> bool:
        """Time alone does not approve what differs, or what is not to be approved yet."""
        agrees = self.match_status is MatchStatus.FULL_MATCH or self.overridden_by_id is not None
        return agrees and self.order_status is not PurchaseOrderStatus.PENDING_APPROVAL

    def _approved(self, at: datetime, **details: Any) -> None:
        self.approved_at = at
        self._move("approve", "approved", at, PurchaseInvoiceStatus.APPROVED, **details)
