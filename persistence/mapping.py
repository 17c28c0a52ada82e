"""Marries domain classes to tables. The domain never learns about it.

Relationships are `lazy="raise"`: an access nobody loaded for is a bug that
says so, never a hidden query.
"""

from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import registry, relationship

from domain.api_credentials import ApiCredential
from domain.approvals.delegations import Delegation
from domain.approvals.requests import ApprovalRequest
from domain.approvals.steps import ApprovalAssignment, ApprovalStep
from domain.approvals.workflows import ApprovalWorkflow
from domain.budgets import Budget, BudgetEntry
from domain.departments import Department
from domain.goods_receipts import GoodsReceipt, GoodsReceiptLine
from domain.kit.aggregate import Aggregate
from domain.organizations import Organization
from domain.projects import Project
from domain.purchase_invoices import (
    PurchaseInvoice,
    PurchaseInvoiceAttachment,
    PurchaseInvoiceLine,
    PurchaseInvoicePayment,
)
from domain.purchase_orders import PurchaseOrder, PurchaseOrderAttachment, PurchaseOrderLine
from domain.purchase_orders.revisions import PurchaseOrderRevision
from domain.suppliers import Supplier
from domain.users import Role, User
from domain.webhook_endpoints import WebhookEndpoint
from persistence import tables as t

mapper = registry(metadata=t.metadata)

AGGREGATES: dict[type[Aggregate], Table] = {
    Organization: t.organizations,
    Role: t.roles,
    User: t.users,
    ApiCredential: t.api_credentials,
    Department: t.departments,
    Project: t.projects,
    Supplier: t.suppliers,
    ApprovalWorkflow: t.approval_workflows,
    Delegation: t.delegations,
    PurchaseOrder: t.purchase_orders,
    Budget: t.budgets,
    GoodsReceipt: t.goods_receipts,
    WebhookEndpoint: t.webhook_endpoints,
    PurchaseInvoice: t.purchase_invoices,
}


def parts(kind: type, table: Table, *, key: str, by: str = "position", shared: bool = False) -> Any:
    """The parts of an aggregate, in the order of a column; they live and die with it.

    Those of a `shared` kind can be parts of several kinds of aggregates, each of one.
    """
    return relationship(
        kind,
        primaryjoin=lambda: table.c[key] == _parent(table, key).c.id,
        foreign_keys=[table.c[key]],
        lazy="raise",
        cascade="all" if shared else "all, delete-orphan",
        passive_deletes=True,
        order_by=table.c[by],
    )


def _parent(table: Table, key: str) -> Table:
    [constraint] = [
        c for c in table.foreign_key_constraints if c.columns.contains_column(table.c[key])
    ]
    return constraint.referred_table


@cache
def map_domain() -> None:
    """Idempotent; called once by the composition root."""
    _map(ApprovalAssignment, t.approval_assignments)
    _map(
        ApprovalStep,
        t.approval_steps,
        assignments=parts(ApprovalAssignment, t.approval_assignments, key="step_id", by="id"),
    )
    _map(
        ApprovalRequest,
        t.approval_requests,
        steps=parts(ApprovalStep, t.approval_steps, key="request_id"),
    )
    _map(BudgetEntry, t.budget_entries)
    _map(PurchaseOrderLine, t.purchase_order_lines)
    _map(PurchaseOrderRevision, t.purchase_order_revisions)
    _map(PurchaseOrderAttachment, t.purchase_order_attachments)
    _map(GoodsReceiptLine, t.goods_receipt_lines)
    _map(PurchaseInvoiceLine, t.purchase_invoice_lines)
    _map(PurchaseInvoiceAttachment, t.purchase_invoice_attachments)
    _map(PurchaseInvoicePayment, t.purchase_invoice_payments)
    relations: dict[type[Aggregate], dict[str, Any]] = {
        PurchaseOrder: {
            "lines": parts(PurchaseOrderLine, t.purchase_order_lines, key="order_id"),
            "attachments": parts(
                PurchaseOrderAttachment, t.purchase_order_attachments, key="order_id"
            ),
            "approval_requests": parts(
                ApprovalRequest,
                t.approval_requests,
                key="purchase_order_id",
                by="round",
                shared=True,
            ),
        },
        GoodsReceipt: {
            "lines": parts(GoodsReceiptLine, t.goods_receipt_lines, key="receipt_id"),
        },
        PurchaseInvoice: {
            "lines": parts(PurchaseInvoiceLine, t.purchase_invoice_lines, key="invoice_id"),
            "attachments": parts(
                PurchaseInvoiceAttachment, t.purchase_invoice_attachments, key="invoice_id"
            ),
            "payments": parts(
                PurchaseInvoicePayment, t.purchase_invoice_payments, key="invoice_id"
            ),
            "approval_requests": parts(
                ApprovalRequest,
                t.approval_requests,
                key="purchase_invoice_id",
                by="round",
                shared=True,
            ),
        },
    }
    for kind, table in AGGREGATES.items():
        _map(kind, table, version=table.c.version, **relations.get(kind, {}))


def _map(kind: type, table: Table, **properties: Any) -> None:
    """By id alone: the organization is the transaction's, and columns fill it by themselves."""
    version = properties.get("version")
    mapper.map_imperatively(
        kind,
        table,
        primary_key=[table.c.id],
        version_id_col=version,
        properties=properties,
        exclude_properties=[
            "organization_id",
            *(column.name for column in table.columns if column.computed is not None),
        ],
    )
