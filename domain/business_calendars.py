"""Business calendars: when people are at work. Clocks of service orders run only then."""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Annotated

from domain.callers import Permission
from domain.kit.record import Record


class Weekday(StrEnum):
    """A day of the week; in the order of ISO 8601."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"


@dataclass(frozen=True, kw_only=True)
class WorkingHours:
    """A stretch of work on every such weekday; a day can have several, and none is a day off."""

    weekday: Annotated[Weekday, "On which day."]
    opens: Annotated[time, "From when, on the calendar's clocks."]
    closes: Annotated[time, "Until when; 00:00 is the end of the day."]


@dataclass(frozen=True, kw_only=True)
class OpenHours:
    """A stretch of work on a special day."""

    opens: Annotated[time, "From when, on the calendar's clocks."]
    closes: Annotated[time, "Until when; 00:00 is the end of the day."]


@dataclass(frozen=True, kw_only=True)
class SpecialDays:
    """Days that are not like others: holidays, and days with shortened hours."""

    name: Annotated[str, "What it is: `National Day`, `Ramadan`."]
    first: Annotated[date, "The first such day."]
    last: Annotated[date, "The last such day; the same for a single one."]
    hours: Annotated[list[OpenHours], "When work is done nevertheless; none on holidays."] = field(
        default_factory=list
    )


@dataclass(kw_only=True, eq=False)
class BusinessCalendar(Record):
    kind = "business_calendar"
    prefix = "cal"
    managed_with = Permission.CALENDARS_WRITE

    name: Annotated[str, "What it is called."]
    time_zone: Annotated[str, "Whose clocks it goes by: `Asia/Riyadh`."] = "Asia/Riyadh"
    hours: Annotated[list[WorkingHours], "The usual week."] = field(default_factory=list)
    special_days: Annotated[
        list[SpecialDays], "Holidays and shortened hours; where they overlap, the last holds."
    ] = field(default_factory=list)
    archived: Annotated[bool, "Archived calendars are not chosen any more."] = False
