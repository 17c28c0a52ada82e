"""Business calendars: when people are at work. Clocks of service orders run only then."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Annotated
from zoneinfo import available_timezones

from domain.callers import Permission
from domain.kit import checks
from domain.kit.errors import Path, RuleBroken
from domain.kit.record import Record

MOST_HOURS = 100  # stretches in a week, or on a special day
MOST_SPECIAL_DAYS = 500
LONGEST_SPECIAL = 366  # days


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
    closes: Annotated[time, "Until when; `00:00` is the end of the day."]


@dataclass(frozen=True, kw_only=True)
class OpenHours:
    """A stretch of work on a special day."""

    opens: Annotated[time, "From when, on the calendar's clocks."]
    closes: Annotated[time, "Until when; `00:00` is the end of the day."]


@dataclass(frozen=True, kw_only=True)
class SpecialDays:
    """Days that are not like others: holidays, and days with shortened hours."""

    name: Annotated[str, "What it is: `National Day`, `Ramadan`."]
    first: Annotated[date, "The first such day."]
    last: Annotated[date, "The last such day; the same for a single one."]
    hours: Annotated[list[OpenHours], "When work is done nevertheless; none on holidays."] = field(
        default_factory=list
    )

    def problems(self, path: Path) -> list[RuleBroken | None]:
        """What does not make sense in it, which stands at `path`."""
        broken = [checks.text(self.name, (*path, "name"), most=200, required=True)]
        if self.last < self.first:
            broken.append(RuleBroken("this ends before it begins", path=(*path, "last")))
        elif self.last - self.first >= timedelta(days=LONGEST_SPECIAL):
            longest = RuleBroken(
                "this takes more than {most} days", path=(*path, "last"), most=LONGEST_SPECIAL
            )
            broken.append(longest)
        if len(self.hours) > MOST_HOURS:
            return [*broken, _too_many(MOST_HOURS, (*path, "hours"))]
        hours = enumerate(self.hours)
        return [*broken, *_misfits([(h.opens, h.closes, (*path, "hours", n)) for n, h in hours])]


@dataclass(kw_only=True, eq=False)
class BusinessCalendar(Record):
    """Orders that go by it reckon their clocks anew when it changes."""

    kind = "business_calendar"
    prefix = "cal"
    managed_with = Permission.CALENDARS_WRITE

    name: Annotated[str, "What it is called."]
    time_zone: Annotated[str, "The IANA time zone whose clocks it goes by: `Asia/Riyadh`."] = (
        "Asia/Riyadh"
    )
    hours: Annotated[list[WorkingHours], "The usual week."] = field(default_factory=list)
    special_days: Annotated[
        list[SpecialDays], "Holidays and shortened hours; where they overlap, the last holds."
    ] = field(default_factory=list)
    archived: Annotated[bool, "Archived calendars are not chosen any more."] = False

    def problems(self) -> list[RuleBroken]:
        zone, zones = self.time_zone, available_timezones()
        return checks.found(
            checks.text(self.name, ("name",), most=200, required=True),
            None
            if zone in zones
            else RuleBroken("{name} is no time zone", path=("time_zone",), name=zone[:64]),
            *self._broken_week(),
            *self._broken_special_days(),
        )

    def _broken_week(self) -> list[RuleBroken | None]:
        if not self.hours:
            return [RuleBroken("a week needs hours of work", path=("hours",))]
        if len(self.hours) > MOST_HOURS:
            return [_too_many(MOST_HOURS, ("hours",))]
        return [
            broken
            for weekday in Weekday
            for broken in _misfits(
                [
                    (hours.opens, hours.closes, ("hours", n))
                    for n, hours in enumerate(self.hours)
                    if hours.weekday is weekday
                ]
            )
        ]

    def _broken_special_days(self) -> list[RuleBroken | None]:
        if len(self.special_days) > MOST_SPECIAL_DAYS:
            return [_too_many(MOST_SPECIAL_DAYS, ("special_days",))]
        return [
            broken
            for n, special in enumerate(self.special_days)
            for broken in special.problems(("special_days", n))
        ]


Stretch = tuple[time, time, Path]  # opens, closes, and where it stands


def _misfits(stretches: Sequence[Stretch]) -> list[RuleBroken | None]:
    """What is wrong with the hours of one day, alone or together."""
    backwards = [
        RuleBroken("this closes before it opens", path=(*path, "closes"))
        for opens, closes, path in stretches
        if closes not in {time(), max(opens, closes)} or opens == closes != time()
    ]
    if backwards:
        return [*backwards]
    return [
        RuleBroken("this overlaps with other hours of the day", path=(*path, "opens"))
        for (_, closes, _), (opens, _, path) in pairwise(sorted(stretches, key=lambda s: s[0]))
        if closes == time() or opens < closes
    ]


def _too_many(most: int, path: Path) -> RuleBroken:
    return RuleBroken("at most {most} are possible", path=path, most=most)
