"""Subscriptions: their periods, their allocations, and the ledger of what was used."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, Integer, Numeric, Text, Uuid

from domain.package_subscriptions import AllocationEntryKind, SubscriptionStatus
from persistence.tables.metadata import (
    Amount,
    Moment,
    Shaped,
    aggregate,
    by,
    by_where,
    legacy_id,
    owned,
    refers,
    words,
)

package_subscriptions = aggregate(
    "package_subscriptions",
    Column("package_id", Uuid, nullable=False),
    Column("customer_id", Uuid, nullable=False),
    Column("status", words(SubscriptionStatus), nullable=False),
    Column("currency", Text, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("paused_at", Moment),
    Column("cancelled_at", Moment),
    Column("cancellation_reason", Text),
    Column("created_by_id", Uuid, nullable=False),
    Column("metadata", Shaped(dict[str, Any]), nullable=False),
    legacy_id("shrkity_id"),
    refers("package_id", "packages"),
    refers("customer_id", "customers"),
    refers("created_by_id", "users"),
    by("shrkity_id", unique=True),
    by("package_id", "created_at", "id"),
    by("customer_id", "created_at", "id"),
    by("created_by_id"),
    by("created_at", "id"),
    by("status", "created_at", "id"),
    by_where("status = 'PENDING'", "starts_at"),
    by_where("status = 'ACTIVE'", "ends_at"),
    by("ends_at", "id"),
)

subscription_periods = owned(
    "subscription_periods",
    Column("subscription_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("price", Amount, nullable=False),
    Column("vat_rate", Numeric(9, 6), nullable=False),
    refers("subscription_id", "package_subscriptions", cascade=True),
    by("subscription_id", "position", unique=True),
)

allocations = owned(
    "allocations",
    Column("period_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("service_definition_id", Uuid, nullable=False),
    Column("total", Integer),
    Column("used", Integer, nullable=False),
    Column("expired", Integer, nullable=False),
    legacy_id("shrkity_id"),
    refers("period_id", "subscription_periods", cascade=True),
    refers("service_definition_id", "service_definitions"),
    by("shrkity_id", unique=True),
    by("period_id", "position"),
    by("service_definition_id"),
    CheckConstraint(
        "used >= 0 AND expired >= 0 AND used + expired <= total", name="used_within_its_total"
    ),
)

allocation_entries = owned(
    "allocation_entries",
    Column("subscription_id", Uuid, nullable=False),
    Column("allocation_id", Uuid, nullable=False),
    Column("kind", words(AllocationEntryKind), nullable=False),
    Column("quantity", Integer),
    Column("order_id", Uuid),
    Column("at", Moment, nullable=False),
    refers("subscription_id", "package_subscriptions", late=True),
    refers("allocation_id", "allocations", late=True),
    refers("order_id", "service_orders", late=True),
    by("subscription_id", "at", "id"),
    by("allocation_id", "at", "id"),
    by("order_id"),
)
