"""Orders: facts S-24 to S-34."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.callers import Permission
from domain.customers import Company
from domain.kit.errors import NotFound
from domain.service_definitions import ServiceDefinition
from domain.service_orders import ServiceOrder
from domain.workers import Worker
from rest.kit import Call, Endpoint, NumberedPage, page_of
from rest.kit.calls import the
from rest.kit.inputs import Nothing
from rest.shrkity.wire import orders as wire
from usecases.organizations import own_organization
from usecases.reads import Reads
from usecases.reads.legacy_ids import LegacyId
from usecases.reads.service_orders import (
    ServiceOrderFilter,
    ServiceOrderOrder,
    ServiceOrderRow,
    ServiceOrderStepRow,
)
from usecases.service_orders import (
    ApplyServiceOrderCoupon,
    CancelServiceOrder,
    PlaceServiceOrder,
    RemoveServiceOrderCoupon,
    SetServiceOrderPriority,
)

READ, WRITE = Permission.ORDERS_READ, Permission.ORDERS_WRITE
NOBODY = UUID(int=0)  # no record has this id
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


async def index(call: Call[wire.Orders]) -> NumberedPage[wire.ListedOrder]:
    async def shaped(rows: Sequence[ServiceOrderRow]) -> list[wire.ListedOrder]:
        parties = await _parties(call.read, rows)
        return [wire.ListedOrder.listed(row, parties) for row in rows]

    questions, filter = call.read.service_orders, await _filter(call)
    return await page_of(questions, filter, ServiceOrderOrder(), call.given, shaped)


async def _filter(call: Call[wire.Orders]) -> ServiceOrderFilter:
    """An id that names nobody has no orders."""
    given = call.given
    company = LegacyId(Company.kind, call.system, given.company_id or 0)
    service = LegacyId(ServiceDefinition.kind, call.system, given.service_definition_id or 0)
    named = [legacy for legacy in (company, service) if legacy.value]
    ids = await call.read.legacy_ids.to_ids(named) if named else {}
    created_from, created_before = await _between(call)
    return ServiceOrderFilter(
        status=(given.status,) if given.status else None,
        customer_id=ids.get(company, NOBODY) if given.company_id else None,
        service_definition_id=ids.get(service, NOBODY) if given.service_definition_id else None,
        priority=(given.priority,) if given.priority else None,
        created_from=created_from,
        created_before=created_before,
        search=given.search,
    )


async def _between(call: Call[wire.Orders]) -> tuple[datetime | None, datetime | None]:
    """From the first moment that is meant to the first one that is not meant any more."""
    begin, end = call.given.created_from, call.given.created_to
    if begin is None and end is None:
        return None, None
    zone = ZoneInfo((await own_organization(call.read)).time_zone)
    return _begins(begin, zone), _begins(_next(end), zone)


def _next(given: date | None) -> date | None:
    """The second or the day after it; at the end of time, there is none left to be excluded."""
    try:
        return given and given + (SECOND if isinstance(given, datetime) else DAY)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _begins(given: date | None, zone: ZoneInfo) -> datetime | None:
    """The first moment of a day; at the beginning of time, about that."""
    if given is None or isinstance(given, datetime):
        return given
    try:
        return datetime.combine(given, time(), zone).astimezone(UTC)
    except OverflowError:
        return datetime.combine(given, time(), UTC)


async def create(call: Call[wire.NewOrder]) -> wire.Order:
    given = call.given
    ids = await call.mentioned(
        {
            ("service_definition_id",): (ServiceDefinition.kind, given.service_definition_id),
            ("company_id",): (Company.kind, given.company_id),
            ("company_employee_id",): (Worker.kind, given.company_employee_id),
        }
    )
    done = await call.run(
        PlaceServiceOrder(
            service_definition_id=ids["service_definition_id",],
            company_id=ids.get(("company_id",)),
            worker_id=ids.get(("company_employee_id",)),
            priority=given.priority,
            metadata=given.extras,
        )
    )
    return await _shown(call.read, done.id)


async def show(call: Call[Nothing]) -> wire.Order:
    return await _shown(call.read, await call.id(ServiceOrder.kind))


async def update(call: Call[wire.OrderUpdate]) -> wire.Order:
    """Fact S-29."""
    id = await call.id(ServiceOrder.kind)
    for priority in call.given.sent().values():
        await call.run(SetServiceOrderPriority(id=id, priority=priority))
    return await _shown(call.read, id)


async def step(call: Call[Nothing]) -> wire.Step:
    """Fact S-30."""
    id, key = await call.id(ServiceOrder.kind), call.path["step_key"]
    order = await _shown(call.read, id)
    for found in order.steps:
        if found.key == key:
            return found
    raise NotFound("no such record: {id}", id=key[:64])


async def cancel(call: Call[Nothing]) -> wire.Order:
    id = await call.id(ServiceOrder.kind)
    await call.run(CancelServiceOrder(id=id))
    return await _shown(call.read, id)


async def apply_coupon(call: Call[wire.Code]) -> wire.Order:
    id = await call.id(ServiceOrder.kind)
    await call.run(ApplyServiceOrderCoupon(id=id, code=call.given.code))
    return await _shown(call.read, id)


async def remove_coupon(call: Call[Nothing]) -> wire.Order:
    id = await call.id(ServiceOrder.kind)
    await call.run(RemoveServiceOrderCoupon(id=id))
    return await _shown(call.read, id)


async def _shown(read: Reads, id: UUID) -> wire.Order:
    row = the(await read.service_orders.by_ids([id]), id)
    steps = (await read.service_order_steps.by_order_ids([id]))[id]
    clocks = (await read.sla_clocks.by_order_ids([id])).get(id, ())
    parts = wire.Parts(
        steps,
        (await read.service_order_price_lines.by_order_ids([id]))[id],
        clocks,
        await read.sla_clock_times.by_timings([clock.timing for clock in clocks]),
    )
    return wire.Order.of(row, await _parties(read, [row], steps), parts)


async def _parties(
    read: Reads, rows: Sequence[ServiceOrderRow], steps: Sequence[ServiceOrderStepRow] = ()
) -> wire.Parties:
    """Whom the orders and their steps name, each kind at once."""
    customers = _ids(row.customer_id for row in rows)
    workers = _ids(row.worker_id for row in rows)
    users = _ids([*(row.assignee_id for row in rows), *(step.assignee_id for step in steps)])
    return wire.Parties(
        await read.service_definitions.by_ids(_ids(row.service_definition_id for row in rows)),
        await read.customers.by_ids(customers) if customers else {},
        await read.workers.by_ids(workers) if workers else {},
        await read.users.by_ids(users) if users else {},
    )


def _ids(named: Iterable[UUID | None]) -> list[UUID]:
    return [*dict.fromkeys(id for id in named if id is not None)]


ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/orders", index, wire.Orders, needs=READ),
    Endpoint("POST", "/orders", create, wire.NewOrder, status=201, needs=WRITE),
    Endpoint("GET", "/orders/{id}", show, Nothing, needs=READ),
    Endpoint("PATCH", "/orders/{id}", update, wire.OrderUpdate, needs=WRITE),
    Endpoint("GET", "/orders/{id}/steps/{step_key}", step, Nothing, needs=READ),
    Endpoint("POST", "/orders/{id}/cancel", cancel, Nothing, needs=WRITE),
    Endpoint("POST", "/orders/{id}/apply-coupon", apply_coupon, wire.Code, needs=WRITE),
    Endpoint("DELETE", "/orders/{id}/coupon", remove_coupon, Nothing, needs=WRITE),
]
