"""Purchase orders with their lines and attachments."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    Index,
    Integer,
    Numeric,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

from domain.purchase_orders import (
    BillingStatus,
    ProcurementState,
    PurchaseOrderStatus,
    ReceiptStatus,
)
from domain.purchase_orders.revisions import RevisionContent
from persistence.tables.metadata import (
    Amount,
    Moment,
    Shaped,
    Told,
    aggregate,
    by,
    by_where,
    legacy_id,
    owned,
    refers,
    words,
)

# A document's number in an order in which PO-2026-10000 comes after PO-2026-9999.
NUMBERED = "regexp_replace(number, '[0-9]+$', '') || lpad(substring(number, '[0-9]+$'), 12, '0')"
# The same for lines that order the same, whoever they order it from.
_DESCRIBED = "md5(lower(btrim(description) || '/' || coalesce(btrim(unit), '')))"

# What an order is as a procurement; null as long as it was never approved (DOMAIN: Shoplazza).
_PROCUREMENT_STATE = """
CASE
    WHEN approved_at IS NULL THEN NULL
    WHEN status = 'CANCELLED' THEN 'CANCELLED'
    WHEN receipt_status = 'COMPLETE' THEN 'COMPLETE_RECEIPT'
    WHEN receipt_status = 'PARTIAL' THEN 'PARTIAL_RECEIPT'
    ELSE 'WAITING_FOR_STOCK'
END
"""

purchase_orders = aggregate(
    "purchase_orders",
    Column("number", Text, nullable=False),
    Column("numbered", Text, Computed(NUMBERED, persisted=True)),
    Column("status", words(PurchaseOrderStatus), nullable=False),
    Column("receipt_status", words(ReceiptStatus), nullable=False),
    Column("billing_status", words(BillingStatus), nullable=False),
    Column("posted_receipts", Integer, nullable=False),
    Column("open_invoices", Integer, nullable=False),
    Column(
        "procurement_state", words(ProcurementState), Computed(_PROCUREMENT_STATE, persisted=True)
    ),
    Column("revision", Integer, nullable=False),
    Column("approved_revision", Integer),
    Column("budget_id", Uuid),
    Column("budget_named", Boolean, nullable=False),
    Column("supplier_id", Uuid, nullable=False),
    Column("department_id", Uuid, nullable=False),
    Column("project_id", Uuid),
    Column("created_by_id", Uuid, nullable=False),
    Column("currency", Text, nullable=False),
    Column("base_currency", Text, nullable=False),
    Column("exchange_rate", Amount, nullable=False),
    Column("notes", Text),
    Column("delivery_address", Text),
    Column("expected_delivery_date", Date),
    Column("subtotal", Amount, nullable=False),
    Column("vat_amount", Amount, nullable=False),
    Column("total", Amount, nullable=False),
    Column("base_total", Amount, nullable=False),
    Column("line_count", Integer, nullable=False),
    Column("pending_approver_ids", ARRAY(Uuid), nullable=False),
    Column("submitted_at", Moment),
    Column("approved_at", Moment),
    Column("cloned_from_id", Uuid),
    Column("searched", Text, nullable=False),
    Column("search", TSVECTOR, Computed("to_tsvector('simple', searched)", persisted=True)),
    legacy_id("waqti_id"),
    legacy_id("shoplazza_id", after=10**17),  # 18 digits (fact P-13)
    refers("supplier_id", "suppliers"),
    refers("department_id", "departments"),
    refers("project_id", "projects"),
    refers("created_by_id", "users"),
    refers("budget_id", "budgets"),
    CheckConstraint("total >= 0", name="total_is_not_negative"),
    by("number", unique=True),
    by("numbered"),
    by("waqti_id", unique=True),
    by("shoplazza_id", unique=True),
    by("created_at", "id"),
    by("updated_at", "id"),
    by("total", "id"),
    by("status", "created_at", "id"),
    by("procurement_state", "created_at", "shoplazza_id"),
    by_where("procurement_state IS NOT NULL", "created_at", "shoplazza_id"),
    by_where("procurement_state IS NOT NULL", "updated_at", "shoplazza_id"),
    by("supplier_id", "created_at", "id"),
    by("department_id", "created_at", "id"),
    by("project_id", "created_at", "id"),
    by("created_by_id", "created_at", "id"),
    by("budget_id", "created_at", "id"),
    Index("ix_purchase_orders_search", "organization_id", "search", postgresql_using="gin"),
    Index(
        "ix_purchase_orders_pending_approver_ids",
        "organization_id",
        "pending_approver_ids",
        postgresql_using="gin",
    ),
)

purchase_order_lines = owned(
    "purchase_order_lines",
    Column("order_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("description", Text, nullable=False),
    Column("quantity", Amount, nullable=False),
    Column("unit", Text),
    Column("described", Text, Computed(_DESCRIBED, persisted=True)),
    Column("unit_price", Amount, nullable=False),
    Column("vat_rate", Numeric(9, 6), nullable=False),
    Column("net", Amount, nullable=False),
    Column("vat_amount", Amount, nullable=False),
    Column("total", Amount, nullable=False),
    Column("accepted", Amount, nullable=False),
    Column("rejected", Amount, nullable=False),
    Column("invoiced", Amount, nullable=False),
    Column("reserved", Amount, nullable=False),
    Column("committed", Amount, nullable=False),
    Column("spent", Amount, nullable=False),
    legacy_id("waqti_id"),
    refers("order_id", "purchase_orders", cascade=True),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
    CheckConstraint("unit_price >= 0", name="unit_price_is_not_negative"),
    CheckConstraint(
        "accepted >= 0 AND rejected >= 0 AND invoiced >= 0", name="fulfilment_is_not_negative"
    ),
    by("order_id", "position"),
    by("described"),
    by("waqti_id", unique=True),
)

# Append-only: the application's role may not change or delete rows.
purchase_order_revisions = owned(
    "purchase_order_revisions",
    Column("order_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by_id", Uuid, nullable=False),
    Column("reason", Text),
    Column("content", Shaped(RevisionContent), nullable=False),
    Column("changes", Told, nullable=False),
    refers("order_id", "purchase_orders"),
    by("order_id", "number", unique=True),
)

purchase_order_attachments = owned(
    "purchase_order_attachments",
    Column("order_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("size", Integer),
    legacy_id("waqti_id"),
    refers("order_id", "purchase_orders", cascade=True),
    by("order_id", "position"),
    by("waqti_id", unique=True),
)
