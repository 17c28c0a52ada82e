"""Purchase orders in any status, without a database."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.approvals.requests import ApprovalRequest
from domain.approvals.steps import Candidate, RouteStep
from domain.callers import Caller
from domain.kit.ids import new_id
from domain.purchase_orders import NewPurchaseOrderLine, PurchaseOrder, PurchaseOrderStatus
from domain.purchase_orders.amendments import Amendment
from domain.purchase_orders.revisions import RevisionContent
from tests import make
from tests.make import NOON

BUYER = make.caller()
APPROVER = make.caller(BUYER.organization_id)
DIRECTOR = make.caller(BUYER.organization_id)

_S = PurchaseOrderStatus


def draft(*lines: NewPurchaseOrderLine, **values: Any) -> PurchaseOrder:
    """A numbered draft of the buyer's, with nothing left to announce."""
    usual: dict[str, Any] = {
        "vat_rate": Decimal(15),
        "supplier_id": new_id(),
        "department_id": new_id(),
        "created_by_id": BUYER.user_id,
        "currency": "SAR",
        "base_currency": "SAR",
    }
    order = PurchaseOrder.create(NOON, lines=lines or [make.line()], **(usual | values))
    order.created("PO-2026-0001", NOON)
    order.pull_events()
    return order


def routed(*steps: list[UUID], round: int = 1) -> ApprovalRequest:
    """One step for each list of approvers; an empty list is a step that is not needed."""
    return ApprovalRequest.routed(
        [
            RouteStep(f"Step {n}", [Candidate(id, "Approver") for id in ids])
            for n, ids in enumerate(steps, start=1)
        ],
        round=round,
        workflow_id=new_id(),
        workflow_name="Usual",
        at=NOON,
    )


def pending(*approvers: Caller, **values: Any) -> PurchaseOrder:
    """Submitted, and waiting for one approver after the other."""
    order = draft(**values)
    order.submit(routed(*([by.user_id] for by in approvers)), BUYER, NOON)
    order.pull_events()
    return order


def standing(status: PurchaseOrderStatus, approver: Caller = APPROVER) -> PurchaseOrder:
    """An order that went the usual way to this status."""
    order = draft() if status is _S.DRAFT else pending(approver)
    if status in {_S.APPROVED, _S.COMPLETED}:
        order.approve(approver, NOON)
    if status is _S.REJECTED:
        order.reject(approver, NOON, "too dear")
    if status is _S.CANCELLED:
        order.cancel(BUYER, NOON)
    if status is _S.COMPLETED:
        order.close_short(BUYER, NOON, "the rest is not needed")
    order.pull_events()
    return order


def amended(
    order: PurchaseOrder,
    request: ApprovalRequest | None = None,
    *,
    decided: bool = False,
    **values: Any,
) -> RevisionContent:
    """Amend it as the buyer; what it said before."""
    amendment = Amendment(**({"reason": "the needs have changed"} | values))
    before = order.amend(amendment, BUYER, NOON, vat_rate=Decimal(15))
    order.settle_amendment(before, request, NOON, amendment.reason, decided=decided)
    return before


def looks(order: PurchaseOrder) -> dict[str, Any]:
    """Everything about an order, to see that nothing about it changed."""
    return {
        **{name: value for name, value in vars(order).items() if not name.startswith("_")},
        "lines": [dict(vars(line)) for line in order.lines],
        "attachments": [dict(vars(attachment)) for attachment in order.attachments],
        "approval_requests": [
            (r.status, r.ended_at, [(s.status, [a.status for a in s.assignments]) for s in r.steps])
            for r in order.approval_requests
        ],
    }
