"""Subscriptions: packages that customers have bought, for one period after another."""

from domain.package_subscriptions.allocations import (
    Allocation,
    AllocationEntry,
    AllocationEntryKind,
)
from domain.package_subscriptions.subscriptions import (
    PackageSubscription,
    SubscriptionPeriod,
    SubscriptionStatus,
)

__all__ = [
    "Allocation",
    "AllocationEntry",
    "AllocationEntryKind",
    "PackageSubscription",
    "SubscriptionPeriod",
    "SubscriptionStatus",
]
