"""Steps of service orders: every move from every status, and what follows from it."""

from collections.abc import Callable

import pytest

from domain.kit.errors import IllegalMove, NotFound, RuleBroken
from domain.kit.ids import new_id
from domain.service_definitions import ServiceStep
from domain.service_orders import (
    STEP_LIFECYCLE,
    OrderStepStatus,
    ServiceOrder,
    ServiceOrderStatus,
    ServiceOrderStep,
    WaitingFor,
)
from domain.service_orders.steps import standing
from tests.domain.services import (
    AGENT,
    HOURS,
    NOON,
    looks,
    ordered,
    statuses,
    step,
    with_step,
)

_T = OrderStepStatus
USER = new_id()

LEADS_TO: dict[tuple[OrderStepStatus, str], OrderStepStatus] = {
    (_T.READY, "start"): _T.ACTIVE,
    (_T.ACTIVE, "wait"): _T.WAITING,
    (_T.WAITING, "continue"): _T.ACTIVE,
    (_T.ACTIVE, "complete"): _T.COMPLETED,
    (_T.READY, "skip"): _T.SKIPPED,
    (_T.COMPLETED, "reopen"): _T.ACTIVE,
    **{(s, "assign"): s for s in (_T.BLOCKED, _T.READY, _T.ACTIVE, _T.WAITING)},
}
Do = Callable[[ServiceOrder, ServiceOrderStep], object]
DO: dict[str, Do] = {
    "start": lambda o, s: o.start_step(s, AGENT, NOON, HOURS),
    "wait": lambda o, s: o.wait_step(s, WaitingFor.AUTHORITY, AGENT, NOON, HOURS),
    "continue": lambda o, s: o.continue_step(s, AGENT, NOON, HOURS),
    "complete": lambda o, s: o.complete_step(s, AGENT, NOON, HOURS, "filed"),
    "skip": lambda o, s: o.skip_step(s, AGENT, NOON, HOURS, "not needed"),
    "reopen": lambda o, s: o.reopen_step(s, AGENT, NOON, HOURS, "a page is missing"),
    "assign": lambda o, s: o.assign_step(s, USER, AGENT, NOON),
}
PAST = {
    "start": "step_started",
    "wait": "step_waiting",
    "continue": "step_continued",
    "complete": "step_completed",
    "skip": "step_skipped",
    "reopen": "step_reopened",
    "assign": "step_assigned",
}
EVERY = [(status, action) for status in _T for action in DO]


def test_there_is_a_command_for_every_move() -> None:
    assert DO.keys() == {n for n, move in STEP_LIFECYCLE.moves.items() if move.needs is not None}


def test_every_status_can_be_reached() -> None:
    assert STEP_LIFECYCLE.reachable() == {*OrderStepStatus}


@pytest.mark.parametrize(("status", "action"), EVERY)
def test_a_step_moves_as_the_table_says(status: OrderStepStatus, action: str) -> None:
    order, one = with_step(status)
    assert one.status is status
    before = looks(order)

    if (status, action) in LEADS_TO:
        DO[action](order, one)
        assert one.status is LEADS_TO[status, action]
        [event] = order.pull_events()
        assert event.action == f"service_order.{PAST[action]}"
        assert (event.details["step"], event.details["step_id"]) == (one.key, str(one.id))
    else:
        with pytest.raises(IllegalMove):
            DO[action](order, one)
        assert looks(order) == before
        assert order.pull_events() == []


@pytest.mark.parametrize(("status", "action"), EVERY)
def test_transitions_show_what_commands_would_do(status: OrderStepStatus, action: str) -> None:
    order, one = with_step(status)
    facts = standing(one, order.steps, order.status)

    [transition] = [t for t in STEP_LIFECYCLE.transitions(facts, AGENT) if t.name == action]

    assert transition.allowed == ((status, action) in LEADS_TO)


def test_the_table_and_this_test_agree_on_where_moves_begin() -> None:
    """A required step that is blocked or ready is not skipped; an optional one may be blocked."""
    begin = {(s, m.action) for m in STEP_LIFECYCLE.moves.values() if m.needs for s in m.sources}

    assert begin == {*LEADS_TO, (_T.BLOCKED, "skip")}


@pytest.mark.parametrize("action", ["wait", "continue", "complete", "skip", "reopen", "start"])
@pytest.mark.parametrize(
    "to", [ServiceOrderStatus.ON_HOLD, ServiceOrderStatus.COMPLETED, ServiceOrderStatus.CANCELLED]
)
def test_no_step_moves_while_its_order_rests_or_is_over(
    action: str, to: ServiceOrderStatus
) -> None:
    [status] = [s for s, name in LEADS_TO if name == action]
    order, one = with_step(status)
    order.status = to
    before = looks(order)

    with pytest.raises(IllegalMove) as caught:
        DO[action](order, one)

    assert caught.value.message == f"the order of this step is {to}"
    assert looks(order) == before


def test_a_step_of_an_order_on_hold_can_be_assigned() -> None:
    order, one = with_step(_T.ACTIVE)
    order.hold(AGENT, NOON, HOURS, "away")

    order.assign_step(one, USER, AGENT, NOON)

    assert one.assignee_id == USER


def test_the_first_step_that_is_started_starts_the_order() -> None:
    order = ordered()

    order.start_step(step(order, "collect"), AGENT, NOON, HOURS)

    assert order.status is ServiceOrderStatus.IN_PROGRESS
    assert order.started_at == step(order, "collect").started_at == NOON
    assert [event.action for event in order.pull_events()] == [
        "service_order.started",
        "service_order.step_started",
    ]


@pytest.mark.parametrize("action", ["skip", "complete", "wait"])
def test_nothing_else_happens_before_the_order_is_started(action: str) -> None:
    order = ordered()
    before = looks(order)

    with pytest.raises(IllegalMove):
        DO[action](order, step(order, "courier"))

    assert looks(order) == before


def test_a_required_step_is_not_skipped() -> None:
    order = ordered()
    order.start(AGENT, NOON, HOURS)
    before = looks(order)

    with pytest.raises(IllegalMove, match="this step cannot be skipped: it is required"):
        DO["skip"](order, step(order, "collect"))

    assert looks(order) == before


def test_a_blocked_step_that_is_optional_can_be_skipped() -> None:
    steps = [
        ServiceStep(key="a", name="A"),
        ServiceStep(key="b", name="B", optional=True, depends_on=["a"]),
        ServiceStep(key="c", name="C", depends_on=["b"]),
    ]
    order = ordered(steps=steps)
    order.start(AGENT, NOON, HOURS)

    DO["skip"](order, step(order, "b"))

    assert statuses(order) == {"a": "READY", "b": "SKIPPED", "c": "READY"}


def test_a_step_is_ready_when_all_that_it_depends_on_is_done() -> None:
    steps = [
        ServiceStep(key="a", name="A"),
        ServiceStep(key="b", name="B", optional=True),
        ServiceStep(key="c", name="C", depends_on=["a", "b"]),
    ]
    order = ordered(steps=steps)
    assert statuses(order) == {"a": "READY", "b": "READY", "c": "BLOCKED"}

    for action in ("start", "complete"):
        DO[action](order, step(order, "a"))
    assert statuses(order) == {"a": "COMPLETED", "b": "READY", "c": "BLOCKED"}

    DO["skip"](order, step(order, "b"))
    assert statuses(order) == {"a": "COMPLETED", "b": "SKIPPED", "c": "READY"}


def test_waiting_says_for_whom_until_it_goes_on() -> None:
    order, one = with_step(_T.ACTIVE)

    order.wait_step(one, WaitingFor.CLIENT, AGENT, NOON, HOURS)
    assert one.waiting_for is WaitingFor.CLIENT

    order.continue_step(one, AGENT, NOON, HOURS)
    assert one.waiting_for is None


def test_the_last_required_step_completes_the_order_and_skips_what_nobody_began() -> None:
    order = ordered()
    for key in ("collect", "submit"):
        DO["start"](order, step(order, key))
        assert order.status is ServiceOrderStatus.IN_PROGRESS
        DO["complete"](order, step(order, key))

    assert order.status is ServiceOrderStatus.COMPLETED
    assert order.completed_at == NOON
    assert statuses(order) == {"collect": "COMPLETED", "submit": "COMPLETED", "courier": "SKIPPED"}
    assert [event.action for event in order.pull_events()][-2:] == [
        "service_order.step_completed",
        "service_order.completed",
    ]


def test_an_optional_step_that_was_begun_is_waited_for() -> None:
    order = ordered()
    DO["start"](order, step(order, "courier"))
    for key in ("collect", "submit"):
        DO["start"](order, step(order, key))
        DO["complete"](order, step(order, key))
    assert order.status == "IN_PROGRESS"

    DO["complete"](order, step(order, "courier"))

    assert order.status == "COMPLETED"


def test_where_every_step_is_optional_each_is_done_or_skipped() -> None:
    steps = [ServiceStep(key=key, name=key, optional=True) for key in ("a", "b")]
    order = ordered(steps=steps)
    DO["start"](order, step(order, "a"))
    DO["complete"](order, step(order, "a"))
    assert order.status == "IN_PROGRESS"

    DO["skip"](order, step(order, "b"))

    assert order.status == "COMPLETED"
    assert statuses(order) == {"a": "COMPLETED", "b": "SKIPPED"}


def test_reopening_blocks_again_what_had_become_ready() -> None:
    order = ordered()
    DO["start"](order, step(order, "collect"))
    DO["complete"](order, step(order, "collect"))
    assert statuses(order)["submit"] == "READY"

    DO["reopen"](order, step(order, "collect"))

    assert statuses(order) == {"collect": "ACTIVE", "submit": "BLOCKED", "courier": "READY"}
    assert step(order, "collect").completed_at is None


def test_what_others_have_built_upon_is_not_reopened() -> None:
    order = ordered()
    for action, key in (("start", "collect"), ("complete", "collect"), ("start", "submit")):
        DO[action](order, step(order, key))
    before = looks(order)

    with pytest.raises(IllegalMove, match="a step that depends on this one has begun already"):
        DO["reopen"](order, step(order, "collect"))

    assert looks(order) == before


LONG = "x" * 2001


@pytest.mark.parametrize(
    ("status", "say", "path"),
    [
        (_T.ACTIVE, lambda o, s: o.complete_step(s, AGENT, NOON, HOURS, LONG), "note"),
        (_T.READY, lambda o, s: o.skip_step(s, AGENT, NOON, HOURS, LONG), "note"),
        (_T.COMPLETED, lambda o, s: o.reopen_step(s, AGENT, NOON, HOURS, LONG), "reason"),
    ],
)
def test_what_is_said_has_a_limit(status: OrderStepStatus, say: Do, path: str) -> None:
    order, one = with_step(status)
    before = looks(order)

    with pytest.raises(RuleBroken) as caught:
        say(order, one)

    assert caught.value.path == (path,)
    assert looks(order) == before


def test_a_step_that_is_not_the_orders_is_not_found() -> None:
    with pytest.raises(NotFound) as caught:
        ordered().step(new_id())

    assert caught.value.path == ("step_id",)
