"""The subscription itself: assigned, paused, resumed, cancelled, expired, renewed."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.kit.aggregate import Aggregate
from domain.kit.ids import new_id
from domain.package_subscriptions.allocations import Allocation


class SubscriptionStatus(StrEnum):
    """Orders are covered while it is ACTIVE. PENDING: it begins later."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


@dataclass(kw_only=True, eq=False)
class SubscriptionPeriod:
    """A time that was paid for, at the package's terms of then; a part of the subscription."""

    id: UUID = field(default_factory=new_id)
    subscription_id: UUID | None = None
    position: int
    starts_at: datetime
    ends_at: datetime
    price: Decimal
    vat_rate: Decimal
    allocations: list[Allocation] = field(default_factory=list)


@dataclass(kw_only=True, eq=False)
class PackageSubscription(Aggregate):
    """Facts S-44 to S-52. `starts_at` and `ends_at` are those of the last period."""

    kind = "package_subscription"
    prefix = "sub"

    package_id: UUID
    customer_id: UUID
    status: SubscriptionStatus = SubscriptionStatus.ACTIVE
    currency: str
    starts_at: datetime
    ends_at: datetime
    paused_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancellation_reason: str | None = None
    created_by_id: UUID
    metadata: dict[str, Any] = field(default_factory=dict)
    shrkity_id: int | None = None
    periods: list[SubscriptionPeriod] = field(default_factory=list)
