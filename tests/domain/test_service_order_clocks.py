"""Clocks of service orders: what starts, rests, goes on and stops with which move."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from domain.service_definitions import ServiceStep, SlaKind
from domain.service_orders import Priority, ServiceOrder, SlaClock, WaitingFor, Wish
from tests.domain.services import AGENT, HOURS, NOON, TARGETS, ordered, step

HOUR = timedelta(hours=1)
FIRST, LAST = SlaKind.FIRST_RESPONSE, SlaKind.RESOLUTION
STEPS = [
    ServiceStep(key="a", name="A", targets=TARGETS),
    ServiceStep(key="b", name="B", depends_on=["a"], targets=TARGETS),
]


def after(hours: int) -> datetime:
    return NOON + hours * HOUR


def clocks(order: ServiceOrder, key: str | None = None) -> dict[SlaKind, SlaClock]:
    """The last ones of the order itself, or of one of its steps."""
    id = None if key is None else step(order, key).id
    return {clock.measures: clock for clock in order.clocks if clock.step_id == id}


def states(order: ServiceOrder, key: str | None = None) -> list[str]:
    found = clocks(order, key)
    return [found[kind].state.value for kind in (FIRST, LAST) if kind in found]


def two_steps(**values: object) -> ServiceOrder:
    return ordered(steps=STEPS, **values)  # type: ignore[arg-type]


def start(order: ServiceOrder, key: str, at: datetime) -> None:
    order.start_step(step(order, key), AGENT, at, HOURS)


def complete(order: ServiceOrder, key: str, at: datetime) -> None:
    order.complete_step(step(order, key), AGENT, at, HOURS)


def test_an_orders_clocks_run_from_the_start_and_a_steps_from_when_it_is_ready() -> None:
    order = two_steps()
    assert states(order) == states(order, "a") == ["RUNNING", "RUNNING"]
    assert states(order, "b") == []
    assert clocks(order)[LAST].due_at == after(10)

    start(order, "a", after(1))
    complete(order, "a", after(2))

    assert states(order, "b") == ["RUNNING", "RUNNING"]
    assert clocks(order, "b")[LAST].due_at == after(12)


def test_the_first_response_is_when_work_begins() -> None:
    order = two_steps()

    order.start(AGENT, after(1), HOURS)

    assert states(order) == ["MET", "RUNNING"]
    assert states(order, "a") == ["RUNNING", "RUNNING"]

    start(order, "a", after(2))

    assert states(order, "a") == ["BREACHED_STOPPED", "RUNNING"]
    assert clocks(order)[FIRST].stopped_at == after(1)


def test_starting_a_step_is_the_first_response_of_a_pending_order_too() -> None:
    order = two_steps()

    start(order, "a", after(1))

    assert states(order) == states(order, "a") == ["MET", "RUNNING"]


def test_all_clocks_stop_when_the_order_is_done() -> None:
    order = two_steps()
    for n, key in enumerate(("a", "b")):
        start(order, key, after(n))
        complete(order, key, after(n + 1))

    assert states(order) == states(order, "a") == states(order, "b") == ["MET", "MET"]
    assert clocks(order)[LAST].elapsed_seconds == 2 * 3600


def test_no_clock_runs_while_the_order_is_on_hold() -> None:
    order = two_steps()
    start(order, "a", after(1))

    order.hold(AGENT, after(2), HOURS, "away")
    assert states(order) == states(order, "a") == ["MET", "PAUSED"]
    assert clocks(order)[LAST].due_at is None

    order.resume(AGENT, after(5), HOURS)
    assert states(order) == states(order, "a") == ["MET", "RUNNING"]
    assert clocks(order)[LAST].due_at == clocks(order, "a")[LAST].due_at == after(13)


def test_a_step_that_waits_rests_and_so_does_its_order_when_there_is_nothing_else() -> None:
    order = two_steps()
    start(order, "a", after(1))

    order.wait_step(step(order, "a"), WaitingFor.CLIENT, AGENT, after(2), HOURS)
    assert states(order) == states(order, "a") == ["MET", "PAUSED"]

    order.continue_step(step(order, "a"), AGENT, after(6), HOURS)
    assert states(order) == states(order, "a") == ["MET", "RUNNING"]
    assert clocks(order)[LAST].due_at == clocks(order, "a")[LAST].due_at == after(14)


@pytest.mark.parametrize("begun", [False, True])
def test_the_order_goes_on_while_another_step_can_be_worked_on(*, begun: bool) -> None:
    steps = [ServiceStep(key=key, name=key, targets=TARGETS) for key in ("a", "b")]
    order = ordered(steps=steps)
    start(order, "a", after(1))
    if begun:
        start(order, "b", after(1))

    order.wait_step(step(order, "a"), WaitingFor.AUTHORITY, AGENT, after(2), HOURS)

    assert states(order, "a") == ["MET", "PAUSED"]
    assert states(order)[1] == states(order, "b")[1] == "RUNNING"


def test_a_step_that_waited_before_a_hold_still_rests_after_it() -> None:
    order = two_steps()
    start(order, "a", after(1))
    order.wait_step(step(order, "a"), WaitingFor.CLIENT, AGENT, after(2), HOURS)
    order.hold(AGENT, after(3), HOURS, "away")

    order.resume(AGENT, after(5), HOURS)

    assert states(order) == states(order, "a") == ["MET", "PAUSED"]
    assert len(clocks(order, "a")[LAST].pauses) == 1


def test_a_reopened_step_goes_on_from_where_it_stopped() -> None:
    order = two_steps()
    start(order, "a", after(1))
    complete(order, "a", after(2))
    assert states(order, "b") == ["RUNNING", "RUNNING"]

    order.reopen_step(step(order, "a"), AGENT, after(4), HOURS)

    assert states(order, "a") == ["MET", "RUNNING"]
    assert clocks(order, "a")[LAST].due_at == after(12)
    assert states(order, "b") == ["CANCELLED", "CANCELLED"]
    assert states(order) == ["MET", "RUNNING"]

    complete(order, "a", after(5))

    assert states(order, "b") == ["RUNNING", "RUNNING"]
    assert clocks(order, "b")[LAST].due_at == after(15)
    assert len([clock for clock in order.clocks if clock.step_id == step(order, "b").id]) == 4


def test_a_skipped_step_has_nothing_left_to_measure() -> None:
    steps = [*STEPS, ServiceStep(key="c", name="C", optional=True, targets=TARGETS)]
    order = ordered(steps=steps)
    order.start(AGENT, NOON, HOURS)

    order.skip_step(step(order, "c"), AGENT, after(1), HOURS)

    assert states(order, "c") == ["CANCELLED", "CANCELLED"]


@pytest.mark.parametrize("before", [lambda _: None, lambda o: o.hold(AGENT, NOON, HOURS, "away")])
def test_clocks_of_what_is_cancelled_are_cancelled(
    before: Callable[[ServiceOrder], None],
) -> None:
    order = two_steps()
    start(order, "a", NOON)
    before(order)

    order.cancel(AGENT, after(1), HOURS)

    assert states(order) == states(order, "a") == ["MET", "CANCELLED"]
    assert [clock for clock in order.clocks if clock.open] == []


def test_a_priority_holds_as_if_it_always_had() -> None:
    order = two_steps(wish=Wish(priority=Priority.HIGH))
    assert clocks(order)[LAST].due_at == after(5)

    order.set_priority(Priority.LOW, AGENT, after(1), HOURS)

    assert clocks(order)[LAST].due_at == clocks(order, "a")[LAST].due_at == after(20)


def test_steps_that_become_ready_later_go_by_the_priority_of_then() -> None:
    order = two_steps()
    start(order, "a", NOON)
    order.set_priority(Priority.URGENT, AGENT, NOON, HOURS)

    complete(order, "a", NOON)

    assert clocks(order, "b")[LAST].target_seconds == 600 * 60 // 4
