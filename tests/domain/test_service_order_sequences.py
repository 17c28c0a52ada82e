"""Service orders under any sequence of moves, with any workflow: what always holds."""

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.kit.errors import DomainError
from domain.service_definitions import ServiceStep, SlaKind
from domain.service_orders import (
    LIFECYCLE,
    STEP_LIFECYCLE,
    OrderStepStatus,
    Priority,
    ServiceOrder,
    ServiceOrderStatus,
    WaitingFor,
)
from domain.service_orders.steps import standing
from tests.domain.services import AGENT, HOURS, NOON, TARGETS, looks, ordered

_S, _T = ServiceOrderStatus, OrderStepStatus
DONE = {_T.COMPLETED, _T.SKIPPED}
OVER = {_S.COMPLETED, _S.CANCELLED}
ORDER_MOVES: dict[str, Any] = {
    "start": lambda o, at: o.start(AGENT, at, HOURS),
    "hold": lambda o, at: o.hold(AGENT, at, HOURS, "away"),
    "resume": lambda o, at: o.resume(AGENT, at, HOURS),
    "cancel": lambda o, at: o.cancel(AGENT, at, HOURS),
    "assign": lambda o, at: o.assign(AGENT.user_id, AGENT, at),
}
STEP_MOVES: dict[str, Any] = {
    "start": lambda o, s, at: o.start_step(s, AGENT, at, HOURS),
    "wait": lambda o, s, at: o.wait_step(s, WaitingFor.CLIENT, AGENT, at, HOURS),
    "continue": lambda o, s, at: o.continue_step(s, AGENT, at, HOURS),
    "complete": lambda o, s, at: o.complete_step(s, AGENT, at, HOURS),
    "skip": lambda o, s, at: o.skip_step(s, AGENT, at, HOURS),
    "reopen": lambda o, s, at: o.reopen_step(s, AGENT, at, HOURS),
    "assign": lambda o, s, at: o.assign_step(s, AGENT.user_id, AGENT, at),
}


@some.composite
def workflows(draw: some.DrawFn) -> list[ServiceStep]:
    """Up to six steps, each after some of those before it."""
    steps: list[ServiceStep] = []
    for n in range(draw(some.integers(1, 6))):
        before = draw(some.lists(some.sampled_from([s.key for s in steps] or ["-"]), unique=True))
        steps.append(
            ServiceStep(
                key=f"s{n}",
                name=f"Step {n}",
                depends_on=[key for key in before if key != "-"],
                optional=draw(some.booleans()),
                targets=TARGETS if draw(some.booleans()) else [],
            )
        )
    return steps


class Order(RuleBasedStateMachine):
    """Whatever is tried either happens as the tables say, or leaves everything as it was."""

    order: ServiceOrder

    @initialize(steps=workflows())
    def place(self, steps: list[ServiceStep]) -> None:
        self.at = NOON
        self.order = ordered(steps=steps)

    @rule(action=some.sampled_from(sorted(ORDER_MOVES)), minutes=some.integers(0, 300))
    def move(self, action: str, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)
        blockers = LIFECYCLE.blockers(self.order, action, AGENT)
        self.attempt(bool(blockers), lambda: ORDER_MOVES[action](self.order, self.at))

    @rule(
        place=some.integers(0, 5),
        action=some.sampled_from(sorted([*STEP_MOVES, "start", "complete", "complete"])),
        minutes=some.integers(0, 300),
    )
    def move_step(self, place: int, action: str, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)
        step = self.order.steps[place % len(self.order.steps)]
        facts = standing(step, self.order.steps, self.order.status)
        blockers = STEP_LIFECYCLE.blockers(facts, action, AGENT)
        self.attempt(bool(blockers), lambda: STEP_MOVES[action](self.order, step, self.at))

    @rule(priority=some.sampled_from(Priority))
    def prioritize(self, priority: Priority) -> None:
        refused = self.order.status in OVER
        self.attempt(refused, lambda: self.order.set_priority(priority, AGENT, self.at, HOURS))

    def attempt(self, refused: bool, move: Any) -> None:  # noqa: FBT001 - of this test alone
        before = looks(self.order)
        try:
            move()
        except DomainError:
            assert refused
            assert looks(self.order) == before
            assert self.order.pull_events() == []
        else:
            assert not refused
            completed = [e for e in self.order.pull_events() if e.action.endswith(".completed")]
            became = before["status"] is not _S.COMPLETED and self.order.status is _S.COMPLETED
            assert len(completed) == became

    @invariant()
    def it_is_completed_exactly_when_all_that_is_needed_is_done(self) -> None:
        order = self.order
        needed = [step for step in order.steps if not step.optional] or order.steps
        if order.status is _S.COMPLETED:
            assert all(step.status in DONE for step in order.steps)
        elif order.status is not _S.CANCELLED:
            under_way = {_T.ACTIVE, _T.WAITING} & {step.status for step in order.steps}
            assert under_way or not all(step.status in DONE for step in needed)

    @invariant()
    def a_step_is_ready_exactly_when_those_before_it_are_done(self) -> None:
        by_key = {step.key: step.status for step in self.order.steps}
        for step in self.order.steps:
            free = all(by_key[key] in DONE for key in step.depends_on)
            if step.status is _T.READY or step.is_under_way:
                assert free
            if step.status is _T.BLOCKED:
                assert not free

    @invariant()
    def statuses_fit_together(self) -> None:
        order = self.order
        statuses = {step.status for step in order.steps}
        if order.status is _S.PENDING:
            assert statuses <= {_T.BLOCKED, _T.READY}
        if order.status in OVER:
            assert not any(step.is_open for step in order.steps)
        else:
            assert _T.CANCELLED not in statuses
        assert all(step.optional for step in order.steps if step.status is _T.SKIPPED)
        assert (order.status is _S.ON_HOLD) == (order.held_at is not None)
        assert (order.status is _S.COMPLETED) == (order.completed_at is not None)
        assert (order.status is _S.CANCELLED) == (order.cancelled_at is not None)
        for step in order.steps:
            assert (step.status is _T.WAITING) == (step.waiting_for is not None)
            assert (step.status is _T.COMPLETED) == (step.completed_at is not None)

    @invariant()
    def clocks_run_where_something_can_be_done(self) -> None:
        order = self.order
        steps = {step.id: step for step in order.steps}
        nothing_to_do = {_T.READY, _T.ACTIVE}.isdisjoint(step.status for step in order.steps)
        for clock in order.clocks:
            if clock.step_id is None:
                response = clock.measures is SlaKind.FIRST_RESPONSE
                goes_on = order.status is _S.PENDING or not (response or order.status in OVER)
                rests = order.status is _S.ON_HOLD or (nothing_to_do and not response)
            else:
                step = steps[clock.step_id]
                goes_on = step.status is _T.READY or (
                    step.is_under_way and clock.measures is SlaKind.RESOLUTION
                )
                rests = order.status is _S.ON_HOLD or step.status is _T.WAITING
            if clock.open:
                assert goes_on
                assert clock.paused == rests
        for step in order.steps:
            running = [c.measures for c in order.clocks if c.step_id == step.id and c.open]
            if step.status is _T.READY:
                assert sorted(running) == sorted(target.kind for target in step.targets)
            elif not step.is_under_way:
                assert running == []


TestOrders = Order.TestCase
TestOrders.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)
