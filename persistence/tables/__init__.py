"""Every table. All of them belong to an organization, and their keys begin with it."""

from persistence.tables.approvals import (
    approval_assignments,
    approval_requests,
    approval_steps,
    approval_workflows,
    delegations,
)
from persistence.tables.budgets import budget_entries, budgets
from persistence.tables.catalogue import business_calendars, coupons, packages, service_definitions
from persistence.tables.customers import (
    compliance_document_types,
    compliance_documents,
    connection_requests,
    customers,
    workers,
)
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
    order_allowances,
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
from persistence.tables.selling import (
    quotation_lines,
    quotations,
    sales_invoice_lines,
    sales_invoices,
)
from persistence.tables.serving import (
    coupon_redemptions,
    service_order_price_lines,
    service_order_steps,
    service_orders,
    sla_clocks,
)
from persistence.tables.subscribing import (
    allocation_entries,
    allocations,
    package_subscriptions,
    subscription_periods,
)
from persistence.tables.webhooks import webhook_attempts, webhook_deliveries, webhook_endpoints

__all__ = [
    "allocation_entries",
    "allocations",
    "api_credentials",
    "approval_assignments",
    "approval_requests",
    "approval_steps",
    "approval_workflows",
    "audit_events",
    "budget_entries",
    "budgets",
    "business_calendars",
    "compliance_document_types",
    "compliance_documents",
    "connection_requests",
    "counters",
    "coupon_redemptions",
    "coupons",
    "customers",
    "delegations",
    "departments",
    "document_numbers",
    "goods_receipt_lines",
    "goods_receipts",
    "idempotency_records",
    "metadata",
    "order_allowances",
    "organizations",
    "outbox_events",
    "package_subscriptions",
    "packages",
    "projects",
    "purchase_invoice_attachments",
    "purchase_invoice_lines",
    "purchase_invoice_payments",
    "purchase_invoices",
    "purchase_order_attachments",
    "purchase_order_lines",
    "purchase_order_revisions",
    "purchase_orders",
    "quotation_lines",
    "quotations",
    "rate_limit_buckets",
    "rate_limit_windows",
    "roles",
    "sales_invoice_lines",
    "sales_invoices",
    "service_definitions",
    "service_order_price_lines",
    "service_order_steps",
    "service_orders",
    "sla_clocks",
    "subscription_periods",
    "suppliers",
    "users",
    "webhook_attempts",
    "webhook_deliveries",
    "webhook_endpoints",
    "workers",
]
