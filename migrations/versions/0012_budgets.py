"""Budgets and their ledger."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect
from persistence.tables.metadata import Amount, Moment, organization

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "budgets",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("allocated_amount", Amount, nullable=False),
        sa.Column(
            "policy",
            sa.Enum(
                "OFF",
                "WARN",
                "BLOCK",
                name="budgetpolicy",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "ACTIVE",
                "FROZEN",
                "CLOSED",
                name="budgetstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reserved", Amount, nullable=False),
        sa.Column("committed", Amount, nullable=False),
        sa.Column("spent", Amount, nullable=False),
        sa.Column("waqti_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed(
                "lower(coalesce(name, '') || ' ' || coalesce(category, ''))", persisted=True
            ),
            nullable=True,
        ),
        sa.CheckConstraint("allocated_amount >= 0", name="allocated_amount_is_not_negative"),
        sa.CheckConstraint("committed >= 0", name="committed_is_not_negative"),
        sa.CheckConstraint("reserved >= 0", name="reserved_is_not_negative"),
        sa.ForeignKeyConstraint(
            ["organization_id", "department_id"],
            ["departments.organization_id", "departments.id"],
            name="fk_budgets_department_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "project_id"],
            ["projects.organization_id", "projects.id"],
            name="fk_budgets_project_id",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_budgets"),
    )
    op.create_index(
        "ix_budgets_allocated_amount_id", "budgets", ["organization_id", "allocated_amount", "id"]
    )
    op.create_index("ix_budgets_created_at_id", "budgets", ["organization_id", "created_at", "id"])
    op.create_index(
        "ix_budgets_department_id_fiscal_year_created_at_id",
        "budgets",
        ["organization_id", "department_id", "fiscal_year", "created_at", "id"],
    )
    op.create_index(
        "ix_budgets_fiscal_year_created_at_id",
        "budgets",
        ["organization_id", "fiscal_year", "created_at", "id"],
    )
    op.create_index("ix_budgets_name_id", "budgets", ["organization_id", "name", "id"])
    op.create_index(
        "ix_budgets_project_id_created_at_id",
        "budgets",
        ["organization_id", "project_id", "created_at", "id"],
    )
    op.create_index(
        "ix_budgets_searched",
        "budgets",
        ["organization_id", "searched"],
        postgresql_using="gin",
        postgresql_ops={"searched": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_budgets_status_created_at_id",
        "budgets",
        ["organization_id", "status", "created_at", "id"],
    )
    op.create_index("ix_budgets_waqti_id", "budgets", ["organization_id", "waqti_id"], unique=True)
    op.create_table(
        "budget_entries",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "RESERVE",
                "COMMIT",
                "RELEASE",
                "SPEND",
                name="entrykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("reserved", Amount, nullable=False),
        sa.Column("committed", Amount, nullable=False),
        sa.Column("spent", Amount, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "budget_id"],
            ["budgets.organization_id", "budgets.id"],
            name="fk_budget_entries_budget_id",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_budget_entries"),
    )
    op.create_index(
        "ix_budget_entries_budget_id_at_id",
        "budget_entries",
        ["organization_id", "budget_id", "at", "id"],
    )
    op.create_index(
        "ix_budget_entries_order_id_at_id",
        "budget_entries",
        ["organization_id", "order_id", "at", "id"],
    )
    op.add_column(
        "purchase_orders",
        sa.Column("budget_named", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.alter_column("purchase_orders", "budget_named", server_default=None)
    op.create_index(
        "ix_purchase_orders_budget_id_created_at_id",
        "purchase_orders",
        ["organization_id", "budget_id", "created_at", "id"],
    )
    op.create_foreign_key(
        "fk_purchase_orders_budget_id",
        "purchase_orders",
        "budgets",
        ["organization_id", "budget_id"],
        ["organization_id", "id"],
    )
    protect("budgets")
    protect("budget_entries", append_only=True)


def downgrade() -> None:
    op.drop_constraint("fk_purchase_orders_budget_id", "purchase_orders", type_="foreignkey")
    op.drop_index("ix_purchase_orders_budget_id_created_at_id", table_name="purchase_orders")
    op.drop_column("purchase_orders", "budget_named")
    op.drop_table("budget_entries")
    op.drop_table("budgets")
