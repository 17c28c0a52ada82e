"""Every table. All of them belong to an organization, and their keys begin with it."""

from persistence.tables.approvals import (
    approval_assignments,
    approval_requests,
    approval_steps,
    approval_workflows,
    delegations,
)
from persistence.tables.budgets import budget_entries, budgets
from persistence.tables.invoicing import (
    purchase_invoice_attachments,
    purchase_invoice_lines,
    purchase_invoice_payments,
    purchase_invoices,
)
from persistence.tables.ledger import (
    audit_events,
    counters,
    document_numbers,
    idempotency_records,
    outbox_events,
    rate_limit_buckets,
    rate_limit_windows,
)
from persistence.tables.master_data import departments, projects, suppliers
from persistence.tables.metadata import metadata
from persistence.tables.people import api_credentials, organizations, roles, users
from persistence.tables.purchasing import (
    purchase_order_attachments,
    purchase_order_lines,
    purchase_order_revisions,
    purchase_orders,
)
from persistence.tables.receiving import goods_receipt_lines, goods_receipts
from persistence.tables.webhooks import webhook_attempts, webhook_deliveries, webhook_endpoints

__all__ = [
    "api_credentials",
    "approval_assignments",
    "approval_requests",
    "approval_steps",
    "approval_workflows",
    "audit_events",
    "budget_entries",
    "budgets",
    "counters",
    "delegations",
    "departments",
    "document_numbers",
    "goods_receipt_lines",
    "goods_receipts",
    "idempotency_records",
    "metadata",
    "organizations",
    "outbox_events",
    "projects",
    "purchase_invoice_attachments",
    "purchase_invoice_lines",
    "purchase_invoice_payments",
    "purchase_invoices",
    "purchase_order_attachments",
    "purchase_order_lines",
    "purchase_order_revisions",
    "purchase_orders",
    "rate_limit_buckets",
    "rate_limit_windows",
    "roles",
    "suppliers",
    "users",
    "webhook_attempts",
    "webhook_deliveries",
    "webhook_endpoints",
]
