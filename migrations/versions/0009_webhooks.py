"""Webhook endpoints, deliveries and attempts; events by the time that they happened."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.protection import protect
from persistence.tables.metadata import Moment, organization

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "STANDARD",
                "WAQTI",
                name="webhookform",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column(
            "disabled_reason",
            sa.Enum(
                "GONE",
                "FAILING",
                name="webhookdisabledreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("previous_secret", sa.Text(), nullable=True),
        sa.Column("previous_secret_until", Moment, nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("failure_count", sa.Integer(), nullable=False),
        sa.Column("failing_since", Moment, nullable=True),
        sa.Column("last_triggered_at", Moment, nullable=True),
        sa.Column("waqti_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed("lower(coalesce(name, '') || ' ' || coalesce(url, ''))", persisted=True),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_webhook_endpoints"),
    )
    op.create_index(
        "ix_webhook_endpoints_created_at_id",
        "webhook_endpoints",
        ["organization_id", "created_at", "id"],
    )
    op.create_index(
        "ix_webhook_endpoints_searched",
        "webhook_endpoints",
        ["organization_id", "searched"],
        postgresql_using="gin",
        postgresql_ops={"searched": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_webhook_endpoints_waqti_id",
        "webhook_endpoints",
        ["organization_id", "waqti_id"],
        unique=True,
    )
    op.create_table(
        "webhook_deliveries",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "RETRYING",
                "SUCCEEDED",
                "DEAD",
                name="webhookdeliverystatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempt_count", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("next_attempt_at", Moment, nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", Moment, nullable=True),
        sa.Column("ended_at", Moment, nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("response_status", sa.Integer(), nullable=True),
        sa.Column("response_body", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "endpoint_id"],
            ["webhook_endpoints.organization_id", "webhook_endpoints.id"],
            name="fk_webhook_deliveries_endpoint_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_webhook_deliveries"),
    )
    op.create_index(
        "ix_webhook_deliveries_due",
        "webhook_deliveries",
        ["organization_id", "next_attempt_at"],
        postgresql_where=sa.text("status IN ('PENDING', 'RETRYING')"),
    )
    op.create_index(
        "ix_webhook_deliveries_ended_at", "webhook_deliveries", ["organization_id", "ended_at"]
    )
    op.create_index(
        "ix_webhook_deliveries_endpoint_id_number",
        "webhook_deliveries",
        ["organization_id", "endpoint_id", "number"],
        unique=True,
    )
    op.create_index(
        "ix_webhook_deliveries_endpoint_id_status_number",
        "webhook_deliveries",
        ["organization_id", "endpoint_id", "status", "number"],
    )
    op.create_index(
        "ix_webhook_deliveries_leased",
        "webhook_deliveries",
        ["organization_id", "leased_until"],
        postgresql_where=sa.text("leased_until IS NOT NULL"),
    )
    op.create_index(
        "ix_webhook_deliveries_open",
        "webhook_deliveries",
        ["organization_id", "endpoint_id", "subject_id", "number"],
        postgresql_where=sa.text("status IN ('PENDING', 'RETRYING')"),
    )
    op.create_table(
        "webhook_attempts",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("response_status", sa.Integer(), nullable=True),
        sa.Column("response_body", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "delivery_id"],
            ["webhook_deliveries.organization_id", "webhook_deliveries.id"],
            name="fk_webhook_attempts_delivery_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_webhook_attempts"),
    )
    op.create_index(
        "ix_webhook_attempts_delivery_id_number",
        "webhook_attempts",
        ["organization_id", "delivery_id", "number"],
        unique=True,
    )
    op.create_index("ix_outbox_events_at", "outbox_events", ["organization_id", "at"])

    protect("webhook_endpoints", "webhook_deliveries", "webhook_attempts")


def downgrade() -> None:
    op.drop_index("ix_outbox_events_at", "outbox_events")
    op.drop_table("webhook_attempts")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_endpoints")
