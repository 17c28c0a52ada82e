"""Business calendars."""

from datetime import date, datetime, time

import strawberry

from domain import business_calendars as domain
from domain.callers import Permission
from schema.audit import AuditEntry
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Payload
from schema.kit.mutations import creates, mutations, updates
from schema.kit.nodes import Node, found_by_id
from schema.kit.relations import related, related_many
from schema.kit.views import node_of, plain, view_of
from usecases.reads.business_calendars import BusinessCalendarRow
from usecases.reads.kit import Page, Whole

shown(domain.Weekday)

READ = Permission.CALENDARS_READ


@view_of(domain.WorkingHours)
@strawberry.type(description="A stretch of work on every such weekday.")
class WorkingHours:
    weekday: domain.Weekday = plain("On which day.")
    opens: time = plain("From when, on the calendar's clocks.")
    closes: time = plain("Until when; `00:00` is the end of the day.")


@view_of(domain.OpenHours)
@strawberry.type(description="A stretch of work on a special day.")
class OpenHours:
    opens: time = plain("From when, on the calendar's clocks.")
    closes: time = plain("Until when; `00:00` is the end of the day.")


@view_of(domain.SpecialDays)
@strawberry.type(
    description="Days that are not like others: holidays, and days with shortened hours."
)
class SpecialDays:
    name: str = plain("What it is: `National Day`, `Ramadan`.")
    first: date = plain("The first such day.")
    last: date = plain("The last such day.")
    hours: list[OpenHours] = plain("When work is done nevertheless; none on holidays.")


@node_of(BusinessCalendarRow, "cal", lambda read: read.business_calendars.by_ids, needs=READ)
@strawberry.type(description="When people are at work. The clocks of service orders run only then.")
class BusinessCalendar(Node):
    version: int = plain("Goes up with every change; give it back as `expectedVersion`.")
    name: str = plain("What it is called.")
    time_zone: str = plain("The IANA time zone whose clocks it goes by: `Asia/Riyadh`.")
    hours: list[WorkingHours] = plain("The usual week; a day that is not there is a day off.")
    special_days: list[SpecialDays] = plain(
        "Holidays and shortened hours; where they overlap, the last one holds."
    )
    archived: bool = plain("Archived calendars are not chosen any more.")
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that happened to it."
    )
    created_at: datetime = plain("When it was created.")
    updated_at: datetime = plain("When it was last changed.")


@view_of(Page[BusinessCalendarRow])
@strawberry.type(description="A page of business calendars.")
class BusinessCalendarConnection(Connection[BusinessCalendar]):
    total_count: int = related(
        "listing", lambda read: read.business_calendars.counts, "In the whole list."
    )


@strawberry.type
class BusinessCalendarQueries:
    business_calendar: BusinessCalendar | None = found_by_id("cal", "A business calendar.")
    business_calendars: BusinessCalendarConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.business_calendars.all,
        "The business calendars, oldest first.",
        needs=READ,
    )


@strawberry.type(description="A business calendar after the mutation.")
class BusinessCalendarPayload(Payload):
    business_calendar: BusinessCalendar | None = related(
        "id", lambda read: read.business_calendars.by_ids, "The calendar as it is now."
    )


@mutations(BusinessCalendarPayload)
class BusinessCalendarMutations:
    business_calendar_create = creates(domain.BusinessCalendar, "Create a business calendar.")
    business_calendar_update = updates(
        domain.BusinessCalendar,
        "Change a business calendar. What is left out stays; lists are replaced. Clocks of service"
        " orders that go by it are soon due as if it had always been so.",
    )
