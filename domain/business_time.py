"""Business time: how much of a while is work, and when so much work will have been done.

A stretch of work begins when the calendar's clocks first show when it opens, or are put forward
past it, and ends when they first show when it closes. So one that the clocks are put forward in is
shorter, one that they are put back in is longer, and none ever overlaps another.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.business_calendars import OpenHours, SpecialDays, Weekday, WorkingHours
from domain.kit.errors import RuleBroken

HORIZON = 50  # years: how far ahead work is looked for
NOTHING = timedelta(0)
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_MONTHS = 12


class Calendar(Protocol):
    """What is needed of a calendar, be it the record or its row."""

    @property
    def id(self) -> UUID: ...
    @property
    def version(self) -> int: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def hours(self) -> Sequence[WorkingHours]: ...
    @property
    def special_days(self) -> Sequence[SpecialDays]: ...


class BusinessHours:
    """When work is done, by one version of a calendar; around the clock without one.

    Months are worked out when they are first asked for, and kept: keep the whole, too.
    """

    def __init__(self, calendar: Calendar | None = None) -> None:
        self.calendar_id = calendar.id if calendar else None
        self.calendar_version = calendar.version if calendar else None
        self._zone = ZoneInfo(calendar.time_zone if calendar else "UTC")
        self._special_days = tuple(calendar.special_days) if calendar else ()
        self._months: dict[int, _Month] = {}
        hours = calendar.hours if calendar else ALWAYS
        self._week: list[list[OpenHours]] = [
            [OpenHours(opens=h.opens, closes=h.closes) for h in hours if h.weekday is weekday]
            for weekday in Weekday
        ]

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much work there is between two moments, to the microsecond."""
        if end <= start:
            return NOTHING
        first, last = self._number(start), self._number(end)
        whole = sum((self._month(number).work for number in range(first, last)), NOTHING)
        return whole + self._month(last).until(end) - self._month(first).until(start)

    def after(self, start: datetime, work: timedelta) -> datetime:
        """The first moment at which so much work has been done since `start`.

        What takes until closing time is done at closing time, not when work begins again. Raises
        RuleBroken when there is not that much in the years to come.
        """
        if work <= NOTHING:
            return start.astimezone(UTC)
        first = self._number(start)
        work += self._month(first).until(start)
        for number in range(first, first + HORIZON * _MONTHS):
            month = self._month(number)
            if work <= month.work:
                return month.when(work)
            work -= month.work
        raise RuleBroken(
            "the calendar has too little working time in the next {years} years", years=HORIZON
        )

    def _number(self, moment: datetime) -> int:
        """Which month it is in. Clocks that were put back may show the one before again."""
        shown = moment.astimezone(self._zone)
        number = shown.year * _MONTHS + shown.month - 1
        return number + (moment >= self._shown(_midnight(_first_day(number + 1))))

    def _month(self, number: int) -> "_Month":
        month = self._months.get(number)
        if month is None:
            month = self._months[number] = _Month(self._stretches(number))
        return month

    def _stretches(self, number: int) -> Iterator[tuple[datetime, datetime]]:
        day, end = _first_day(number), _first_day(number + 1)
        special = self._special(day, end)
        while day < end:
            hours = special.get(day, self._week[day.weekday()])
            for open_hours in sorted(hours, key=lambda h: h.opens):
                opens = datetime.combine(day, open_hours.opens)
                closes = datetime.combine(day, open_hours.closes)
                if open_hours.closes == time():
                    closes += _DAY
                yield self._shown(opens), self._shown(closes)
            day += _DAY

    def _special(self, first: date, end: date) -> dict[date, Sequence[OpenHours]]:
        found: dict[date, Sequence[OpenHours]] = {}
        for special in self._special_days:
            day, last = max(special.first, first), min(special.last, end - _DAY)
            while day <= last:
                found[day] = special.hours
                day += _DAY
        return found

    def _shown(self, wall: datetime) -> datetime:
        """The first moment at which the clocks show `wall`, or have been put forward past it."""
        moment = wall.replace(tzinfo=self._zone).astimezone(UTC)  # the first of two: fold is 0
        if self._wall(moment) == wall:
            return moment
        # Never shown. What it would be by the time before the change is after it, and the reverse.
        before = wall.replace(tzinfo=self._zone, fold=1).astimezone(UTC)
        while moment - before > _SECOND:
            middle = before + (moment - before) // _SECOND // 2 * _SECOND
            if self._wall(middle) < wall:
                before = middle
            else:
                moment = middle
        return moment

    def _wall(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone).replace(tzinfo=None)


class _Month:
    """Stretches of work in their order: when they open and close, and the work before each."""

    def __init__(self, stretches: Iterator[tuple[datetime, datetime]]) -> None:
        self.work = NOTHING
        self._opens: list[datetime] = []
        self._closes: list[datetime] = []
        self._before: list[timedelta] = []
        for opens, closes in stretches:
            if opens < closes:
                self._opens.append(opens)
                self._closes.append(closes)
                self._before.append(self.work)
                self.work += closes - opens

    def until(self, moment: datetime) -> timedelta:
        """How much of its work there is before this moment."""
        last = bisect_right(self._opens, moment) - 1
        if last < 0:
            return NOTHING
        return self._before[last] + min(moment, self._closes[last]) - self._opens[last]

    def when(self, work: timedelta) -> datetime:
        """The first moment at which so much of its work, which is more than none, is done."""
        last = bisect_left(self._before, work) - 1
        return self._opens[last] + (work - self._before[last])


def _first_day(number: int) -> date:
    year, month = divmod(number, _MONTHS)
    return date(year, month + 1, 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


ALWAYS = tuple(WorkingHours(weekday=day, opens=time(), closes=time()) for day in Weekday)
AROUND_THE_CLOCK = BusinessHours()
