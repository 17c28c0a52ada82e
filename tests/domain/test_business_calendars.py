"""Business calendars: weeks, holidays and shortened hours that make sense."""

from datetime import date, time
from typing import Any

import pytest

from domain.business_calendars import OpenHours, SpecialDays, Weekday, WorkingHours
from domain.kit.errors import RuleBroken
from tests.domain.calendars import calendar, hours

_W = Weekday
FIRST = date(2026, 2, 18)


def refused(**values: Any) -> list[tuple[str, tuple[str | int, ...]]]:
    """What is said of it, and where."""
    with pytest.raises(RuleBroken) as caught:
        calendar(**values)
    return [(problem.message, problem.path) for problem in caught.value.problems]


def special(*stretches: tuple[str, str], **values: Any) -> SpecialDays:
    given: dict[str, Any] = {"name": "Ramadan", "first": FIRST, "last": FIRST}
    hours = [
        OpenHours(opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))
        for opens, closes in stretches
    ]
    return SpecialDays(**(given | {"hours": hours} | values))


def test_a_day_can_have_several_stretches_until_its_end() -> None:
    week = [
        *hours("16:00", "00:00", _W.SUNDAY),
        *hours("08:00", "12:00", _W.SUNDAY, _W.MONDAY),
        *hours("12:00", "16:00", _W.SUNDAY),
        *hours("00:00", "00:00", _W.TUESDAY),
    ]
    days = [special(("10:00", "15:00"), ("20:00", "00:00")), special(last=date(2026, 3, 19))]

    made = calendar(hours=week, special_days=days)

    assert (made.hours, made.special_days) == (week, days)


def test_every_problem_is_named() -> None:
    problems = refused(name=" ", time_zone="Asia/Atlantis", hours=[])

    assert problems == [
        ("this must not be empty", ("name",)),
        ("Asia/Atlantis is no time zone", ("time_zone",)),
        ("a week needs hours of work", ("hours",)),
    ]


@pytest.mark.parametrize(
    ("stretches", "problem", "path"),
    [
        ([("17:00", "09:00")], "this closes before it opens", ("hours", 0, "closes")),
        ([("09:00", "09:00")], "this closes before it opens", ("hours", 0, "closes")),
        (
            [("09:00", "12:00"), ("11:59", "17:00")],
            "this overlaps with other hours of the day",
            ("hours", 1, "opens"),
        ),
        (
            [("20:00", "00:00"), ("09:00", "17:00"), ("22:00", "23:00")],
            "this overlaps with other hours of the day",
            ("hours", 2, "opens"),
        ),
        (
            [("00:00", "00:00"), ("00:00", "00:00")],
            "this overlaps with other hours of the day",
            ("hours", 1, "opens"),
        ),
    ],
)
def test_stretches_of_a_day_follow_one_another(
    stretches: list[tuple[str, str]], problem: str, path: tuple[str | int, ...]
) -> None:
    week = [each for stretch in stretches for each in hours(*stretch, _W.MONDAY)]

    assert refused(hours=week) == [(problem, path)]
    assert refused(special_days=[special(), special(*stretches)]) == [
        (problem, ("special_days", 1, *path))
    ]


def test_stretches_of_different_days_have_nothing_to_do_with_one_another() -> None:
    week = [*hours("09:00", "17:00", _W.MONDAY), *hours("10:00", "18:00", _W.TUESDAY)]

    assert calendar(hours=week).hours == week


@pytest.mark.parametrize(
    ("values", "problem", "name"),
    [
        ({"name": ""}, "this must not be empty", "name"),
        ({"name": "x" * 201}, "this is longer than 200 characters", "name"),
        ({"last": date(2026, 2, 17)}, "this ends before it begins", "last"),
        ({"last": date(2027, 2, 19)}, "this takes more than 366 days", "last"),
    ],
)
def test_special_days_are_days(values: dict[str, Any], problem: str, name: str) -> None:
    assert refused(special_days=[special(**values)]) == [(problem, ("special_days", 0, name))]


def test_a_year_can_be_special() -> None:
    whole = special(first=date(2028, 1, 1), last=date(2028, 12, 31))

    assert calendar(special_days=[whole]).special_days == [whole]


def test_there_is_an_end_to_what_is_kept() -> None:
    opening = [("00:00", "00:01")] * 101
    too_long = [*hours("00:00", "00:01", *[_W.MONDAY] * 101)]

    assert refused(hours=too_long) == [("at most 100 are possible", ("hours",))]
    assert refused(special_days=[special()] * 501) == [
        ("at most 500 are possible", ("special_days",))
    ]
    assert refused(special_days=[special(*opening)]) == [
        ("at most 100 are possible", ("special_days", 0, "hours"))
    ]


def test_hours_are_given_as_a_whole() -> None:
    made = calendar()
    made.pull_events()
    week = [WorkingHours(weekday=_W.MONDAY, opens=time(9), closes=time(12))]

    made.update({"hours": week}, made.created_at)

    assert made.hours == week
    assert [event.action for event in made.pull_events()] == ["business_calendar.updated"]
