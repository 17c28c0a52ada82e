"""What is written beside the records: audit, outbox, idempotency, numbers, counters, limits."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Double,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from domain.callers import Channel
from persistence.tables.metadata import Moment, by, metadata, organization, owned, words

# Append-only: the application's role may not change or delete rows.
audit_events = owned(
    "audit_events",
    Column("position", BigInteger, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("action", Text, nullable=False),
    Column("actor_id", Uuid, nullable=False),
    Column("credential_id", Uuid),
    Column("channel", words(Channel), nullable=False),
    Column("request_id", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("changes", JSONB, nullable=False),
    Column("details", JSONB, nullable=False),
    Column("previous_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    by("position", unique=True),
    by("subject_id", "sequence", unique=True),
)

outbox_events = Table(
    "outbox_events",
    metadata,
    organization(),
    Column("position", BigInteger),
    Column("id", Uuid, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("payload", JSONB, nullable=False),
    PrimaryKeyConstraint("organization_id", "position"),
    by("at"),
)

idempotency_records = Table(
    "idempotency_records",
    metadata,
    organization(),
    Column("credential_id", Uuid),
    Column("key", Text),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("result_id", Uuid),
    Column("status", Integer),  # and what was answered, where that is kept
    Column("body", LargeBinary),
    Column("created_at", Moment, nullable=False),
    PrimaryKeyConstraint("organization_id", "credential_id", "key"),
    by("created_at"),
)

document_numbers = Table(
    "document_numbers",
    metadata,
    organization(),
    Column("series", Text),
    Column("year", Integer, autoincrement=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("organization_id", "series", "year"),
)

counters = Table(
    "counters",
    metadata,
    organization(),
    Column("name", Text),
    Column("last", BigInteger, nullable=False),
    PrimaryKeyConstraint("organization_id", "name"),
)

# Leaky buckets (fact P-12): the level when a process last leased from it, and what it got then.
rate_limit_buckets = Table(
    "rate_limit_buckets",
    metadata,
    organization(),
    Column("holder_id", Uuid),
    Column("level", Double, nullable=False),
    Column("at", Moment, nullable=False),
    Column("granted", Integer, nullable=False),
    PrimaryKeyConstraint("organization_id", "holder_id"),
)

# How many requests a credential may still send: `used` counts what processes have leased.
rate_limit_windows = Table(
    "rate_limit_windows",
    metadata,
    organization(),
    Column("credential_id", Uuid),
    Column("length", Text),
    Column("starts_at", Moment),
    Column("used", Integer, nullable=False),
    PrimaryKeyConstraint("organization_id", "credential_id", "length", "starts_at"),
)

# How many service orders were placed in a month of the organization's; `month` is its first day.
order_allowances = Table(
    "order_allowances",
    metadata,
    organization(),
    Column("month", Date),
    Column("used", Integer, nullable=False),
    PrimaryKeyConstraint("organization_id", "month"),
)
