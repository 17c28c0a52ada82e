"""A calendar, and clocks that go by it, in organizations with something in every table."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.business_calendars import BusinessCalendar
from domain.business_time import BusinessHours
from domain.service_orders import ServiceOrder
from persistence.reads import SqlReads
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.domain.calendars import calendar, started
from tests.service_orders import order, served
from usecases.reads.kit import Listing, Search, Whole
from usecases.reads.sla_clocks import ClockTiming, SlaClockFilter


@dataclass(frozen=True)
class Clocks:
    """The first clock of `order` goes by an older version of `calendar`."""

    calendar: BusinessCalendar
    order: ServiceOrder

    @property
    def timing(self) -> ClockTiming:
        clock = self.order.clocks[0]
        until = clock.started_at + timedelta(hours=1)
        return ClockTiming(clock.calendar_id, clock.started_at, (), until, 3600, None)


async def clocks(world: World, storage: SqlStorage) -> Clocks:
    """The first was to be told of in 2026; the other is due after the year 2050."""
    hours = calendar(name="Branch office")
    await keep(storage, world.caller(), hours)
    placed = order(world, await served(world, storage), clocks=[])
    placed.assignee_id = world.buyer.id
    later = started(at=LATER)
    placed.clocks = [started(hours=BusinessHours(hours)), later]
    placed.clocks[0].calendar_version = 0
    await keep(storage, world.caller(), placed)
    return Clocks(hours, placed)


Ask = Callable[[SqlReads, Clocks], Awaitable[Any]]
W = Whole.ORGANIZATION
LATER = datetime(2050, 1, 1, tzinfo=UTC)

# Asked for the ids of an organization, what comes back when it is another's; as in test_isolation.
OF_THEIRS: dict[str, tuple[Ask, Any]] = {
    "business_calendars.by_ids": (
        lambda r, c: r.business_calendars.by_ids([c.calendar.id]),
        {},
    ),
    "business_calendars.counts": (
        lambda r, c: r.business_calendars.counts([Listing(W, Search(c.calendar.id.hex))]),
        None,
    ),
    "sla_clocks.by_ids": (lambda r, c: r.sla_clocks.by_ids([c.order.clocks[0].id]), {}),
    "sla_clocks.by_order_ids": (lambda r, c: r.sla_clocks.by_order_ids([c.order.id]), {}),
    "sla_clocks.counts": (
        lambda r, c: r.sla_clocks.counts(
            [Listing(W, SlaClockFilter(assignee_id=c.order.assignee_id))]
        ),
        None,
    ),
    "sla_clock_times.by_timings": (lambda r, c: r.sla_clock_times.by_timings([c.timing]), {}),
}
# These take no ids: they list what the organization has.
OF_OURS: dict[str, Ask] = {
    "business_calendars.all": lambda r, _: r.business_calendars.all([W]),
    "sla_clocks.all": lambda r, _: r.sla_clocks.all([W]),
    "sla_clocks.to_tell": lambda r, _: _orders_to_tell_of(r),
    "sla_clocks.outdated": lambda r, _: r.sla_clocks.outdated([W], 9),
}


async def _orders_to_tell_of(reads: SqlReads) -> dict[Whole, list[UUID]]:
    """Whose clocks they are: clocks to tell of have no id of their own."""
    found = await reads.sla_clocks.to_tell([W], LATER, 9)
    return {whole: [each.order_id for each in clocks] for whole, clocks in found.items()}
