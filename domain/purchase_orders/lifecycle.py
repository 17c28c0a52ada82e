"""The lifecycle of purchase orders (DOMAIN: PurchaseOrder.status; facts W-41 to W-49, W-69)."""

from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.approvals.approvables import by_creator, by_pending_approver
from domain.callers import Caller, Permission
from domain.kit.errors import DomainError, IllegalMove, RuleBroken
from domain.kit.lifecycle import Lifecycle, Move


class PurchaseOrderStatus(StrEnum):
    """Where an order stands between draft and done. Receipt and billing are axes of their own."""

    DRAFT = "DRAFT"
    PENDING_APPROVAL = "PENDING_APPROVAL"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"
    COMPLETED = "COMPLETED"


class ReceiptStatus(StrEnum):
    """How much of an order has been delivered and accepted."""

    NONE = "NONE"
    PARTIAL = "PARTIAL"
    COMPLETE = "COMPLETE"


class BillingStatus(StrEnum):
    """How much of an order the supplier has invoiced, by approved invoices."""

    NONE = "NONE"
    PARTIAL = "PARTIAL"
    FULL = "FULL"


class Facts(Protocol):
    """What the guards look at. The aggregate has it, and so has a row of a list."""

    @property
    def status(self) -> PurchaseOrderStatus: ...
    @property
    def created_by_id(self) -> UUID: ...
    @property
    def line_count(self) -> int: ...
    @property
    def pending_approver_ids(self) -> list[UUID]: ...
    @property
    def posted_receipts(self) -> int: ...
    @property
    def open_invoices(self) -> int: ...


def unapproved(status: PurchaseOrderStatus) -> IllegalMove:
    """Goods are received for approved orders, and invoices booked; not for one that is `status`."""
    return IllegalMove(
        "only approved orders are received and billed: this one is {status}", status=status
    )


def has_lines(order: Facts, _by: Caller) -> DomainError | None:
    if order.line_count:
        return None
    return RuleBroken("an order needs at least one line", path=("lines",))


def nothing_received(order: Facts, _by: Caller) -> DomainError | None:
    """Fact W-49: what was delivered is reversed first."""
    if not order.posted_receipts:
        return None
    return IllegalMove("goods were received for this order: reverse their receipts first")


def nothing_billed(order: Facts, _by: Caller) -> DomainError | None:
    if not order.open_invoices:
        return None
    return IllegalMove("this order has invoices that are not cancelled")


# An amendment that is refused or taken back leaves the order as it was approved.
_S, _P = PurchaseOrderStatus, Permission
_OPEN = {_S.DRAFT, _S.PENDING_APPROVAL, _S.APPROVED, _S.REJECTED}

LIFECYCLE = Lifecycle(
    initial=_S.DRAFT,
    moves=[
        Move("update", {_S.DRAFT}, _S.DRAFT, needs=_P.PURCHASE_ORDERS_WRITE),
        Move("delete", {_S.DRAFT}, needs=_P.PURCHASE_ORDERS_DELETE, ends=True),
        Move(
            "submit",
            {_S.DRAFT},
            _S.PENDING_APPROVAL,
            _S.APPROVED,
            needs=_P.PURCHASE_ORDERS_WRITE,
            guards=[has_lines],
        ),
        Move(
            "approve",
            {_S.PENDING_APPROVAL},
            _S.PENDING_APPROVAL,
            _S.APPROVED,
            needs=_P.PURCHASE_ORDERS_APPROVE,
            guards=[by_pending_approver],
        ),
        Move(
            "reject",
            {_S.PENDING_APPROVAL},
            _S.REJECTED,
            _S.APPROVED,
            _S.PENDING_APPROVAL,
            needs=_P.PURCHASE_ORDERS_APPROVE,
            guards=[by_pending_approver],
            input=["reason"],
        ),
        Move(
            "request_changes",
            {_S.PENDING_APPROVAL},
            _S.DRAFT,
            _S.APPROVED,
            needs=_P.PURCHASE_ORDERS_APPROVE,
            guards=[by_pending_approver],
            input=["comment"],
        ),
        Move(
            "delegate",
            {_S.PENDING_APPROVAL},
            _S.PENDING_APPROVAL,
            needs=_P.PURCHASE_ORDERS_APPROVE,
            guards=[by_pending_approver],
            input=["to_user_id"],
        ),
        Move(
            "recall",
            {_S.PENDING_APPROVAL},
            _S.DRAFT,
            _S.APPROVED,
            needs=_P.PURCHASE_ORDERS_WRITE,
            guards=[by_creator],
        ),
        Move(
            "cancel",
            _OPEN,
            _S.CANCELLED,
            needs=_P.PURCHASE_ORDERS_WRITE,
            guards=[nothing_received, nothing_billed],
        ),
        Move(
            "amend",
            {_S.APPROVED},
            _S.APPROVED,
            _S.PENDING_APPROVAL,
            needs=_P.PURCHASE_ORDERS_WRITE,
            input=["reason"],
        ),
        Move(
            "close_short",
            {_S.APPROVED},
            _S.COMPLETED,
            needs=_P.PURCHASE_ORDERS_WRITE,
            input=["reason"],
        ),
        Move("clone", {_S.REJECTED, _S.CANCELLED}, needs=_P.PURCHASE_ORDERS_WRITE),
    ],
)
