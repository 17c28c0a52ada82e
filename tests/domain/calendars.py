"""Calendars for tests, and business time reckoned minute by minute: slow, and easy to believe."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from domain.business_calendars import (
    BusinessCalendar,
    OpenHours,
    SpecialDays,
    Weekday,
    WorkingHours,
)
from domain.business_time import AROUND_THE_CLOCK
from domain.service_definitions import SlaKind, SlaTarget
from domain.service_orders import ClockPause, Priority, SlaClock
from tests.make import NOON

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MINUTES_A_DAY = 24 * 60
# Where clocks change, and around when: by an hour, by half of one, over midnight, by a whole day.
CHANGES: Sequence[tuple[str, date]] = (
    ("Europe/Lisbon", date(2026, 3, 29)),
    ("Europe/Lisbon", date(2026, 10, 25)),
    ("Asia/Riyadh", date(2026, 2, 17)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/Havana", date(2026, 3, 8)),
    ("America/St_Johns", date(2010, 11, 7)),
    ("Asia/Beirut", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Europe/Lisbon", date(2026, 12, 31)),
)


def hours(opens: str, closes: str, *weekdays: Weekday) -> list[WorkingHours]:
    return [
        WorkingHours(
            weekday=weekday, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes)
        )
        for weekday in weekdays
    ]


SUNDAY_TO_THURSDAY = (
    *(Weekday.SUNDAY, Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY),
)
MONDAY_TO_FRIDAY = (*[*Weekday][:5],)


def calendar(**values: Any) -> BusinessCalendar:
    """Sunday to Thursday from nine to five in Riyadh, which is UTC+3."""
    given = {"name": "Head office", "hours": hours("09:00", "17:00", *SUNDAY_TO_THURSDAY)}
    return BusinessCalendar.create(given | values, NOON)


class Minutes:
    """Which minutes from `start` on are work, and how many of them there are before each.

    Clocks count as showing the latest they have shown: what is put back is work as long as what
    it was put back from is.
    """

    def __init__(self, calendar: BusinessCalendar, start: datetime, days: int) -> None:
        self.start = start
        zone, before = ZoneInfo(calendar.time_zone), MINUTES_A_DAY
        moments = (start + n * MINUTE for n in range(-before, days * MINUTES_A_DAY))
        shown = (moment.astimezone(zone).replace(tzinfo=None) for moment in moments)
        on = cache(partial(_stretches_on, calendar))
        latest = [*accumulate(shown, max)][before:]
        self.work = [any(a <= at.time() < b for a, b in on(at.date())) for at in latest]
        self._before = [0, *accumulate(self.work)]

    def between(self, first: int, last: int) -> int:
        return self._before[last] - self._before[first]

    def counted(self, first: int, last: int, pauses: Sequence[tuple[int, int]]) -> int:
        """Minutes of work that lie in no pause."""
        return sum(
            self.work[n] and not any(since <= n < until for since, until in pauses)
            for n in range(first, last)
        )

    def after(self, first: int, minutes: int, pauses: Sequence[tuple[int, int]] = ()) -> int | None:
        """By when so many minutes have counted; None when there are not that many to come."""
        if minutes == 0:
            return first
        for n in range(first, len(self.work)):
            minutes -= self.work[n] and not any(since <= n < until for since, until in pauses)
            if minutes == 0:
                return n + 1
        return None

    def moment(self, minute: int) -> datetime:
        return self.start + minute * MINUTE


def _stretches_on(calendar: BusinessCalendar, day: date) -> list[tuple[time, time]]:
    stretches: list[Any] = [h for h in calendar.hours if h.weekday is [*Weekday][day.weekday()]]
    for special in calendar.special_days:
        if special.first <= day <= special.last:
            stretches = special.hours
    return [(s.opens, time.max if s.closes == time() else s.closes) for s in stretches]


def _at(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


# Two or three stretches at the most, to the minute, until 24:00 now and then.
_cuts = st.lists(
    st.sampled_from((0, 30, 60, 90, 105, 120, 150, 180, 540, 720, 800, 1020, 1380, 1440)),
    unique=True,
    max_size=6,
).map(sorted)


@st.composite
def stretches(draw: st.DrawFn) -> list[tuple[time, time]]:
    cuts = draw(_cuts)
    return [(_at(a), _at(b)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]


@st.composite
def calendars(draw: st.DrawFn) -> tuple[BusinessCalendar, date]:
    """One with hours, holidays and shortened hours, and a day that its clocks change on."""
    zone, changing = draw(st.sampled_from(CHANGES))
    week = [
        WorkingHours(weekday=weekday, opens=opens, closes=closes)
        for weekday in Weekday
        for opens, closes in draw(stretches())
    ] or hours("09:00", "17:00", Weekday.MONDAY)
    special_days = []
    for _ in range(draw(st.integers(0, 3))):
        first = changing + draw(st.integers(-3, 3)) * DAY
        special = SpecialDays(
            name="Special",
            first=first,
            last=first + draw(st.integers(0, 2)) * DAY,
            hours=[OpenHours(opens=a, closes=b) for a, b in draw(stretches())],
        )
        special_days.append(special)
    return calendar(time_zone=zone, hours=week, special_days=special_days), changing


def pauses_of(pauses: Sequence[tuple[int, int]], minutes: Minutes) -> list[ClockPause]:
    return [
        ClockPause(since=minutes.moment(since), until=minutes.moment(until))
        for since, until in pauses
    ]


def started(minutes: int = 60, at: datetime = NOON, **values: Any) -> SlaClock:
    """Around the clock, unless it is to be by other hours."""
    target = SlaTarget(kind=SlaKind.RESOLUTION, minutes=minutes)
    hours = values.pop("hours", AROUND_THE_CLOCK)
    return SlaClock.start(target, values.pop("priority", Priority.NORMAL), hours, at, **values)
