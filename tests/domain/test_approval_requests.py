"""Approval requests: one round along a frozen route."""

import pytest

from domain.approvals.requests import ApprovalRequest, RequestStatus
from domain.approvals.steps import AssignmentStatus, Decision, StepStatus
from domain.kit.ids import new_id
from tests.domain.drafts import routed
from tests.make import NOON

A, B, C = new_id(), new_id(), new_id()
_R, _S, _A = RequestStatus, StepStatus, AssignmentStatus


def steps(request: ApprovalRequest) -> list[StepStatus]:
    return [step.status for step in request.steps]


def assignments(request: ApprovalRequest) -> list[AssignmentStatus]:
    return [a.status for step in request.steps for a in step.assignments]


def test_the_first_needed_step_is_pending_and_later_ones_wait() -> None:
    request = routed([], [A, B], [C])

    assert steps(request) == [_S.SKIPPED, _S.PENDING, _S.WAITING]
    assert [step.position for step in request.steps] == [1, 2, 3]
    assert request.current is request.steps[1]
    assert request.pending_approver_ids == [A, B]
    assert (request.status, request.ended_at) == (_R.PENDING, None)


def test_a_route_without_a_needed_step_is_approved_as_it_begins() -> None:
    request = routed([], [])

    assert (request.status, request.ended_at, request.current) == (_R.APPROVED, NOON, None)
    assert request.pending_approver_ids == []


def test_any_one_approver_decides_a_step_and_the_others_are_superseded() -> None:
    request = routed([A, B], [C])

    step = request.decide(B, Decision.APPROVED, NOON, "fine")

    assert step is request.steps[0]
    assert assignments(request) == [_A.SUPERSEDED, _A.APPROVED, _A.PENDING]
    decided = request.steps[0].assignments[1]
    assert (decided.comment, decided.decided_at) == ("fine", NOON)
    assert steps(request) == [_S.APPROVED, _S.PENDING]
    assert request.pending_approver_ids == [C]


def test_steps_that_are_not_needed_are_passed_over() -> None:
    request = routed([A], [], [C])

    request.decide(A, Decision.APPROVED, NOON, None)

    assert steps(request) == [_S.APPROVED, _S.SKIPPED, _S.PENDING]


def test_the_last_approval_ends_the_round() -> None:
    request = routed([A], [])

    request.decide(A, Decision.APPROVED, NOON, None)

    assert (request.status, request.ended_at, request.current) == (_R.APPROVED, NOON, None)


@pytest.mark.parametrize("decision", [Decision.REJECTED, Decision.CHANGES_REQUESTED])
def test_one_refusal_ends_the_round_and_asks_nobody_else(decision: Decision) -> None:
    request = routed([A, B], [C])

    request.decide(A, decision, NOON, "no")

    assert (request.status, request.ended_at) == (_R(decision), NOON)
    assert steps(request) == [_S(decision), _S.SKIPPED]
    assert assignments(request) == [_A(decision), _A.SUPERSEDED, _A.SUPERSEDED]


def test_withdrawing_supersedes_whoever_was_still_asked() -> None:
    request = routed([A], [B, C])
    request.decide(A, Decision.APPROVED, NOON, None)

    request.withdraw(NOON)

    assert (request.status, request.ended_at) == (_R.WITHDRAWN, NOON)
    assert steps(request) == [_S.APPROVED, _S.SKIPPED]
    assert assignments(request) == [_A.APPROVED, _A.SUPERSEDED, _A.SUPERSEDED]


def test_deciding_what_is_over_is_a_bug() -> None:
    request = routed([A])
    request.decide(A, Decision.APPROVED, NOON, None)

    with pytest.raises(ValueError, match="no step is waiting for a decision"):
        request.decide(A, Decision.REJECTED, NOON, None)

    assert request.status is _R.APPROVED
