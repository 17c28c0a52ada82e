"""Clocks: due by the calendar, the target and the pauses, and told of once."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.business_time import AROUND_THE_CLOCK, BusinessHours
from domain.service_definitions import SlaKind, SlaTarget
from domain.service_orders import ClockNews, ClockPause, ClockState, Priority, SlaClock
from domain.service_orders.clocks import target_seconds
from tests.domain.calendars import MINUTE, calendar, started
from tests.make import NOON

_C = ClockState
HOUR = timedelta(hours=1)
RIYADH = BusinessHours(calendar())


def seen(clock: SlaClock) -> tuple[ClockState, datetime | None, datetime | None]:
    return clock.state, clock.due_at, clock.breached_at


def after(minutes: int) -> datetime:
    return NOON + minutes * MINUTE


@pytest.mark.parametrize(
    ("priority", "seconds"),
    [
        (Priority.LOW, 7200),
        (Priority.NORMAL, 3600),
        (Priority.HIGH, 1800),
        (Priority.URGENT, 900),
    ],
)
def test_what_is_urgent_may_take_less_time(priority: Priority, seconds: int) -> None:
    assert target_seconds(SlaTarget(kind=SlaKind.RESOLUTION, minutes=60), priority) == seconds


def test_it_is_at_risk_when_most_of_its_time_is_gone() -> None:
    clock = started()

    assert (clock.at_risk_at, clock.due_at, clock.tell_at) == (after(48), after(60), after(48))
    assert (clock.tell(after(47)), clock.is_at_risk(after(47))) == (None, False)
    assert (clock.tell(after(48)), clock.is_at_risk(after(48))) == (ClockNews.AT_RISK, True)
    assert (clock.tell(after(49)), clock.tell_at) == (None, after(60))


def test_it_is_breached_when_its_time_is_up_and_told_of_once() -> None:
    clock = started()

    assert clock.tell(after(60)) is ClockNews.AT_RISK
    assert clock.tell(after(60)) is None
    assert clock.tell(after(60) + timedelta(microseconds=1)) is ClockNews.BREACHED
    assert seen(clock) == (_C.BREACHED, after(60), after(60))
    assert (clock.tell(after(99)), clock.tell_at, clock.breach_told_at) == (
        *(None, None, after(60) + timedelta(microseconds=1)),
    )
    assert not clock.is_at_risk(after(99))


@pytest.mark.parametrize(
    ("minutes", "state", "breached_at", "news"),
    [
        (59, _C.MET, None, None),
        (60, _C.MET, None, None),
        (61, _C.BREACHED_STOPPED, after(60), ClockNews.BREACHED),
    ],
)
def test_what_is_done_in_time_meets_its_target(
    minutes: int, state: ClockState, breached_at: datetime | None, news: ClockNews | None
) -> None:
    clock = started()

    clock.stop(AROUND_THE_CLOCK, after(minutes))

    assert seen(clock) == (state, after(60), breached_at)
    assert (clock.stopped_at, clock.elapsed_seconds) == (after(minutes), minutes * 60)
    assert (clock.tell(after(99)), clock.tell(after(99)), clock.tell_at) == (news, None, None)


def test_while_it_is_paused_nobody_knows_when_it_is_due() -> None:
    clock = started()

    clock.pause(AROUND_THE_CLOCK, after(20))

    assert (*seen(clock), clock.at_risk_at, clock.tell_at) == (_C.PAUSED, None, None, None, None)
    assert clock.tell(after(500)) is None
    assert clock.elapsed(AROUND_THE_CLOCK, after(500)) == 20 * MINUTE

    clock.resume(AROUND_THE_CLOCK, after(500))

    assert (*seen(clock), clock.at_risk_at) == (_C.RUNNING, after(540), None, after(528))
    assert clock.pauses == [ClockPause(since=after(20), until=after(500))]


def test_pausing_and_resuming_again_changes_nothing() -> None:
    clock = started()

    clock.resume(AROUND_THE_CLOCK, after(10))
    assert clock.pauses == []
    clock.pause(AROUND_THE_CLOCK, after(20))
    clock.pause(AROUND_THE_CLOCK, after(30))

    assert clock.pauses == [ClockPause(since=after(20))]


def test_a_pause_outside_of_business_hours_moves_nothing() -> None:
    thursday = datetime(2026, 1, 1, 13, tzinfo=UTC)  # four o'clock in Riyadh
    clock = started(120, thursday, hours=RIYADH)
    assert clock.due_at == datetime(2026, 1, 4, 7, tzinfo=UTC)

    clock.pause(RIYADH, thursday + 2 * HOUR)
    clock.resume(RIYADH, thursday + 40 * HOUR)

    assert clock.due_at == datetime(2026, 1, 4, 7, tzinfo=UTC)


def test_what_is_breached_stays_so_in_a_pause() -> None:
    clock = started()

    clock.pause(AROUND_THE_CLOCK, after(70))

    assert seen(clock) == (_C.BREACHED, after(60), after(60))
    assert clock.paused
    assert clock.tell(after(80)) is ClockNews.BREACHED
    clock.resume(AROUND_THE_CLOCK, after(90))
    assert seen(clock) == (_C.BREACHED, after(60), after(60))
    clock.stop(AROUND_THE_CLOCK, after(100))
    assert (*seen(clock), clock.elapsed_seconds) == (
        *(_C.BREACHED_STOPPED, after(60), after(60), 80 * 60),
    )


def test_what_comes_at_risk_in_time_for_a_pause_is_told_of() -> None:
    clock = started()

    clock.pause(AROUND_THE_CLOCK, after(50))

    assert (clock.at_risk_at, clock.due_at, clock.tell_at) == (after(48), None, after(48))
    assert (clock.tell(after(55)), clock.tell(after(56)), clock.tell_at) == (
        *(ClockNews.AT_RISK, None, None),
    )


def test_stopping_ends_a_pause() -> None:
    clock = started()
    clock.pause(AROUND_THE_CLOCK, after(20))

    clock.stop(AROUND_THE_CLOCK, after(500))

    assert (*seen(clock), clock.elapsed_seconds) == (_C.MET, after(540), None, 20 * 60)
    assert clock.pauses == [ClockPause(since=after(20), until=after(500))]


def test_what_is_cancelled_is_never_due() -> None:
    clock = started()

    clock.cancel(AROUND_THE_CLOCK, after(70))

    assert (clock.state, clock.due_at, clock.at_risk_at, clock.tell_at) == (
        *(_C.CANCELLED, None, None, None),
    )
    assert clock.tell(after(80)) is None
    for change in (clock.pause, clock.resume, clock.stop, clock.reopen, clock.recalendar):
        change(AROUND_THE_CLOCK, after(90))
    assert (clock.state, clock.stopped_at, clock.pauses) == (_C.CANCELLED, after(70), [])


def test_what_is_reopened_goes_on_from_where_it_stopped() -> None:
    clock = started()
    clock.stop(AROUND_THE_CLOCK, after(20))

    clock.reopen(AROUND_THE_CLOCK, after(500))

    assert (*seen(clock), clock.stopped_at, clock.elapsed_seconds) == (
        *(_C.RUNNING, after(540), None, None, None),
    )


def test_more_time_takes_a_breach_back_but_for_its_history() -> None:
    clock = started()
    clock.tell(after(70))

    clock.retarget(Priority.NORMAL, Priority.LOW, AROUND_THE_CLOCK, after(80))

    assert seen(clock) == (_C.RUNNING, after(120), after(60))
    assert (clock.tell(after(97)), clock.tell(after(98))) == (ClockNews.AT_RISK, None)
    assert (clock.tell(after(121)), clock.tell(after(122))) == (ClockNews.BREACHED, None)
    assert seen(clock) == (_C.BREACHED, after(120), after(60))


def test_less_time_can_breach_at_once() -> None:
    clock = started()

    clock.retarget(Priority.NORMAL, Priority.URGENT, AROUND_THE_CLOCK, after(20))

    assert seen(clock) == (_C.BREACHED, after(15), after(15))
    assert (clock.tell_at, clock.tell(after(20))) == (after(15), ClockNews.BREACHED)


def test_another_calendar_keeps_the_pauses() -> None:
    clock = started(at=datetime(2026, 1, 1, 13, tzinfo=UTC))
    clock.pause(AROUND_THE_CLOCK, datetime(2026, 1, 1, 13, 30, tzinfo=UTC))
    clock.resume(AROUND_THE_CLOCK, datetime(2026, 1, 1, 14, tzinfo=UTC))

    clock.recalendar(RIYADH, datetime(2026, 1, 1, 14, tzinfo=UTC))

    assert clock.due_at == datetime(2026, 1, 4, 6, 30, tzinfo=UTC)
    assert (clock.calendar_id, clock.calendar_version) == (RIYADH.calendar_id, 1)
    assert len(clock.pauses) == 1
