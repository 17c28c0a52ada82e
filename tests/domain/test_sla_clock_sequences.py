"""Clocks through any pauses: the same as when minutes are counted, whatever came between."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.business_calendars import BusinessCalendar
from domain.business_time import AROUND_THE_CLOCK, BusinessHours
from domain.service_orders import Priority
from domain.service_orders.clocks import counted
from tests.domain.calendars import (
    MINUTE,
    MINUTES_A_DAY,
    Minutes,
    calendar,
    calendars,
    pauses_of,
    started,
)
from tests.make import NOON

DAYS = 5


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    calendars(),
    st.integers(0, MINUTES_A_DAY),
    st.lists(st.integers(0, DAYS * MINUTES_A_DAY), max_size=7, unique=True).map(sorted),
    st.integers(1, 2000),
)
def test_it_is_due_when_so_many_minutes_of_work_lie_in_no_pause(
    made: tuple[BusinessCalendar, date], minute: int, moves: list[int], target: int
) -> None:
    """Paused and resumed at random, the last time for good if there is an odd number of moves."""
    calendar, changing = made
    hours = BusinessHours(calendar)
    start = datetime.combine(changing, time(), tzinfo=UTC) + timedelta(days=-3, minutes=minute)
    minutes = Minutes(calendar, start, DAYS)
    clock = started(target, start, hours=hours)

    for n, move in enumerate(moves):
        (clock.pause if n % 2 == 0 else clock.resume)(hours, minutes.moment(move))

    end = len(minutes.work)
    pauses = [*zip(moves[::2], [*moves[1::2], end], strict=False)]
    due = minutes.after(0, target, pauses)
    if due is not None:
        assert clock.due_at == minutes.moment(due)
    elif len(moves) % 2 == 1:
        assert clock.due_at is None
    else:
        assert clock.due_at is None or clock.due_at > minutes.moment(end)
    assert clock.elapsed(hours, minutes.moment(end)) == minutes.counted(0, end, pauses) * MINUTE


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    calendars(), st.lists(st.integers(0, DAYS * MINUTES_A_DAY), max_size=6, unique=True).map(sorted)
)
def test_what_counts_is_business_time_less_its_overlap_with_pauses(
    made: tuple[BusinessCalendar, date], moves: list[int]
) -> None:
    calendar, changing = made
    hours = BusinessHours(calendar)
    start = datetime.combine(changing, time(), tzinfo=UTC) + timedelta(days=-3)
    minutes = Minutes(calendar, start, DAYS)
    pauses = [*zip(moves[::2], moves[1::2], strict=False)]
    end = DAYS * MINUTES_A_DAY

    found = counted(start, pauses_of(pauses, minutes), minutes.moment(end), hours)

    assert found == minutes.counted(0, end, pauses) * MINUTE


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.sampled_from(["pause", "resume"]), st.integers(1, 50)), max_size=8),
    st.sampled_from(Priority),
)
def test_the_way_there_makes_no_difference(moves: list[tuple[str, int]], last: Priority) -> None:
    """Another priority and another calendar, and back again: due as if nothing had been."""
    plain, changed, at = started(), started(), NOON
    other = BusinessHours(calendar())
    for move, minutes in moves:
        at += minutes * MINUTE
        for clock in (plain, changed):
            getattr(clock, move)(AROUND_THE_CLOCK, at)
        changed.retarget(Priority.NORMAL, last, AROUND_THE_CLOCK, at)
        changed.recalendar(other, at)
        changed.retarget(last, Priority.NORMAL, other, at)
        changed.recalendar(AROUND_THE_CLOCK, at)

    assert plain.tell(at) == changed.tell(at)  # what is due is only seen by looking
    assert changed.target_seconds == plain.target_seconds == 3600
    assert changed.pauses == plain.pauses
    assert (changed.state, changed.due_at, changed.at_risk_at) == (
        *(plain.state, plain.due_at, plain.at_risk_at),
    )
