"""Supplier invoices, their match and their payments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.filling import fill
from migrations.protection import protect
from persistence.tables.metadata import Amount, Moment, organization

revision = "0014"
down_revision = "0013"

TABLES = (
    "purchase_invoices",
    "purchase_invoice_attachments",
    "purchase_invoice_lines",
    "purchase_invoice_payments",
)
STATUS = ("DRAFT", "SUBMITTED", "PENDING", "APPROVED", "PAID", "CANCELLED")
PAYMENT = ("UNPAID", "PARTIAL", "PAID", "OVERDUE")
MATCH = ("PENDING_GRN", "FULL_MATCH", "PARTIAL_MATCH", "MISMATCH")

INDEXES = {
    "purchase_invoices": [
        "created_at id",
        "created_by_id",
        "department_id",
        "due_date id",
        "invoice_date id",
        "match_status created_at id",
        "needs_attention created_at id",
        "numbered",
        "overridden_by_id",
        "payment_status due_date",
        "project_id",
        "purchase_order_id created_at id",
        "status created_at id",
        "supplier_id created_at id",
        "total id",
        "updated_at id",
    ],
    "purchase_invoice_attachments": [
        "invoice_id position",
    ],
    "purchase_invoice_lines": [
        "invoice_id position",
        "order_line_id",
    ],
    "purchase_invoice_payments": [
        "paid_by_id",
    ],
}
UNIQUE = [
    ("purchase_invoices", "number"),
    ("purchase_invoices", "waqti_id"),
    ("purchase_invoice_attachments", "waqti_id"),
    ("purchase_invoice_lines", "waqti_id"),
    ("purchase_invoice_payments", "invoice_id position"),
]


def refers(column: str, table: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id", column],
        [f"{table}.organization_id", f"{table}.id"],
        ondelete="CASCADE" if cascade else None,
    )


def words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "purchase_invoices",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column(
            "numbered",
            sa.Text(),
            sa.Computed(
                "regexp_replace(number, '[0-9]+$', '') || lpad(substring(number, '[0-9]+$'), 12, '0')",
                persisted=True,
            ),
        ),
        sa.Column("vendor_invoice_number", sa.Text(), nullable=False),
        sa.Column(
            "vendor_key",
            sa.Text(),
            sa.Computed("lower(vendor_invoice_number)", persisted=True),
        ),
        sa.Column("status", words("purchaseinvoicestatus", *STATUS), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("purchase_order_id", sa.Uuid()),
        sa.Column("department_id", sa.Uuid()),
        sa.Column("project_id", sa.Uuid()),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("base_currency", sa.Text(), nullable=False),
        sa.Column("exchange_rate", Amount, nullable=False),
        sa.Column("notes", sa.Text()),
        sa.Column("subtotal", Amount, nullable=False),
        sa.Column("vat_amount", Amount, nullable=False),
        sa.Column("total", Amount, nullable=False),
        sa.Column("base_total", Amount, nullable=False),
        sa.Column("paid_amount", Amount, nullable=False),
        sa.Column("payment_status", words("paymentstatus", *PAYMENT), nullable=False),
        sa.Column("match_status", words("matchstatus", *MATCH), nullable=False),
        sa.Column("overridden_by_id", sa.Uuid()),
        sa.Column("overridden_at", Moment),
        sa.Column("override_reason", sa.Text()),
        sa.Column(
            "needs_attention",
            sa.Boolean(),
            sa.Computed(
                "(status = 'SUBMITTED' OR status = 'PENDING') AND match_status <> 'FULL_MATCH' AND overridden_at IS NULL",
                persisted=True,
            ),
        ),
        sa.Column("creator_may_approve", sa.Boolean(), nullable=False),
        sa.Column("pending_approver_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("submitted_at", Moment),
        sa.Column("approved_at", Moment),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed(
                "lower(coalesce(number, '') || ' ' || coalesce(vendor_invoice_number, ''))",
                persisted=True,
            ),
        ),
        sa.Column("waqti_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("due_date >= invoice_date", name="due_after_it_was_made"),
        sa.CheckConstraint("paid_amount BETWEEN 0 AND total", name="paid_is_at_most_total"),
        sa.CheckConstraint("total > 0", name="total_is_positive"),
        refers("created_by_id", "users"),
        refers("department_id", "departments"),
        refers("overridden_by_id", "users"),
        refers("project_id", "projects"),
        refers("purchase_order_id", "purchase_orders"),
        refers("supplier_id", "suppliers"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_purchase_invoices"),
    )
    op.create_index(
        "ix_purchase_invoices_pending_approver_ids",
        "purchase_invoices",
        ["organization_id", "pending_approver_ids"],
        postgresql_using="gin",
    )
    op.create_index(
        "ix_purchase_invoices_searched",
        "purchase_invoices",
        ["organization_id", "searched"],
        postgresql_using="gin",
        postgresql_ops={"searched": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_purchase_invoices_supplier_id_vendor_key",
        "purchase_invoices",
        ["organization_id", "supplier_id", "vendor_key"],
        unique=True,
        postgresql_where=sa.text("status <> 'CANCELLED'"),
    )
    op.create_table(
        "purchase_invoice_attachments",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("waqti_id", sa.BigInteger(), nullable=False),
        refers("invoice_id", "purchase_invoices", cascade=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_purchase_invoice_attachments"),
    )
    op.create_table(
        "purchase_invoice_lines",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", Amount, nullable=False),
        sa.Column("unit_price", Amount, nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("order_line_id", sa.Uuid()),
        sa.Column("net", Amount, nullable=False),
        sa.Column("vat_amount", Amount, nullable=False),
        sa.Column("total", Amount, nullable=False),
        sa.Column("match_status", words("matchstatus", *MATCH), nullable=False),
        sa.Column("findings", postgresql.JSONB(), nullable=False),
        sa.Column("waqti_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name="quantity_is_positive"),
        sa.CheckConstraint("unit_price >= 0", name="unit_price_is_not_negative"),
        refers("invoice_id", "purchase_invoices", cascade=True),
        refers("order_line_id", "purchase_order_lines"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_purchase_invoice_lines"),
    )
    op.create_table(
        "purchase_invoice_payments",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("amount", Amount, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.Text()),
        sa.Column("paid_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.CheckConstraint("amount > 0", name="amount_is_positive"),
        refers("invoice_id", "purchase_invoices"),
        refers("paid_by_id", "users"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_purchase_invoice_payments"),
    )
    for table, indexes in INDEXES.items():
        for columns in indexes:
            _index(table, columns)
    for table, columns in UNIQUE:
        _index(table, columns, unique=True)
    op.add_column("approval_requests", sa.Column("purchase_invoice_id", sa.Uuid()))
    op.create_index(
        "ix_approval_requests_purchase_invoice_id_round",
        "approval_requests",
        ["organization_id", "purchase_invoice_id", "round"],
        unique=True,
    )
    op.create_foreign_key(
        "fk_approval_requests_purchase_invoice_id",
        "approval_requests",
        "purchase_invoices",
        ["organization_id", "purchase_invoice_id"],
        ["organization_id", "id"],
        ondelete="CASCADE",
    )
    op.create_check_constraint(
        "is_about_one_document",
        "approval_requests",
        "num_nonnulls(purchase_order_id, purchase_invoice_id) = 1",
    )
    protect(*TABLES)


def _index(table: str, columns: str, *, unique: bool = False) -> None:
    names = columns.split()
    name = "_".join(["ix", table, *names])
    op.create_index(name, table, ["organization_id", *names], unique=unique)


def downgrade() -> None:
    fill("DELETE FROM approval_requests WHERE purchase_invoice_id IS NOT NULL")
    op.drop_constraint("is_about_one_document", "approval_requests", type_="check")
    op.drop_column("approval_requests", "purchase_invoice_id")
    for table in reversed(TABLES):
        op.drop_table(table)
