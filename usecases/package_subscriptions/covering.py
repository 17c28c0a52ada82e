"""Covering orders: which subscription pays for one, and taking a unit of it (fact S-52).

A subscription is locked before it is looked at for good, so no unit is taken twice: whoever comes
too late for the last one is not covered, and the order costs what it costs.
"""

from uuid import UUID

from domain.package_subscriptions import PackageSubscription
from domain.service_orders import ServiceOrder
from usecases.ports import UnitOfWork


async def cover(order: ServiceOrder, uow: UnitOfWork) -> UUID | None:
    """Take a unit for an order's service: the allocation's id, or None where nothing covers it.

    Companies use their own subscriptions before those of the client whose they are; what is
    without limit goes before what is counted, and what ends sooner before what ends later.
    """
    if order.customer_id is None:
        return None
    found = (await uow.reads.package_subscriptions.covering([order.customer_id], uow.now)).get(
        order.customer_id, ()
    )
    service = order.service_definition_id
    fitting = [each.subscription_id for each in found if each.service_definition_id == service]
    if not fitting:
        return None
    # All that the customer has, whatever the service: several orders of one transaction then lock
    # the same ones, and nothing waits in a circle.
    ids = {each.subscription_id for each in found}
    locked = {each.id: each for each in await uow.records(PackageSubscription).get_many(ids)}
    for id in dict.fromkeys(fitting):
        allocation_id = locked[id].consume(service, order.id, uow.now)
        keep_entries(locked[id], uow)
        if allocation_id is not None:
            return allocation_id
    return None


async def uncover(order: ServiceOrder, uow: UnitOfWork) -> None:
    """Give back the unit that covers an order, if one does; the order forgets it by itself."""
    if order.allocation_id is None:
        return
    [allocation] = (await uow.reads.allocations.by_ids([order.allocation_id])).values()
    subscription = await uow.records(PackageSubscription).get(allocation.subscription_id)
    subscription.release(order.allocation_id, order.id, uow.now)
    keep_entries(subscription, uow)


def keep_entries(subscription: PackageSubscription, uow: UnitOfWork) -> None:
    """Put down in the ledger what a locked subscription has moved."""
    for entry in subscription.pull_entries():
        uow.keep(entry)
