"""Clocks of service levels, and the queue of what is due."""

from datetime import datetime

import strawberry

from domain import service_orders as domain
from domain.callers import Permission
from domain.service_definitions import SlaKind
from schema.business_calendars import BusinessCalendar
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.relations import computed, related
from schema.kit.views import plain, to_id, view_of
from schema.service_order_steps import ServiceOrderStep
from schema.service_orders import ServiceOrder
from usecases.reads.kit import Page, Whole
from usecases.reads.sla_clocks import ClockTime, SlaClockRow

shown(domain.ClockState)
shown(SlaKind)

READ = Permission.ORDERS_READ


@view_of(domain.ClockPause)
@strawberry.type(description="Time that does not count for a clock.")
class SlaClockPause:
    since: datetime = plain("From when.")
    until: datetime | None = plain("Until when; null while it goes on.")


@view_of(ClockTime)
@strawberry.type(description="What a clock has counted, in seconds of business time.")
class SlaClockTime:
    elapsed_seconds: int = plain("How much has passed, without the pauses.")
    remaining_seconds: int = plain("How much is left; less than nothing once it is overdue.")


@view_of(SlaClockRow, "slc")
@strawberry.type(
    description="How long a service order, or a step of one, may take and has taken. It counts"
    " business time; pauses do not count."
)
class SlaClock:
    id: strawberry.ID = computed(to_id, "Its id.")
    measures: SlaKind = plain("Until what it counts.")
    state: domain.ClockState = plain(
        "Where it stands; it is RUNNING for some moments longer than its time."
    )
    target_seconds: int = plain("How much business time there is, with the order's priority.")
    time: SlaClockTime | None = related(
        "timing",
        lambda read: read.sla_clock_times.by_timings,
        "How much of it has passed, as of now or of when it stopped.",
        needs=READ,
    )
    started_at: datetime = plain("When it began to count.")
    stopped_at: datetime | None = plain("When it was done, or called off.")
    due_at: datetime | None = plain("When the time is up; null while that is open, in a pause.")
    at_risk: bool = plain("Whether 80 % of its time is gone, while it is not done and not overdue.")
    at_risk_at: datetime | None = plain("When 80 % of the time is gone; null as with `dueAt`.")
    breached: bool = plain("Whether the time is up, or was up when it stopped.")
    breached_at: datetime | None = plain(
        "When the time was up for the first time; it stays if there was more time later on."
    )
    paused: bool = plain("Whether time does not count for it now.")
    pauses: list[SlaClockPause] = plain("When time did not count.")
    service_order: ServiceOrder | None = related(
        "order_id", lambda read: read.service_orders.by_ids, "Its order.", needs=READ
    )
    step: ServiceOrderStep | None = related(
        "step_id",
        lambda read: read.service_order_steps.by_ids,
        "Its step; null when it is about the order as a whole.",
        needs=READ,
    )
    calendar: BusinessCalendar | None = related(
        "calendar_id",
        lambda read: read.business_calendars.by_ids,
        "The hours that it counts; null is around the clock.",
        needs=Permission.CALENDARS_READ,
    )


@view_of(Page[SlaClockRow])
@strawberry.type(description="A page of clocks.")
class SlaClockConnection(Connection[SlaClock]):
    total_count: int = related("listing", lambda read: read.sla_clocks.counts, "In the whole list.")


@strawberry.type
class SlaClockQueries:
    sla_clocks: SlaClockConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.sla_clocks.all,
        "The clocks of all service orders: what is due first comes first, unless ordered otherwise;"
        " those that are not due at a known time come last.",
        needs=READ,
    )
