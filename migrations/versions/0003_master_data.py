"""Departments, projects, suppliers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.protection import protect
from persistence.tables.metadata import Moment, organization

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "departments",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=True),
        sa.Column("head_id", sa.Uuid(), nullable=True),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("waqti_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed(
                "lower(coalesce(name, '') || ' ' || coalesce(name_ar, '') || ' ' || coalesce(code, ''))",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "head_id"],
            ["users.organization_id", "users.id"],
            name="fk_departments_head_id",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_departments"),
    )
    op.create_index("ix_departments_code", "departments", ["organization_id", "code"], unique=True)
    op.create_index(
        "ix_departments_created_at_id", "departments", ["organization_id", "created_at", "id"]
    )
    op.create_index("ix_departments_head_id", "departments", ["organization_id", "head_id"])
    op.create_index(
        "ix_departments_searched",
        "departments",
        ["organization_id", "searched"],
        postgresql_using="gin",
        postgresql_ops={"searched": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_departments_waqti_id", "departments", ["organization_id", "waqti_id"], unique=True
    )
    op.create_table(
        "projects",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("waqti_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed(
                "lower(coalesce(name, '') || ' ' || coalesce(name_ar, '') || ' ' || coalesce(code, ''))",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "owner_id"],
            ["users.organization_id", "users.id"],
            name="fk_projects_owner_id",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_projects"),
    )
    op.create_index("ix_projects_code", "projects", ["organization_id", "code"], unique=True)
    op.create_index(
        "ix_projects_created_at_id", "projects", ["organization_id", "created_at", "id"]
    )
    op.create_index("ix_projects_owner_id", "projects", ["organization_id", "owner_id"])
    op.create_index(
        "ix_projects_searched",
        "projects",
        ["organization_id", "searched"],
        postgresql_using="gin",
        postgresql_ops={"searched": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_projects_waqti_id", "projects", ["organization_id", "waqti_id"], unique=True
    )
    op.create_table(
        "suppliers",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "ACTIVE",
                "INACTIVE",
                "BLOCKED",
                name="supplierstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("tax_id", sa.Text(), nullable=True),
        sa.Column("registration_number", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("payment_terms", sa.Integer(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("bank_name", sa.Text(), nullable=True),
        sa.Column("bank_account", sa.Text(), nullable=True),
        sa.Column("contacts", postgresql.JSONB(), nullable=False),
        sa.Column("performance_score", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed(
                "lower(coalesce(name, '') || ' ' || coalesce(name_ar, '') || ' ' || coalesce(code, '') || ' ' || coalesce(email, '') || ' ' || coalesce(tax_id, ''))",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column("waqti_id", sa.BigInteger(), nullable=False),
        sa.Column("wisedat_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_suppliers"),
    )
    op.create_index(
        "ix_suppliers_category_name_id", "suppliers", ["organization_id", "category", "name", "id"]
    )
    op.create_index("ix_suppliers_code", "suppliers", ["organization_id", "code"], unique=True)
    op.create_index(
        "ix_suppliers_created_at_id", "suppliers", ["organization_id", "created_at", "id"]
    )
    op.create_index("ix_suppliers_name_id", "suppliers", ["organization_id", "name", "id"])
    op.create_index(
        "ix_suppliers_performance_score", "suppliers", ["organization_id", "performance_score"]
    )
    op.create_index(
        "ix_suppliers_searched",
        "suppliers",
        ["organization_id", "searched"],
        postgresql_using="gin",
        postgresql_ops={"searched": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_suppliers_status_name_id", "suppliers", ["organization_id", "status", "name", "id"]
    )
    op.create_index(
        "ix_suppliers_waqti_id", "suppliers", ["organization_id", "waqti_id"], unique=True
    )
    op.create_index(
        "ix_suppliers_wisedat_id", "suppliers", ["organization_id", "wisedat_id"], unique=True
    )
    protect("departments", "projects", "suppliers")


def downgrade() -> None:
    op.drop_table("suppliers")
    op.drop_table("projects")
    op.drop_table("departments")
