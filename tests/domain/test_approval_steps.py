"""Steps of a route: by what rule they are decided, and what is handed on to whom."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.approvals.steps import (
    ApprovalStep,
    AssignmentStatus,
    Candidate,
    Decision,
    Delegated,
    RouteStep,
    StepRule,
    StepStatus,
)
from domain.kit.ids import new_id
from tests.make import NOON

A, B, C, D, E = (new_id() for _ in range(5))
LATER = NOON + timedelta(hours=30)
_S, _A, _D = StepStatus, AssignmentStatus, Decision


def begun(
    *approvers: UUID,
    rule: StepRule = StepRule.ANY,
    deputies: dict[UUID, Sequence[UUID]] | None = None,
    escalation: Sequence[UUID] = (),
    hours: int | None = None,
) -> ApprovalStep:
    planned = RouteStep(
        name="Decision",
        candidates=[Candidate(id, "Approver") for id in approvers],
        rule=rule,
        time_limit_hours=hours,
        escalation=[Candidate(id, "Chief") for id in escalation],
    )
    step = ApprovalStep.of(1, planned)
    step.begin(NOON, deputies or {})
    return step


def statuses(step: ApprovalStep) -> list[tuple[UUID, AssignmentStatus]]:
    return [(a.approver_id, a.status) for a in step.assignments]


def asked(step: ApprovalStep) -> list[UUID]:
    return [a.approver_id for a in step.open]


def test_everybody_agrees_or_one_rejects() -> None:
    agreed, refused = begun(A, B, rule=StepRule.ALL), begun(A, B, C, rule=StepRule.ALL)

    agreed.decide(A, _D.APPROVED, NOON, None)
    assert (agreed.status, asked(agreed)) == (_S.PENDING, [B])
    agreed.decide(B, _D.APPROVED, NOON, None)
    refused.decide(A, _D.APPROVED, NOON, None)
    refused.decide(B, _D.REJECTED, NOON, "no")

    assert agreed.status is _S.APPROVED
    assert refused.status is _S.REJECTED
    assert statuses(refused) == [(A, _A.APPROVED), (B, _A.REJECTED), (C, _A.SUPERSEDED)]


@given(st.lists(st.booleans(), min_size=1, max_size=9), st.integers(1, 9))
def test_a_majority_is_more_than_half_and_a_rejection_waits_until_there_is_none(
    votes: list[bool], size: int
) -> None:
    approvers = [new_id() for _ in range(size)]
    step = begun(*approvers, rule=StepRule.MAJORITY)
    ayes = noes = 0

    for approver, aye in zip(approvers, votes, strict=False):
        step.decide(approver, _D.APPROVED if aye else _D.REJECTED, NOON, None)
        ayes, noes = ayes + aye, noes + (not aye)
        if ayes * 2 > size:
            assert step.status is _S.APPROVED
            return
        if (size - noes) * 2 <= size:
            assert step.status is _S.REJECTED
            return
        assert step.status is _S.PENDING


@given(
    st.sampled_from(StepRule),
    st.lists(st.booleans(), min_size=1, max_size=7),
)
def test_a_step_is_always_decided_when_everybody_has_spoken(
    rule: StepRule, votes: list[bool]
) -> None:
    approvers = [new_id() for _ in votes]
    step = begun(*approvers, rule=rule)

    for approver, aye in zip(approvers, votes, strict=True):
        if step.status is _S.PENDING:
            step.decide(approver, _D.APPROVED if aye else _D.REJECTED, NOON, None)

    assert step.status in {_S.APPROVED, _S.REJECTED}
    assert asked(step) == []


@pytest.mark.parametrize("rule", StepRule)
def test_any_one_may_ask_for_changes(rule: StepRule) -> None:
    step = begun(A, B, C, rule=rule)

    step.decide(B, _D.CHANGES_REQUESTED, NOON, "cheaper")

    assert step.status is _S.CHANGES_REQUESTED
    assert asked(step) == []


def test_nobody_decides_twice() -> None:
    step = begun(A, B, rule=StepRule.ALL)
    step.decide(A, _D.APPROVED, NOON, None)

    with pytest.raises(ValueError, match="not enough values"):
        step.decide(A, _D.APPROVED, NOON, None)


def test_the_clock_runs_from_when_it_is_the_steps_turn() -> None:
    step = begun(A, hours=24, escalation=[B])

    assert (step.started_at, step.due_at) == (NOON, NOON + timedelta(hours=24))
    assert [a.asked_at for a in step.assignments] == [NOON]


def test_a_deputy_takes_the_place_of_whoever_delegates() -> None:
    step = begun(A, B, rule=StepRule.ALL)

    assert step.delegate(A, C, LATER, "away") == Delegated(A, C)

    assert statuses(step) == [(A, _A.DELEGATED), (B, _A.PENDING), (C, _A.PENDING)]
    given_away, _, taken = step.assignments
    assert (given_away.passed_to, given_away.comment, given_away.decided_at) == ([C], "away", LATER)
    assert (taken.on_behalf_of_id, taken.role, taken.asked_at) == (A, "Approver", LATER)
    step.decide(B, _D.APPROVED, LATER, None)
    assert asked(step) == [C]
    step.decide(C, _D.APPROVED, LATER, None)
    assert step.status is _S.APPROVED


def test_what_is_delegated_on_stays_in_the_place_of_the_first() -> None:
    step = begun(A)

    step.delegate(A, B, NOON)
    step.delegate(B, C, NOON)

    assert [a.on_behalf_of_id for a in step.assignments] == [None, A, A]
    assert asked(step) == [C]


def test_standing_deputies_are_asked_as_the_step_begins() -> None:
    step = begun(A, B, deputies={A: [C], D: [E]})

    assert statuses(step) == [(A, _A.DELEGATED), (B, _A.PENDING), (C, _A.PENDING)]


def test_deputies_of_each_other_are_not_asked_in_circles() -> None:
    apart, together = begun(A, deputies={A: [B], B: [A]}), begun(A, B, deputies={A: [B], B: [A]})

    assert asked(apart) == [B]
    assert apart.delegate_standing({A: [B], B: [A]}, LATER) == []
    assert statuses(together) == [(A, _A.PENDING), (B, _A.PENDING)]


def test_the_first_deputy_that_is_not_in_the_step_is_asked() -> None:
    step = begun(A, B, deputies={A: [B, C, D]})

    assert asked(step) == [B, C]


def test_a_deputys_own_deputy_is_not_asked() -> None:
    assert asked(begun(A, deputies={A: [B], B: [C]})) == [B]


@pytest.mark.parametrize("rule", StepRule)
def test_any_one_of_those_it_escalates_to_decides(rule: StepRule) -> None:
    step = begun(A, B, C, rule=rule, hours=1, escalation=[D, E])
    if rule is not StepRule.ANY:
        step.decide(A, _D.APPROVED, NOON, None)

    assert step.escalate(LATER) == [D, E]

    first = _A.ESCALATED if rule is StepRule.ANY else _A.APPROVED
    assert statuses(step)[:3] == [(A, first), (B, _A.ESCALATED), (C, _A.ESCALATED)]
    assert step.assignments[1].passed_to == [D, E]
    assert (asked(step), step.due_at, step.escalated_at) == ([D, E], None, LATER)
    step.decide(E, _D.APPROVED, LATER, None)
    assert step.status is _S.APPROVED


def test_whoever_is_asked_already_stays_so_when_it_escalates() -> None:
    step = begun(A, B, rule=StepRule.ALL, hours=1, escalation=[B])

    assert step.escalate(LATER) == [B]

    assert statuses(step) == [(A, _A.ESCALATED), (B, _A.PENDING)]
    step.decide(B, _D.APPROVED, LATER, None)
    assert step.status is _S.APPROVED


@pytest.mark.parametrize("gone", [[], [D]])
def test_without_anybody_to_escalate_to_it_stays_as_it_is(gone: list[UUID]) -> None:
    step = begun(A, B, rule=StepRule.ALL, hours=1, escalation=[D] if gone else [A])
    step.decide(A, _D.APPROVED, NOON, None)

    assert step.escalate(LATER, gone) == []

    assert statuses(step) == [(A, _A.APPROVED), (B, _A.PENDING)]
    assert (step.due_at, step.escalated_at) == (None, None)
