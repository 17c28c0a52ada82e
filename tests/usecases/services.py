"""Services and service orders in a database, at some point of their way."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import asyncpg

from domain.coupons import Coupon, DiscountType
from domain.kit.ids import new_id
from domain.service_definitions import ServiceDefinition, ServiceStatus
from domain.service_orders import ServiceOrder, ServiceOrderStep
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.domain.services import SERVICE, step
from tests.make import NOON
from tests.usecases.orders import done
from usecases.service_orders import (
    CompleteServiceOrderStep,
    PlaceServiceOrder,
    StartServiceOrderStep,
)

YEAR = datetime.now(UTC).year
OfStep = Callable[..., Any]


def service(**values: Any) -> ServiceDefinition:
    """A published one of 100.00 with 15 percent, done in two steps."""
    made = ServiceDefinition.create(SERVICE | {"code": new_id().hex} | values, NOON)
    made.status = ServiceStatus.PUBLISHED
    return made


async def offered(world: World, storage: SqlStorage, **values: Any) -> ServiceDefinition:
    made = service(**values)
    await keep(storage, world.caller(), made)
    return made


async def placed(
    world: World, storage: SqlStorage, of: ServiceDefinition | None = None, **values: Any
) -> ServiceOrder:
    """An order of a service, for nobody in particular unless somebody is named."""
    what = of or await offered(world, storage)
    place = PlaceServiceOrder(service_definition_id=what.id, **values)
    return await done(place, world, storage)


def step_of(order: ServiceOrder, key: str) -> ServiceOrderStep:
    return step(order, key)


def of_step(verb: OfStep, order: ServiceOrder, key: str, **values: Any) -> Any:
    """The use case that moves a step, by its key."""
    return verb(order_id=order.id, step_id=step(order, key).id, **values)


async def worked_on(
    world: World, storage: SqlStorage, order: ServiceOrder, *keys: str
) -> ServiceOrder:
    """The order after these steps were started and completed."""
    for key in keys:
        await done(of_step(StartServiceOrderStep, order, key), world, storage)
        order = await done(of_step(CompleteServiceOrderStep, order, key), world, storage)
    return order


async def coupon(world: World, storage: SqlStorage, **values: Any) -> Coupon:
    """WELCOME takes ten percent off."""
    given = {"code": "WELCOME", "name": "Welcome", "currency": "SAR"}
    more = {"discount_type": DiscountType.PERCENTAGE, "discount_value": Decimal(10)}
    made = Coupon.create(given | more | values, NOON)
    await keep(storage, world.caller(), made)
    return made


async def allow(owner: asyncpg.Connection, world: World, orders: int) -> None:
    """What an operator sets: so many orders a month."""
    limit = "UPDATE organizations SET monthly_order_limit = $2 WHERE id = $1"
    await owner.execute(limit, world.organization.id, orders)


async def allowed(owner: asyncpg.Connection, world: World) -> list[tuple[Any, ...]]:
    """Which months were counted, and how far."""
    query = "SELECT month, used FROM order_allowances WHERE organization_id = $1 ORDER BY 1"
    return [tuple(row) for row in await owner.fetch(query, world.organization.id)]


async def kept(owner: asyncpg.Connection, order: ServiceOrder, *columns: str) -> list[Any]:
    """What is really in the order's row."""
    row = await owner.fetchrow(
        f"SELECT {', '.join(columns)} FROM service_orders WHERE id = $1",  # noqa: S608
        order.id,
    )
    return [*row]
