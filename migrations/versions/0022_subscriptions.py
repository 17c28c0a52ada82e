"""Subscriptions, their periods and allocations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.building import index, refers, words
from migrations.protection import protect
from persistence.tables.metadata import Amount, Moment, organization

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "package_subscriptions",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            words("subscriptionstatus", "PENDING", "ACTIVE", "PAUSED", "CANCELLED", "EXPIRED"),
            nullable=False,
        ),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("starts_at", Moment, nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.Column("paused_at", Moment, nullable=True),
        sa.Column("cancelled_at", Moment, nullable=True),
        sa.Column("cancellation_reason", sa.Text(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("metadata", postgresql.JSONB(), nullable=False),
        sa.Column("shrkity_id", sa.BigInteger(), nullable=False),
        refers("package_subscriptions", "created_by_id", "users"),
        refers("package_subscriptions", "customer_id", "customers"),
        refers("package_subscriptions", "package_id", "packages"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_package_subscriptions"),
    )
    index("package_subscriptions", "created_at id")
    index("package_subscriptions", "created_by_id")
    index("package_subscriptions", "customer_id created_at id")
    index("package_subscriptions", "ends_at id")
    index("package_subscriptions", "package_id created_at id")
    index("package_subscriptions", "shrkity_id", unique=True)
    index("package_subscriptions", "status created_at id")
    for status, due in (("PENDING", "starts_at"), ("ACTIVE", "ends_at")):
        op.create_index(
            f"ix_package_subscriptions_{due}",
            "package_subscriptions",
            ["organization_id", due],
            postgresql_where=sa.text(f"status = '{status}'"),
        )
    op.create_table(
        "subscription_periods",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("starts_at", Moment, nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.Column("price", Amount, nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=9, scale=6), nullable=False),
        refers("subscription_periods", "subscription_id", "package_subscriptions", cascade=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_subscription_periods"),
    )
    index("subscription_periods", "subscription_id position", unique=True)
    op.create_table(
        "allocations",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service_definition_id", sa.Uuid(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("expired", sa.Integer(), nullable=False),
        sa.Column("shrkity_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "used >= 0 AND expired >= 0 AND used + expired <= total", name="used_within_its_total"
        ),
        refers("allocations", "period_id", "subscription_periods", cascade=True),
        refers("allocations", "service_definition_id", "service_definitions"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_allocations"),
    )
    index("allocations", "period_id position")
    index("allocations", "service_definition_id")
    index("allocations", "shrkity_id", unique=True)
    protect("package_subscriptions", "subscription_periods", "allocations")


def downgrade() -> None:
    op.drop_table("allocations")
    op.drop_table("subscription_periods")
    op.drop_table("package_subscriptions")
