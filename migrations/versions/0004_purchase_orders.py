"""Purchase orders with lines and attachments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.protection import protect
from persistence.tables.metadata import Amount, Moment, organization

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "purchase_orders",
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
            nullable=True,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "PENDING_APPROVAL",
                "APPROVED",
                "REJECTED",
                "CANCELLED",
                "COMPLETED",
                name="purchaseorderstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("base_currency", sa.Text(), nullable=False),
        sa.Column("exchange_rate", Amount, nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("delivery_address", sa.Text(), nullable=True),
        sa.Column("expected_delivery_date", sa.Date(), nullable=True),
        sa.Column("subtotal", Amount, nullable=False),
        sa.Column("vat_amount", Amount, nullable=False),
        sa.Column("total", Amount, nullable=False),
        sa.Column("base_total", Amount, nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("pending_approver_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("submitted_at", Moment, nullable=True),
        sa.Column("approved_at", Moment, nullable=True),
        sa.Column("cloned_from_id", sa.Uuid(), nullable=True),
        sa.Column("searched", sa.Text(), nullable=False),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple', searched)", persisted=True),
            nullable=True,
        ),
        sa.Column("waqti_id", sa.BigInteger(), nullable=False),
        sa.Column("shoplazza_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("total >= 0", name="ck_purchase_orders_total_is_not_negative"),
        sa.ForeignKeyConstraint(
            ["organization_id", "created_by_id"],
            ["users.organization_id", "users.id"],
            name="fk_purchase_orders_created_by_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "department_id"],
            ["departments.organization_id", "departments.id"],
            name="fk_purchase_orders_department_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "project_id"],
            ["projects.organization_id", "projects.id"],
            name="fk_purchase_orders_project_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "supplier_id"],
            ["suppliers.organization_id", "suppliers.id"],
            name="fk_purchase_orders_supplier_id",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_purchase_orders"),
    )
    op.create_index(
        "ix_purchase_orders_created_at_id",
        "purchase_orders",
        ["organization_id", "created_at", "id"],
    )
    op.create_index(
        "ix_purchase_orders_created_by_id_created_at_id",
        "purchase_orders",
        ["organization_id", "created_by_id", "created_at", "id"],
    )
    op.create_index(
        "ix_purchase_orders_department_id_created_at_id",
        "purchase_orders",
        ["organization_id", "department_id", "created_at", "id"],
    )
    op.create_index(
        "ix_purchase_orders_number", "purchase_orders", ["organization_id", "number"], unique=True
    )
    op.create_index(
        "ix_purchase_orders_numbered", "purchase_orders", ["organization_id", "numbered"]
    )
    op.create_index(
        "ix_purchase_orders_pending_approver_ids",
        "purchase_orders",
        ["organization_id", "pending_approver_ids"],
        postgresql_using="gin",
    )
    op.create_index(
        "ix_purchase_orders_project_id_created_at_id",
        "purchase_orders",
        ["organization_id", "project_id", "created_at", "id"],
    )
    op.create_index(
        "ix_purchase_orders_search",
        "purchase_orders",
        ["organization_id", "search"],
        postgresql_using="gin",
    )
    op.create_index(
        "ix_purchase_orders_shoplazza_id",
        "purchase_orders",
        ["organization_id", "shoplazza_id"],
        unique=True,
    )
    op.create_index(
        "ix_purchase_orders_status_created_at_id",
        "purchase_orders",
        ["organization_id", "status", "created_at", "id"],
    )
    op.create_index(
        "ix_purchase_orders_supplier_id_created_at_id",
        "purchase_orders",
        ["organization_id", "supplier_id", "created_at", "id"],
    )
    op.create_index(
        "ix_purchase_orders_total_id", "purchase_orders", ["organization_id", "total", "id"]
    )
    op.create_index(
        "ix_purchase_orders_updated_at_id",
        "purchase_orders",
        ["organization_id", "updated_at", "id"],
    )
    op.create_index(
        "ix_purchase_orders_waqti_id",
        "purchase_orders",
        ["organization_id", "waqti_id"],
        unique=True,
    )
    op.create_table(
        "purchase_order_lines",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", Amount, nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("unit_price", Amount, nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("net", Amount, nullable=False),
        sa.Column("vat_amount", Amount, nullable=False),
        sa.Column("total", Amount, nullable=False),
        sa.Column("waqti_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name="ck_purchase_order_lines_quantity_is_positive"),
        sa.CheckConstraint(
            "unit_price >= 0", name="ck_purchase_order_lines_unit_price_is_not_negative"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "order_id"],
            ["purchase_orders.organization_id", "purchase_orders.id"],
            name="fk_purchase_order_lines_order_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_purchase_order_lines"),
    )
    op.create_index(
        "ix_purchase_order_lines_order_id_position",
        "purchase_order_lines",
        ["organization_id", "order_id", "position"],
    )
    op.create_index(
        "ix_purchase_order_lines_waqti_id",
        "purchase_order_lines",
        ["organization_id", "waqti_id"],
        unique=True,
    )
    op.create_table(
        "purchase_order_attachments",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("waqti_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "order_id"],
            ["purchase_orders.organization_id", "purchase_orders.id"],
            name="fk_purchase_order_attachments_order_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_purchase_order_attachments"),
    )
    op.create_index(
        "ix_purchase_order_attachments_order_id_position",
        "purchase_order_attachments",
        ["organization_id", "order_id", "position"],
    )
    op.create_index(
        "ix_purchase_order_attachments_waqti_id",
        "purchase_order_attachments",
        ["organization_id", "waqti_id"],
        unique=True,
    )
    protect("purchase_orders", "purchase_order_lines", "purchase_order_attachments")


def downgrade() -> None:
    op.drop_table("purchase_order_attachments")
    op.drop_table("purchase_order_lines")
    op.drop_table("purchase_orders")
