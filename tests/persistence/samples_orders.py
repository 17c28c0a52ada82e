"""A service order with all there can be to it, in organizations with something in every table."""

from collections.abc import Awaitable, Callable
from typing import Any

from domain.service_orders import ServiceOrder
from persistence.reads import SqlReads
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.domain.calendars import calendar
from tests.service_orders import assigned, coupon, order, redemption, served
from usecases.reads.kit import Listing, Whole
from usecases.reads.service_orders import ServiceOrderFilter, ServiceOrderOrder


async def ordered(world: World, storage: SqlStorage) -> ServiceOrder:
    """For a worker, with a coupon, assigned to the buyer."""
    applied, hours = coupon(), calendar(name="Orders")
    await keep(storage, world.caller(), applied, hours)
    to = await served(world, storage)
    placed = assigned(order(world, to, calendar_id=hours.id), world.buyer)
    placed.redemptions = [redemption(applied, placed)]
    await keep(storage, world.caller(), placed)
    return placed


Ask = Callable[[SqlReads, ServiceOrder], Awaitable[Any]]
W = Whole.ORGANIZATION


def _held(order: ServiceOrder) -> ServiceOrderFilter:
    return ServiceOrderFilter(customer_id=order.customer_id)


# Asked for the ids of an organization, what comes back when it is another's; as in test_isolation.
OF_THEIRS: dict[str, tuple[Ask, Any]] = {
    "service_orders.by_ids": (lambda r, o: r.service_orders.by_ids([o.id]), {}),
    "service_orders.by_customer_ids": (
        lambda r, o: r.service_orders.by_customer_ids([o.customer_id]),  # type: ignore[list-item]
        None,
    ),
    "service_orders.by_worker_ids": (
        lambda r, o: r.service_orders.by_worker_ids([o.worker_id]),  # type: ignore[list-item]
        None,
    ),
    "service_orders.by_service_definition_ids": (
        lambda r, o: r.service_orders.by_service_definition_ids([o.service_definition_id]),
        None,
    ),
    "service_orders.by_assignee_ids": (
        lambda r, o: r.service_orders.by_assignee_ids([o.assignee_id]),  # type: ignore[list-item]
        None,
    ),
    "service_orders.numbered": (
        lambda r, o: r.service_orders.numbered(_held(o), ServiceOrderOrder(), offset=0, limit=9),
        [],
    ),
    "service_orders.counts": (lambda r, o: r.service_orders.counts([Listing(W, _held(o))]), None),
    "service_order_steps.by_ids": (
        lambda r, o: r.service_order_steps.by_ids([o.steps[0].id]),
        {},
    ),
    "service_order_steps.by_order_ids": (
        lambda r, o: r.service_order_steps.by_order_ids([o.id]),
        {},
    ),
    "service_order_price_lines.by_order_ids": (
        lambda r, o: r.service_order_price_lines.by_order_ids([o.id]),
        {},
    ),
}
# These take no ids: they list what the organization has.
OF_OURS: dict[str, Ask] = {"service_orders.all": lambda r, _: r.service_orders.all([W])}
