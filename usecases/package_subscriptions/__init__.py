"""Subscriptions: selling packages to customers, and covering their orders with them."""

from usecases.package_subscriptions.covering import cover, uncover

__all__ = ["cover", "uncover"]
