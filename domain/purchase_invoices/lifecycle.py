"""The lifecycle of suppliers' invoices (DOMAIN: PurchaseInvoice; facts W-61 to W-64)."""

from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.approvals.approvables import by_creator, by_pending_approver
from domain.callers import Caller, Permission
from domain.kit.errors import DomainError, Forbidden, IllegalMove, RuleBroken
from domain.kit.lifecycle import Lifecycle, Move
from domain.purchase_invoices.matching import MatchStatus
from domain.purchase_orders import PurchaseOrderStatus
from domain.purchase_orders.lifecycle import unapproved


class PurchaseInvoiceStatus(StrEnum):
    """Where an invoice stands between draft and paid.

    SUBMITTED waits for anybody who may approve it; PENDING for the approvers of its route.
    """

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    PAID = "PAID"
    CANCELLED = "CANCELLED"


class PaymentStatus(StrEnum):
    """How much of an invoice is paid. OVERDUE: not all of it, and it was due before today."""

    UNPAID = "UNPAID"
    PARTIAL = "PARTIAL"
    PAID = "PAID"
    OVERDUE = "OVERDUE"


class Facts(Protocol):
    """What the guards look at. The aggregate has it, and so has a row of a list."""

    @property
    def status(self) -> PurchaseInvoiceStatus: ...
    @property
    def created_by_id(self) -> UUID: ...
    @property
    def pending_approver_ids(self) -> list[UUID]: ...
    @property
    def creator_may_approve(self) -> bool: ...
    @property
    def match_status(self) -> MatchStatus: ...
    @property
    def overridden_by_id(self) -> UUID | None: ...
    @property
    def paid_amount(self) -> Decimal: ...
    @property
    def order_status(self) -> PurchaseOrderStatus | None: ...


def by_approver(invoice: Facts, by: Caller) -> DomainError | None:
    """Whoever its route waits for; without a route, anybody but its creator (W-71)."""
    if invoice.status is PurchaseInvoiceStatus.PENDING:
        return by_pending_approver(invoice, by)
    if by.user_id != invoice.created_by_id or invoice.creator_may_approve:
        return None
    return Forbidden("nobody approves what they created")


def matched(invoice: Facts, _by: Caller) -> DomainError | None:
    """What differs from the order or its receipts is only paid when somebody overrides that."""
    if invoice.match_status is MatchStatus.FULL_MATCH or invoice.overridden_by_id is not None:
        return None
    return RuleBroken(
        "not all goods on this invoice were received yet"
        if invoice.match_status is MatchStatus.PENDING_GRN
        else "this invoice does not match its order and receipts"
    )


def not_matched(invoice: Facts, _by: Caller) -> DomainError | None:
    if invoice.match_status is not MatchStatus.FULL_MATCH:
        return None
    return RuleBroken("this invoice matches its order and receipts: there is nothing to override")


def by_somebody_else(invoice: Facts, by: Caller) -> DomainError | None:
    if by.user_id != invoice.created_by_id:
        return None
    return Forbidden("nobody overrides the match of an invoice that they entered")


def unpaid(invoice: Facts, _by: Caller) -> DomainError | None:
    if not invoice.paid_amount:
        return None
    return IllegalMove("a part of this invoice is paid already")


def order_open(invoice: Facts, by: Caller) -> DomainError | None:
    """What is booked on a completed order stays; nothing is booked yet without an approval."""
    if invoice.status is not PurchaseInvoiceStatus.APPROVED:
        return None
    if invoice.order_status is PurchaseOrderStatus.COMPLETED:
        return IllegalMove("the order of this invoice is completed")
    return order_agreed(invoice, by)


def order_agreed(invoice: Facts, _by: Caller) -> DomainError | None:
    """While its order's amendment waits for approval, nobody knows yet what it is compared with."""
    if invoice.order_status in {None, PurchaseOrderStatus.APPROVED, PurchaseOrderStatus.COMPLETED}:
        return None
    return unapproved(invoice.order_status)


_S, _P = PurchaseInvoiceStatus, Permission
_WAITING = frozenset({_S.SUBMITTED, _S.PENDING})
UNDECIDED = frozenset({_S.DRAFT, *_WAITING})

LIFECYCLE = Lifecycle(
    initial=_S.DRAFT,
    moves=[
        Move("update", {_S.DRAFT}, _S.DRAFT, needs=_P.PURCHASE_INVOICES_WRITE),
        Move("delete", {_S.DRAFT}, needs=_P.PURCHASE_INVOICES_WRITE, ends=True),
        Move("submit", {_S.DRAFT}, _S.PENDING, _S.SUBMITTED, needs=_P.PURCHASE_INVOICES_WRITE),
        Move(
            "approve",
            _WAITING,
            _S.APPROVED,
            _S.PENDING,
            needs=_P.PURCHASE_INVOICES_APPROVE,
            guards=[by_approver, matched, order_agreed],
        ),
        Move(
            "reject",
            _WAITING,
            _S.CANCELLED,
            _S.PENDING,
            needs=_P.PURCHASE_INVOICES_APPROVE,
            guards=[by_approver],
            input=["reason"],
        ),
        Move(
            "request_changes",
            _WAITING,
            _S.DRAFT,
            needs=_P.PURCHASE_INVOICES_APPROVE,
            guards=[by_approver],
            input=["comment"],
        ),
        Move(
            "delegate",
            {_S.PENDING},
            _S.PENDING,
            needs=_P.PURCHASE_INVOICES_APPROVE,
            guards=[by_pending_approver],
            input=["to_user_id"],
        ),
        Move(
            "recall",
            _WAITING,
            _S.DRAFT,
            needs=_P.PURCHASE_INVOICES_WRITE,
            guards=[by_creator],
        ),
        Move(
            "override_match",
            UNDECIDED,
            needs=_P.PURCHASE_INVOICES_APPROVE,
            guards=[by_somebody_else, not_matched],
            input=["reason"],
        ),
        Move(
            "pay",
            {_S.APPROVED},
            _S.PAID,
            _S.APPROVED,
            needs=_P.PURCHASE_INVOICES_PAY,
            input=["amount"],
        ),
        Move(
            "cancel",
            {*UNDECIDED, _S.APPROVED},
            _S.CANCELLED,
            needs=_P.PURCHASE_INVOICES_WRITE,
            guards=[unpaid, order_open],
            input=["reason"],
        ),
    ],
)
