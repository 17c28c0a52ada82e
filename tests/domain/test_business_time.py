"""Business time: the same as when it is counted minute by minute, whatever the calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.business_calendars import BusinessCalendar, OpenHours, SpecialDays, Weekday
from domain.business_time import AROUND_THE_CLOCK, BusinessHours
from domain.kit.errors import RuleBroken
from tests.domain.calendars import (
    MINUTE,
    MINUTES_A_DAY,
    MONDAY_TO_FRIDAY,
    Minutes,
    calendar,
    calendars,
    hours,
)

DAYS = 5
HOUR = timedelta(hours=1)
minutes_of_days = st.integers(0, DAYS * MINUTES_A_DAY)


def began(changing: date, minute: int) -> datetime:
    """Some days before, at a minute of the day."""
    return datetime.combine(changing, time(), tzinfo=UTC) + timedelta(days=-3, minutes=minute)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    calendars(),
    st.integers(0, MINUTES_A_DAY),
    st.lists(st.tuples(minutes_of_days, minutes_of_days), min_size=5, max_size=5),
)
def test_it_is_what_counting_minutes_finds(
    made: tuple[BusinessCalendar, date], minute: int, whiles: list[tuple[int, int]]
) -> None:
    calendar, changing = made
    minutes = Minutes(calendar, began(changing, minute), DAYS)
    business = BusinessHours(calendar)

    for first, last in map(sorted, whiles):
        start, end = minutes.moment(first), minutes.moment(last)
        work = minutes.between(first, last)
        assert business.between(start, end) == work * MINUTE
        assert business.between(end, start) == timedelta(0)
        # Halfway there, to and fro: the first moment at which so much work has been done.
        there = minutes.after(first, work // 2)
        assert there is not None
        assert business.after(start, work // 2 * MINUTE) == minutes.moment(there)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    calendars(),
    st.timedeltas(timedelta(0), timedelta(days=DAYS)),
    st.timedeltas(timedelta(0), timedelta(days=3)),
)
def test_to_and_fro_are_each_others_inverse_to_the_microsecond(
    made: tuple[BusinessCalendar, date], since: timedelta, work: timedelta
) -> None:
    calendar, changing = made
    start, business = began(changing, 0) + since, BusinessHours(calendar)

    end = business.after(start, work)

    assert business.between(start, end) == work
    assert work == timedelta(0) or business.between(start, end - timedelta(microseconds=1)) < work


@settings(max_examples=100, deadline=None, derandomize=True)
@given(calendars(), st.lists(st.timedeltas(timedelta(0), timedelta(days=900)), min_size=3))
def test_parts_add_up_to_the_whole(
    made: tuple[BusinessCalendar, date], since: list[timedelta]
) -> None:
    calendar, changing = made
    business = BusinessHours(calendar)
    first, middle, last = (began(changing, 0) + each for each in sorted(since)[:3])

    parts = business.between(first, middle) + business.between(middle, last)

    assert parts == business.between(first, last)


@pytest.mark.parametrize(
    ("start", "work", "end"),
    [
        # Thursday, 1 January: three hours from two o'clock on are done at five, closing time.
        ("2026-01-01T14:00+03:00", 3 * HOUR, "2026-01-01T17:00+03:00"),
        # A minute more, and it is Sunday morning.
        ("2026-01-01T14:00+03:00", 3 * HOUR + MINUTE, "2026-01-04T09:01+03:00"),
        ("2026-01-02T12:00+03:00", MINUTE, "2026-01-04T09:01+03:00"),
        ("2026-01-01T14:00+03:00", timedelta(0), "2026-01-01T14:00+03:00"),
        ("2026-01-02T12:00+03:00", timedelta(0), "2026-01-02T12:00+03:00"),
        ("2026-01-04T09:00+03:00", 40 * HOUR, "2026-01-08T17:00+03:00"),
    ],
)
def test_what_takes_until_closing_time_is_done_then(start: str, work: timedelta, end: str) -> None:
    business = BusinessHours(calendar())

    found = business.after(datetime.fromisoformat(start), work)

    assert found == datetime.fromisoformat(end)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("zone", "day", "opens", "closes", "work"),
    [
        # In Lisbon it is 02:00 after 00:59:59 on this day, and 01:00 after 01:59:59 on that.
        ("Europe/Lisbon", date(2026, 3, 29), "00:00", "00:00", 23 * HOUR),
        ("Europe/Lisbon", date(2026, 3, 29), "00:30", "03:00", HOUR * 3 / 2),
        ("Europe/Lisbon", date(2026, 3, 29), "01:15", "01:45", 0 * HOUR),
        ("Europe/Lisbon", date(2026, 3, 29), "01:30", "02:30", HOUR / 2),
        ("Europe/Lisbon", date(2026, 10, 25), "00:00", "00:00", 25 * HOUR),
        ("Europe/Lisbon", date(2026, 10, 25), "00:30", "03:00", HOUR * 7 / 2),
        ("Europe/Lisbon", date(2026, 10, 25), "01:15", "01:45", HOUR / 2),
        ("Europe/Lisbon", date(2026, 10, 25), "01:30", "02:00", HOUR * 3 / 2),
        ("Europe/Lisbon", date(2026, 10, 25), "09:00", "17:00", 8 * HOUR),
        ("Australia/Lord_Howe", date(2026, 4, 5), "00:00", "00:00", HOUR * 49 / 2),
        ("Australia/Lord_Howe", date(2026, 10, 4), "00:00", "00:00", HOUR * 47 / 2),
        ("Pacific/Apia", date(2011, 12, 30), "00:00", "00:00", 0 * HOUR),
        ("Asia/Riyadh", date(2026, 3, 29), "00:00", "00:00", 24 * HOUR),
    ],
)
def test_days_are_as_long_as_clocks_make_them(
    zone: str, day: date, opens: str, closes: str, work: timedelta
) -> None:
    weekday = [*Weekday][day.weekday()]
    business = BusinessHours(calendar(time_zone=zone, hours=hours(opens, closes, weekday)))
    noon = datetime.combine(day, time(12), tzinfo=UTC)

    assert business.between(noon - 2 * 24 * HOUR, noon + 2 * 24 * HOUR) == work


def test_of_special_days_the_last_one_holds() -> None:
    shortened = OpenHours(opens=time(10), closes=time(15))
    special_days = [
        SpecialDays(
            name="Ramadan", first=date(2026, 2, 18), last=date(2026, 3, 19), hours=[shortened]
        ),
        SpecialDays(name="Founding Day", first=date(2026, 2, 22), last=date(2026, 2, 22)),
    ]
    business = BusinessHours(calendar(special_days=special_days))

    def on(day: int) -> timedelta:
        midnight = datetime(2026, 2, day - 1, 21, tzinfo=UTC)  # in Riyadh
        return business.between(midnight, midnight + 24 * HOUR)

    assert [on(17), on(18), on(20), on(22), on(23)] == [
        *(8 * HOUR, 5 * HOUR, 5 * HOUR, 0 * HOUR, 5 * HOUR)
    ]


def test_without_a_calendar_work_never_stops() -> None:
    start = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)

    assert AROUND_THE_CLOCK.after(start, 100 * HOUR) == start + 100 * HOUR
    assert AROUND_THE_CLOCK.between(start, start + 100 * HOUR) == 100 * HOUR
    assert (AROUND_THE_CLOCK.calendar_id, AROUND_THE_CLOCK.calendar_version) == (None, None)


def test_years_are_no_more_work_than_their_months() -> None:
    business = BusinessHours(
        calendar(time_zone="Europe/Lisbon", hours=hours("09:00", "17:00", *MONDAY_TO_FRIDAY))
    )
    start, end = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)

    work = business.between(start, end)

    assert work == 2609 * 8 * HOUR  # 522 weeks less a day, from a Wednesday to a Monday
    assert business.after(start, work) == datetime(2029, 12, 31, 17, tzinfo=UTC)


def test_work_that_never_comes_is_refused() -> None:
    closed = [
        SpecialDays(name="Closed", first=date(year, 1, 1), last=date(year, 12, 31))
        for year in range(2026, 2326)
    ]
    business = BusinessHours(calendar(special_days=closed))

    with pytest.raises(RuleBroken, match="too little working time in the next 50 years"):
        business.after(datetime(2026, 1, 1, tzinfo=UTC), MINUTE)
