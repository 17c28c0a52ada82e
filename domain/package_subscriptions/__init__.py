"""Subscriptions: packages that customers have bought, for one period after another."""

from domain.package_subscriptions.allocations import (
    Allocation,
    AllocationEntry,
    AllocationEntryKind,
)
from domain.package_subscriptions.lifecycle import (
    LIFECYCLE,
    Standing,
    SubscriptionStatus,
    status_at,
)
from domain.package_subscriptions.subscriptions import PackageSubscription, SubscriptionPeriod
from domain.package_subscriptions.terms import Terms

__all__ = [
    "LIFECYCLE",
    "Allocation",
    "AllocationEntry",
    "AllocationEntryKind",
    "PackageSubscription",
    "Standing",
    "SubscriptionPeriod",
    "SubscriptionStatus",
    "Terms",
    "status_at",
]
