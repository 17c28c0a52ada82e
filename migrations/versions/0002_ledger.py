"""What is written beside the records: audit, outbox, idempotency, numbers, limits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.protection import protect
from persistence.tables.metadata import Moment, organization

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "audit_events",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "GRAPHQL",
                "WAQTI",
                "SHRKITY",
                "SHOPLAZZA",
                "WISEDAT",
                "SYSTEM",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_audit_events"),
    )
    op.create_index(
        "ix_audit_events_position", "audit_events", ["organization_id", "position"], unique=True
    )
    op.create_index(
        "ix_audit_events_subject_id_sequence",
        "audit_events",
        ["organization_id", "subject_id", "sequence"],
        unique=True,
    )
    op.create_table(
        "outbox_events",
        organization(),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "position", name="pk_outbox_events"),
    )
    op.create_table(
        "idempotency_records",
        organization(),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "credential_id", "key", name="pk_idempotency_records"
        ),
    )
    op.create_index(
        "ix_idempotency_records_created_at",
        "idempotency_records",
        ["organization_id", "created_at"],
    )
    op.create_table(
        "document_numbers",
        organization(),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "series", "year", name="pk_document_numbers"),
    )
    op.create_table(
        "counters",
        organization(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "name", name="pk_counters"),
    )
    op.create_table(
        "rate_limit_windows",
        organization(),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("length", sa.Text(), nullable=False),
        sa.Column("starts_at", Moment, nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "credential_id", "length", "starts_at", name="pk_rate_limit_windows"
        ),
    )
    protect("audit_events", "outbox_events", append_only=True)
    protect("idempotency_records", "document_numbers", "counters", "rate_limit_windows")


def downgrade() -> None:
    op.drop_table("rate_limit_windows")
    op.drop_table("counters")
    op.drop_table("document_numbers")
    op.drop_table("idempotency_records")
    op.drop_table("outbox_events")
    op.drop_table("audit_events")
