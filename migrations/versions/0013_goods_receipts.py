"""Goods receipts, and what orders and the scores of suppliers know of them."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect
from persistence.tables.metadata import Amount, Moment, organization

revision = "0013"
down_revision = "0012"

COUNTS = ("posted_receipts", "open_invoices")
DESCRIBED = "md5(lower(btrim(description) || '/' || coalesce(btrim(unit), '')))"


def upgrade() -> None:
    for name in COUNTS:
        op.add_column(
            "purchase_orders", sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        )
        op.alter_column("purchase_orders", name, server_default=None)
    op.add_column(
        "purchase_order_lines",
        sa.Column("described", sa.Text(), sa.Computed(DESCRIBED, persisted=True), nullable=True),
    )
    op.create_index(
        "ix_purchase_order_lines_described",
        "purchase_order_lines",
        ["organization_id", "described"],
    )
    op.create_check_constraint(
        "fulfilment_is_not_negative",
        "purchase_order_lines",
        "accepted >= 0 AND rejected >= 0 AND invoiced >= 0",
    )
    op.create_table(
        "goods_receipts",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "POSTED",
                "REVERSED",
                name="goodsreceiptstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("delivery_note", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("posted_at", Moment, nullable=True),
        sa.Column("posted_by_id", sa.Uuid(), nullable=True),
        sa.Column("reversed_at", Moment, nullable=True),
        sa.Column("reversed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reversal_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(number IS NULL) = (status = 'DRAFT')",
            name="number_is_of_what_was_posted",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "created_by_id"],
            ["users.organization_id", "users.id"],
            name="fk_goods_receipts_created_by_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "order_id"],
            ["purchase_orders.organization_id", "purchase_orders.id"],
            name="fk_goods_receipts_order_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "posted_by_id"],
            ["users.organization_id", "users.id"],
            name="fk_goods_receipts_posted_by_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "reversed_by_id"],
            ["users.organization_id", "users.id"],
            name="fk_goods_receipts_reversed_by_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "supplier_id"],
            ["suppliers.organization_id", "suppliers.id"],
            name="fk_goods_receipts_supplier_id",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_goods_receipts"),
    )
    op.create_index(
        "ix_goods_receipts_created_at_id", "goods_receipts", ["organization_id", "created_at", "id"]
    )
    op.create_index(
        "ix_goods_receipts_created_by_id", "goods_receipts", ["organization_id", "created_by_id"]
    )
    op.create_index(
        "ix_goods_receipts_number", "goods_receipts", ["organization_id", "number"], unique=True
    )
    op.create_index(
        "ix_goods_receipts_order_id_created_at_id",
        "goods_receipts",
        ["organization_id", "order_id", "created_at", "id"],
    )
    op.create_index(
        "ix_goods_receipts_posted_by_id", "goods_receipts", ["organization_id", "posted_by_id"]
    )
    op.create_index(
        "ix_goods_receipts_received_on_id",
        "goods_receipts",
        ["organization_id", "received_on", "id"],
    )
    op.create_index(
        "ix_goods_receipts_reversed_by_id", "goods_receipts", ["organization_id", "reversed_by_id"]
    )
    op.create_index(
        "ix_goods_receipts_status_created_at_id",
        "goods_receipts",
        ["organization_id", "status", "created_at", "id"],
    )
    op.create_index(
        "ix_goods_receipts_supplier_id_created_at_id",
        "goods_receipts",
        ["organization_id", "supplier_id", "created_at", "id"],
    )
    op.create_index(
        "ix_goods_receipts_updated_at_id", "goods_receipts", ["organization_id", "updated_at", "id"]
    )
    op.create_table(
        "goods_receipt_lines",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Uuid(), nullable=False),
        sa.Column("accepted", Amount, nullable=False),
        sa.Column("rejected", Amount, nullable=False),
        sa.Column("rejection_reason", sa.Text(), nullable=True),
        sa.Column("quality_note", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "accepted >= 0 AND rejected >= 0",
            name="quantities_are_not_negative",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "order_line_id"],
            ["purchase_order_lines.organization_id", "purchase_order_lines.id"],
            name="fk_goods_receipt_lines_order_line_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "receipt_id"],
            ["goods_receipts.organization_id", "goods_receipts.id"],
            name="fk_goods_receipt_lines_receipt_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_goods_receipt_lines"),
    )
    op.create_index(
        "ix_goods_receipt_lines_order_line_id_receipt_id",
        "goods_receipt_lines",
        ["organization_id", "order_line_id", "receipt_id"],
        unique=True,
    )
    op.create_index(
        "ix_goods_receipt_lines_receipt_id_position",
        "goods_receipt_lines",
        ["organization_id", "receipt_id", "position"],
    )
    protect("goods_receipts", "goods_receipt_lines")


def downgrade() -> None:
    op.drop_table("goods_receipt_lines")
    op.drop_table("goods_receipts")
    op.drop_constraint("fulfilment_is_not_negative", "purchase_order_lines", type_="check")
    op.drop_index("ix_purchase_order_lines_described", "purchase_order_lines")
    op.drop_column("purchase_order_lines", "described")
    for name in COUNTS:
        op.drop_column("purchase_orders", name)
