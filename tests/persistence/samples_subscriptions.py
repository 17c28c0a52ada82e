"""A subscription that covers an order, in organizations with something in every table."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.customers import Customer
from domain.package_subscriptions import PackageSubscription
from domain.service_definitions import ServiceDefinition
from domain.service_orders import ServiceOrder
from persistence.reads import SqlReads
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.domain import subscriptions as make
from tests.usecases.subscriptions import placed, sold
from usecases.reads.kit import Listing, Whole
from usecases.reads.package_subscriptions import (
    PackageSubscriptionFilter,
    PackageSubscriptionOrder,
)


@dataclass(frozen=True)
class Subscribed:
    subscription: PackageSubscription
    order: ServiceOrder

    @property
    def held(self) -> PackageSubscriptionFilter:
        return PackageSubscriptionFilter(customer_id=self.subscription.customer_id)


async def subscribed(world: World, storage: SqlStorage, service: ServiceDefinition) -> Subscribed:
    package, company = make.package(make.item(service.id)), make.company()
    await keep(storage, world.caller(), package, company)
    subscription = await sold(world, storage, package, company)
    return Subscribed(subscription, await _covered(world, storage, service, company))


async def _covered(
    world: World, storage: SqlStorage, service: ServiceDefinition, customer: Customer
) -> ServiceOrder:
    order = await placed(world, storage, service.id, customer)
    assert order.allocation_id is not None
    return order


Ask = Callable[[SqlReads, Subscribed], Awaitable[Any]]
W = Whole.ORGANIZATION


def _now() -> datetime:
    return datetime.now(UTC)


# Asked for the ids of an organization, what comes back when it is another's; as in test_isolation.
OF_THEIRS: dict[str, tuple[Ask, Any]] = {
    "package_subscriptions.by_ids": (
        lambda r, s: r.package_subscriptions.by_ids([s.subscription.id]),
        {},
    ),
    "package_subscriptions.by_allocation_ids": (
        lambda r, s: r.package_subscriptions.by_allocation_ids(
            [s.subscription.period.allocations[0].id]
        ),
        {},
    ),
    "package_subscriptions.by_customer_ids": (
        lambda r, s: r.package_subscriptions.by_customer_ids([s.subscription.customer_id]),
        None,
    ),
    "package_subscriptions.by_package_ids": (
        lambda r, s: r.package_subscriptions.by_package_ids([s.subscription.package_id]),
        None,
    ),
    "package_subscriptions.numbered": (
        lambda r, s: r.package_subscriptions.numbered(
            s.held, PackageSubscriptionOrder(), offset=0, limit=9
        ),
        [],
    ),
    "package_subscriptions.counts": (
        lambda r, s: r.package_subscriptions.counts([Listing(W, s.held)]),
        None,
    ),
    "package_subscriptions.covering": (
        lambda r, s: r.package_subscriptions.covering([s.subscription.customer_id], _now()),
        {},
    ),
    "subscription_periods.by_subscription_ids": (
        lambda r, s: r.subscription_periods.by_subscription_ids([s.subscription.id]),
        {},
    ),
    "subscription_periods.last_by_subscription_ids": (
        lambda r, s: r.subscription_periods.last_by_subscription_ids([s.subscription.id]),
        {},
    ),
    "allocations.by_ids": (
        lambda r, s: r.allocations.by_ids([s.subscription.period.allocations[0].id]),
        {},
    ),
    "allocations.by_period_ids": (
        lambda r, s: r.allocations.by_period_ids([s.subscription.period.id]),
        {},
    ),
    "allocations.by_subscription_ids": (
        lambda r, s: r.allocations.by_subscription_ids([s.subscription.id]),
        {},
    ),
    "allocation_entries.by_subscription_ids": (
        lambda r, s: r.allocation_entries.by_subscription_ids([s.subscription.id]),
        None,
    ),
    "allocation_entries.counts": (
        lambda r, s: r.allocation_entries.counts(
            [Listing(("subscription_id", s.subscription.id), None)]
        ),
        None,
    ),
}
# These take no ids: they list what the organization has.
OF_OURS: dict[str, Ask] = {
    "package_subscriptions.all": lambda r, _: r.package_subscriptions.all([W]),
    "package_subscriptions.due": lambda r, _: r.package_subscriptions.due(
        [W], _now() + 2 * make.MONTH, 9
    ),
}
