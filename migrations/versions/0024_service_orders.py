"""Service orders: steps, clocks, prices, redemptions of coupons, and what allocations they use."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.building import index, index_parts_of, refers, words
from migrations.protection import protect
from persistence.tables.metadata import Amount, Moment, organization

revision = "0024"
down_revision = "0023"

NUMBERED = "regexp_replace(number, '[0-9]+$', '') || lpad(substring(number, '[0-9]+$'), 12, '0')"
URGENCY = "CASE priority WHEN 'LOW' THEN 1 WHEN 'NORMAL' THEN 2 WHEN 'HIGH' THEN 3 ELSE 4 END"


def upgrade() -> None:
    op.create_table(
        "service_orders",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("numbered", sa.Text(), sa.Computed(NUMBERED, persisted=True), nullable=True),
        sa.Column(
            "status",
            words(
                "serviceorderstatus", "PENDING", "IN_PROGRESS", "ON_HOLD", "COMPLETED", "CANCELLED"
            ),
            nullable=False,
        ),
        sa.Column("service_definition_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("quotation_line_id", sa.Uuid(), nullable=True),
        sa.Column("priority", words("priority", "LOW", "NORMAL", "HIGH", "URGENT"), nullable=False),
        sa.Column("urgency", sa.Integer(), sa.Computed(URGENCY, persisted=True), nullable=True),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("price", Amount, nullable=False),
        sa.Column("options", Amount, nullable=False),
        sa.Column("discount", Amount, nullable=False),
        sa.Column("covered", Amount, nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("vat_amount", Amount, nullable=False),
        sa.Column("total", Amount, nullable=False),
        sa.Column("allocation_id", sa.Uuid(), nullable=True),
        sa.Column("calendar_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", Moment, nullable=True),
        sa.Column("held_at", Moment, nullable=True),
        sa.Column("hold_reason", sa.Text(), nullable=True),
        sa.Column("completed_at", Moment, nullable=True),
        sa.Column("cancelled_at", Moment, nullable=True),
        sa.Column("cancellation_reason", sa.Text(), nullable=True),
        sa.Column("metadata", postgresql.JSONB(), nullable=False),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed("lower(coalesce(number, ''))", persisted=True),
            nullable=True,
        ),
        sa.Column("shrkity_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("total >= 0", name="total_is_not_negative"),
        refers("service_orders", "allocation_id", "allocations"),
        refers("service_orders", "assignee_id", "users"),
        refers("service_orders", "calendar_id", "business_calendars"),
        refers("service_orders", "created_by_id", "users"),
        refers("service_orders", "customer_id", "customers"),
        refers("service_orders", "quotation_line_id", "quotation_lines"),
        refers("service_orders", "service_definition_id", "service_definitions"),
        refers("service_orders", "worker_id", "workers"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_service_orders"),
    )
    index("service_orders", "allocation_id")
    index("service_orders", "assignee_id created_at id")
    index("service_orders", "calendar_id")
    index("service_orders", "created_at id")
    index("service_orders", "created_by_id")
    index("service_orders", "customer_id created_at id")
    index("service_orders", "number", unique=True)
    index("service_orders", "numbered")
    index("service_orders", "priority created_at id")
    index("service_orders", "quotation_line_id")
    index_parts_of("service_orders", "searched")
    index("service_orders", "service_definition_id created_at id")
    index("service_orders", "shrkity_id", unique=True)
    index("service_orders", "status created_at id")
    index("service_orders", "total id")
    index("service_orders", "updated_at id")
    index("service_orders", "urgency created_at id")
    index("service_orders", "worker_id created_at id")
    op.create_table(
        "allocation_entries",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("allocation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            words("allocationentrykind", "GRANT", "CONSUME", "RELEASE", "EXPIRE"),
            nullable=False,
        ),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("at", Moment, nullable=False),
        refers("allocation_entries", "allocation_id", "allocations", late=True),
        refers("allocation_entries", "order_id", "service_orders", late=True),
        refers("allocation_entries", "subscription_id", "package_subscriptions", late=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_allocation_entries"),
    )
    index("allocation_entries", "allocation_id at id")
    index("allocation_entries", "order_id")
    index("allocation_entries", "subscription_id at id")
    op.create_table(
        "coupon_redemptions",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("coupon_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("amount", Amount, nullable=False),
        sa.Column(
            "status", words("redemptionstatus", "RESERVED", "REDEEMED", "RELEASED"), nullable=False
        ),
        sa.Column("reserved_at", Moment, nullable=False),
        sa.Column("settled_at", Moment, nullable=True),
        sa.Column("shrkity_id", sa.BigInteger(), nullable=False),
        refers("coupon_redemptions", "coupon_id", "coupons"),
        refers("coupon_redemptions", "customer_id", "customers"),
        refers("coupon_redemptions", "order_id", "service_orders", cascade=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_coupon_redemptions"),
    )
    index("coupon_redemptions", "coupon_id customer_id")
    index("coupon_redemptions", "coupon_id reserved_at id")
    index("coupon_redemptions", "customer_id")
    op.create_index(
        "ix_coupon_redemptions_one_an_order",
        "coupon_redemptions",
        ["organization_id", "order_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'RELEASED'"),
    )
    index("coupon_redemptions", "order_id reserved_at")
    index("coupon_redemptions", "shrkity_id", unique=True)
    op.create_table(
        "service_order_price_lines",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "line_kind",
            words("pricelinekind", "BASE", "OPTION", "DISCOUNT", "COVERAGE"),
            nullable=False,
        ),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("label_ar", sa.Text(), nullable=True),
        sa.Column("amount", Amount, nullable=False),
        refers("service_order_price_lines", "order_id", "service_orders", cascade=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_service_order_price_lines"),
    )
    index("service_order_price_lines", "order_id position")
    op.create_table(
        "service_order_steps",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=True),
        sa.Column(
            "type",
            words("steptype", "TASK", "DOCUMENT", "APPROVAL", "PAYMENT", "EXTERNAL"),
            nullable=False,
        ),
        sa.Column(
            "status",
            words(
                "orderstepstatus",
                "BLOCKED",
                "READY",
                "ACTIVE",
                "WAITING",
                "COMPLETED",
                "SKIPPED",
                "CANCELLED",
            ),
            nullable=False,
        ),
        sa.Column("optional", sa.Boolean(), nullable=False),
        sa.Column("depends_on", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("targets", postgresql.JSONB(), nullable=False),
        sa.Column("documents", postgresql.JSONB(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("waiting_for", words("waitingfor", "CLIENT", "AUTHORITY"), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("started_at", Moment, nullable=True),
        sa.Column("completed_at", Moment, nullable=True),
        refers("service_order_steps", "assignee_id", "users"),
        refers("service_order_steps", "order_id", "service_orders", cascade=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_service_order_steps"),
    )
    index("service_order_steps", "assignee_id")
    index("service_order_steps", "order_id key", unique=True)
    index("service_order_steps", "order_id position")
    op.create_table(
        "sla_clocks",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=True),
        sa.Column("measures", words("slakind", "FIRST_RESPONSE", "RESOLUTION"), nullable=False),
        sa.Column(
            "state",
            words(
                "clockstate",
                "RUNNING",
                "PAUSED",
                "MET",
                "BREACHED",
                "BREACHED_STOPPED",
                "CANCELLED",
            ),
            nullable=False,
        ),
        sa.Column("target_seconds", sa.Integer(), nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("stopped_at", Moment, nullable=True),
        sa.Column("elapsed_seconds", sa.Integer(), nullable=True),
        sa.Column("pauses", postgresql.JSONB(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=True),
        sa.Column("calendar_version", sa.Integer(), nullable=True),
        sa.Column("due_at", Moment, nullable=True),
        sa.Column(
            "due_or_never",
            Moment,
            sa.Computed("coalesce(due_at, '9999-12-31 00:00:00+00')", persisted=True),
            nullable=True,
        ),
        sa.Column("at_risk_at", Moment, nullable=True),
        sa.Column("tell_at", Moment, nullable=True),
        sa.Column("at_risk_told_at", Moment, nullable=True),
        sa.Column("breach_told_at", Moment, nullable=True),
        sa.Column("breached_at", Moment, nullable=True),
        refers("sla_clocks", "calendar_id", "business_calendars"),
        refers("sla_clocks", "order_id", "service_orders", cascade=True),
        refers("sla_clocks", "step_id", "service_order_steps", cascade=True, late=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_sla_clocks"),
    )
    index("sla_clocks", "calendar_id")
    for columns in ("calendar_id calendar_version", "due_at id"):
        index("sla_clocks", columns, where="stopped_at IS NULL")
    index("sla_clocks", "tell_at id", where="tell_at IS NOT NULL")
    index("sla_clocks", "at_risk_at id", where="state IN ('RUNNING', 'PAUSED')")
    for columns in ("", "state ", "measures "):
        index("sla_clocks", f"{columns}due_or_never id")
    index("sla_clocks", "started_at id")
    index("sla_clocks", "order_id started_at")
    index("sla_clocks", "step_id")
    protect(
        "service_orders",
        "service_order_steps",
        "sla_clocks",
        "service_order_price_lines",
        "coupon_redemptions",
    )
    protect("allocation_entries", append_only=True)


def downgrade() -> None:
    op.drop_table("sla_clocks")
    op.drop_table("service_order_steps")
    op.drop_table("service_order_price_lines")
    op.drop_table("coupon_redemptions")
    op.drop_table("allocation_entries")
    op.drop_table("service_orders")
