"""The words of Waqti for ours: statuses, decisions, what the audit trail calls things."""

from collections.abc import Mapping
from typing import TypeVar

from domain.budgets import BudgetStatus
from domain.purchase_invoices import (
    MatchAspect,
    MatchStatus,
    MatchVerdict,
    PaymentStatus,
    PurchaseInvoiceStatus,
)
from domain.purchase_orders import PurchaseOrderStatus
from domain.suppliers import SupplierStatus
from usecases.reads.approvals import ApprovalStatus
from usecases.reads.audit import AuditEntryRow
from usecases.reads.kit import Direction
from usecases.reads.purchase_invoices import PurchaseInvoiceSort
from usecases.reads.purchase_orders import PurchaseOrderSort
from usecases.reads.suppliers import SupplierSort
from usecases.reads.webhook_endpoints import WebhookEndpointSort

W = TypeVar("W")

STATUSES: Mapping[PurchaseOrderStatus, str] = {
    PurchaseOrderStatus.DRAFT: "draft",
    PurchaseOrderStatus.PENDING_APPROVAL: "pending_approval",
    PurchaseOrderStatus.APPROVED: "approved",
    PurchaseOrderStatus.REJECTED: "rejected",
    PurchaseOrderStatus.COMPLETED: "completed",
    PurchaseOrderStatus.CANCELLED: "cancelled",
}
VENDOR_STATUSES: Mapping[SupplierStatus, str] = {
    SupplierStatus.ACTIVE: "active",
    SupplierStatus.INACTIVE: "inactive",
    SupplierStatus.BLOCKED: "blocked",
}
BUDGET_STATUSES: Mapping[BudgetStatus, str] = {
    BudgetStatus.DRAFT: "draft",
    BudgetStatus.ACTIVE: "active",
    BudgetStatus.FROZEN: "frozen",
    BudgetStatus.CLOSED: "closed",
}
INVOICE_STATUSES: Mapping[PurchaseInvoiceStatus, str] = {
    PurchaseInvoiceStatus.DRAFT: "draft",
    PurchaseInvoiceStatus.SUBMITTED: "submitted",
    PurchaseInvoiceStatus.PENDING: "pending",
    PurchaseInvoiceStatus.APPROVED: "approved",
    PurchaseInvoiceStatus.PAID: "paid",
    PurchaseInvoiceStatus.CANCELLED: "cancelled",
}
PAYMENT_STATUSES: Mapping[PaymentStatus, str] = {
    PaymentStatus.UNPAID: "unpaid",
    PaymentStatus.PARTIAL: "partial",
    PaymentStatus.PAID: "paid",
    PaymentStatus.OVERDUE: "overdue",
}
MATCH_STATUSES: Mapping[MatchStatus, str] = {
    MatchStatus.FULL_MATCH: "full_match",
    MatchStatus.PARTIAL_MATCH: "partial_match",
    MatchStatus.MISMATCH: "mismatch",
    MatchStatus.PENDING_GRN: "pending_grn",
}
MATCH_FIELDS: Mapping[MatchAspect, str] = {
    MatchAspect.ORDER_LINE: "po_item_id",
    MatchAspect.QUANTITY: "quantity",
    MatchAspect.UNIT_PRICE: "unit_price",
    MatchAspect.VAT_RATE: "vat_rate",
}
MATCH_RESULTS: Mapping[MatchVerdict, str] = {
    MatchVerdict.AGREES: "match",
    MatchVerdict.WAITING: "pending_grn",
    MatchVerdict.DIFFERS: "mismatch",
}

# What is superseded was decided by somebody else, or not at all, and what was handed on is decided
# by whoever has it now: neither is shown.
APPROVALS: Mapping[ApprovalStatus, str] = {
    ApprovalStatus.WAITING: "pending",
    ApprovalStatus.PENDING: "pending",
    ApprovalStatus.APPROVED: "approved",
    ApprovalStatus.REJECTED: "rejected",
    ApprovalStatus.CHANGES_REQUESTED: "rejected",
    ApprovalStatus.SKIPPED: "skipped",
}

_ACTIONS: Mapping[str, str] = {
    "step_approved": "approved",
    "approval_given": "approved",
    "rejection_given": "rejected",
    "line_added": "item_added",
    "line_updated": "item_updated",
    "line_deleted": "item_deleted",
    "closed_short": "completed",
}
_WITHOUT_APPROVAL = "approved (no approval required)"  # fact W-46

ORDER_SORTS: Mapping[str, PurchaseOrderSort] = {
    "created_at": PurchaseOrderSort.CREATED_AT,
    "updated_at": PurchaseOrderSort.UPDATED_AT,
    "po_number": PurchaseOrderSort.NUMBER,
    "total_amount": PurchaseOrderSort.TOTAL,
}
INVOICE_SORTS: Mapping[str, PurchaseInvoiceSort] = {
    "created_at": PurchaseInvoiceSort.CREATED_AT,
    "updated_at": PurchaseInvoiceSort.UPDATED_AT,
    "invoice_number": PurchaseInvoiceSort.NUMBER,
    "invoice_date": PurchaseInvoiceSort.INVOICE_DATE,
    "due_date": PurchaseInvoiceSort.DUE_DATE,
    "total": PurchaseInvoiceSort.TOTAL,
}
VENDOR_SORTS: Mapping[str, SupplierSort] = {
    "created_at": SupplierSort.CREATED_AT,
    "name": SupplierSort.NAME,
}
WEBHOOK_SORTS: Mapping[str, WebhookEndpointSort] = {"created_at": WebhookEndpointSort.CREATED_AT}
DIRECTIONS: Mapping[str, Direction] = {
    "asc": Direction.ASC,
    "desc": Direction.DESC,
    "ASC": Direction.ASC,
    "DESC": Direction.DESC,
}

# Our field names for theirs, where errors name them; None is a level that they do not have.
FIELDS: Mapping[str | int, str | None] = {
    "supplier_id": "vendor_id",
    "lines": "items",
    "order_line_id": "po_item_id",
    "line": None,
    "given": None,
    "comment": "comments",
    "tax_id": "vat_number",
    "registration_number": "cr_number",
}


def action(entry: AuditEntryRow) -> str:
    """An event without a word of its own is called what it is called here."""
    past = entry.action.rpartition(".")[2]
    if entry.details.get("no_approval_required"):
        return _WITHOUT_APPROVAL
    return _ACTIONS.get(past, past)


def inverse(words: Mapping[W, str]) -> dict[str, W]:
    return {word: meaning for meaning, word in words.items()}
