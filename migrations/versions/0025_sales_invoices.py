"""Sales invoices."""

import sqlalchemy as sa
from alembic import op

from migrations.building import index, index_parts_of, refers, words
from migrations.protection import protect
from persistence.tables.metadata import Amount, Moment, organization

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "sales_invoices",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column(
            "status",
            words("salesinvoicestatus", "DRAFT", "ISSUED", "PAID", "VOID"),
            nullable=False,
        ),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("period_id", sa.Uuid(), nullable=True),
        sa.Column("subscription_id", sa.Uuid(), nullable=True),
        sa.Column("quotation_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("net", Amount, nullable=False),
        sa.Column("vat_amount", Amount, nullable=False),
        sa.Column("total", Amount, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("payment_reference", sa.Text(), nullable=True),
        sa.Column("voided_at", Moment, nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed("lower(coalesce(number, ''))", persisted=True),
            nullable=True,
        ),
        sa.Column("shrkity_id", sa.BigInteger(), nullable=False),
        refers("sales_invoices", "customer_id", "customers"),
        refers("sales_invoices", "order_id", "service_orders", late=True),
        refers("sales_invoices", "period_id", "subscription_periods", late=True),
        refers("sales_invoices", "quotation_id", "quotations"),
        refers("sales_invoices", "subscription_id", "package_subscriptions", late=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_sales_invoices"),
    )
    index("sales_invoices", "created_at id")
    index("sales_invoices", "customer_id created_at id")
    index("sales_invoices", "due_on id")
    index("sales_invoices", "issued_on id")
    index("sales_invoices", "number", unique=True)
    for column, name in (
        ("order_id", "one_an_order"),
        ("period_id", "one_a_period"),
        ("quotation_id", "one_a_quotation"),
    ):
        op.create_index(
            f"ix_sales_invoices_{name}",
            "sales_invoices",
            ["organization_id", column],
            unique=True,
            postgresql_where=sa.text("status <> 'VOID'"),
        )
    op.create_index(
        "ix_sales_invoices_owed",
        "sales_invoices",
        ["organization_id", "due_on", "id"],
        postgresql_where=sa.text("status = 'ISSUED'"),
    )
    index("sales_invoices", "order_id created_at id")
    index("sales_invoices", "period_id")
    index("sales_invoices", "quotation_id")
    index_parts_of("sales_invoices", "searched")
    index("sales_invoices", "shrkity_id", unique=True)
    index("sales_invoices", "status created_at id")
    index("sales_invoices", "subscription_id created_at id")
    index("sales_invoices", "total id")
    op.create_table(
        "sales_invoice_lines",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("description_ar", sa.Text(), nullable=True),
        sa.Column("quantity", Amount, nullable=False),
        sa.Column("unit_price", Amount, nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("net", Amount, nullable=False),
        sa.Column("vat_amount", Amount, nullable=False),
        sa.Column("total", Amount, nullable=False),
        refers("sales_invoice_lines", "invoice_id", "sales_invoices", cascade=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_sales_invoice_lines"),
    )
    index("sales_invoice_lines", "invoice_id position")
    protect("sales_invoices", "sales_invoice_lines")


def downgrade() -> None:
    op.drop_table("sales_invoice_lines")
    op.drop_table("sales_invoices")
