"""Subscriptions: selling packages to customers, and covering their orders with them."""

from usecases.package_subscriptions.assigning import AssignPackageSubscription
from usecases.package_subscriptions.covering import cover, uncover
from usecases.package_subscriptions.moving import (
    AdvancePackageSubscription,
    CancelPackageSubscription,
    PausePackageSubscription,
    RenewPackageSubscription,
    ResumePackageSubscription,
)

__all__ = [
    "AdvancePackageSubscription",
    "AssignPackageSubscription",
    "CancelPackageSubscription",
    "PausePackageSubscription",
    "RenewPackageSubscription",
    "ResumePackageSubscription",
    "cover",
    "uncover",
]
