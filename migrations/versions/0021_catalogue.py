"""What is offered: services, packages, coupons."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.building import index, index_parts_of, refers, words
from migrations.protection import protect
from persistence.tables.metadata import Amount, Moment, organization

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "coupons",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "discount_type",
            words("discounttype", "FIXED", "PERCENTAGE"),
            nullable=False,
        ),
        sa.Column("discount_value", Amount, nullable=False),
        sa.Column("max_discount_amount", Amount, nullable=True),
        sa.Column("min_order_amount", Amount, nullable=True),
        sa.Column("valid_from", Moment, nullable=True),
        sa.Column("valid_until", Moment, nullable=True),
        sa.Column("usage_limit_total", sa.Integer(), nullable=True),
        sa.Column("usage_limit_per_subject", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("deleted_at", Moment, nullable=True),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed("lower(coalesce(name, '') || ' ' || coalesce(code, ''))", persisted=True),
            nullable=True,
        ),
        sa.Column("shrkity_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("used >= 0 AND used <= usage_limit_total", name="used_within_its_limit"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_coupons"),
    )
    index("coupons", "active created_at id")
    index("coupons", "code", unique=True)
    index("coupons", "created_at id")
    index_parts_of("coupons", "searched")
    index("coupons", "shrkity_id", unique=True)
    op.create_table(
        "packages",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("price", Amount, nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("duration_days", sa.Integer(), nullable=False),
        sa.Column("renewable", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("items", postgresql.JSONB(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed(
                "lower(coalesce(name, '') || ' ' || coalesce(name_ar, '') || ' ' || coalesce(code, ''))",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column("shrkity_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_packages"),
    )
    index("packages", "active name id")
    index("packages", "code", unique=True)
    index("packages", "created_at id")
    index("packages", "name id")
    index("packages", "price id")
    index_parts_of("packages", "searched")
    index("packages", "shrkity_id", unique=True)
    op.create_table(
        "service_definitions",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("description_ar", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("price", Amount, nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("requires_company", sa.Boolean(), nullable=False),
        sa.Column("requires_worker", sa.Boolean(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=True),
        sa.Column("targets", postgresql.JSONB(), nullable=False),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column("eligibility", postgresql.JSONB(), nullable=False),
        sa.Column("options", postgresql.JSONB(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column(
            "status",
            words("servicestatus", "DRAFT", "PUBLISHED", "ARCHIVED"),
            nullable=False,
        ),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed(
                "lower(coalesce(name, '') || ' ' || coalesce(name_ar, '') || ' ' || coalesce(code, ''))",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column("shrkity_id", sa.BigInteger(), nullable=False),
        refers("service_definitions", "calendar_id", "business_calendars"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_service_definitions"),
    )
    index("service_definitions", "calendar_id")
    index("service_definitions", "category name id")
    index("service_definitions", "code", unique=True)
    index("service_definitions", "created_at id")
    index("service_definitions", "name id")
    index("service_definitions", "price id")
    index("service_definitions", "requires_company name id")
    index_parts_of("service_definitions", "searched")
    index("service_definitions", "shrkity_id", unique=True)
    index("service_definitions", "status name id")
    protect("service_definitions", "packages", "coupons")


def downgrade() -> None:
    op.drop_table("service_definitions")
    op.drop_table("packages")
    op.drop_table("coupons")
