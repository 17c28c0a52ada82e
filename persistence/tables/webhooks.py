"""Webhooks: where events are sent, every delivery, and every attempt at it."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from domain.webhook_endpoints import WebhookDeliveryStatus, WebhookDisabledReason, WebhookForm
from persistence.tables.metadata import (
    Moment,
    aggregate,
    by,
    by_parts_of,
    legacy_id,
    owned,
    refers,
    searched,
    words,
)

_OPEN = text("status IN ('PENDING', 'RETRYING')")

webhook_endpoints = aggregate(
    "webhook_endpoints",
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("events", ARRAY(Text), nullable=False),
    Column("form", words(WebhookForm), nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("disabled_reason", words(WebhookDisabledReason)),
    Column("secret", Text, nullable=False),
    Column("previous_secret", Text),
    Column("previous_secret_until", Moment),
    Column("position", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("failure_count", Integer, nullable=False),
    Column("failing_since", Moment),
    Column("last_triggered_at", Moment),
    legacy_id("waqti_id"),
    by("waqti_id", unique=True),
    searched("name", "url"),
    by("created_at", "id"),
    by_parts_of("searched", "webhook_endpoints"),
)

# `number` counts the deliveries of an endpoint: those of one subject go out in its order.
webhook_deliveries = owned(
    "webhook_deliveries",
    Column("endpoint_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("status", words(WebhookDeliveryStatus), nullable=False),
    Column("attempt_count", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("next_attempt_at", Moment),
    Column("lease", Uuid),
    Column("leased_until", Moment),
    Column("ended_at", Moment),
    Column("body", Text),
    Column("response_status", Integer),
    Column("response_body", Text),
    Column("error", Text),
    Column("duration_ms", Integer),
    refers("endpoint_id", "webhook_endpoints", cascade=True),
    by("endpoint_id", "number", unique=True),
    by("endpoint_id", "status", "number"),
    by("ended_at"),
    Index(
        "ix_webhook_deliveries_open",
        "organization_id",
        "endpoint_id",
        "subject_id",
        "number",
        postgresql_where=_OPEN,
    ),
    Index(
        "ix_webhook_deliveries_due", "organization_id", "next_attempt_at", postgresql_where=_OPEN
    ),
    Index(
        "ix_webhook_deliveries_leased",
        "organization_id",
        "leased_until",
        postgresql_where=text("leased_until IS NOT NULL"),
    ),
)

webhook_attempts = owned(
    "webhook_attempts",
    Column("delivery_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("response_status", Integer),
    Column("response_body", Text),
    Column("error", Text),
    Column("duration_ms", Integer, nullable=False),
    refers("delivery_id", "webhook_deliveries", cascade=True),
    by("delivery_id", "number", unique=True),
)
