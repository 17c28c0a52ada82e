"""What time and deputies do to an order that waits for approval, and what is told of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.approvals.requests import ApprovalRequest
from domain.approvals.steps import Candidate, Deputies, RouteStep, StepRule, StepStatus
from domain.kit.errors import Forbidden, RuleBroken
from domain.kit.ids import new_id
from domain.purchase_orders import PurchaseOrder, PurchaseOrderStatus
from tests import make
from tests.domain import drafts
from tests.domain.drafts import APPROVER, BUYER, DIRECTOR
from tests.make import NOON

_S = PurchaseOrderStatus
DEPUTY = make.caller(BUYER.organization_id)
SOON, LATE = NOON + timedelta(minutes=59), NOON + timedelta(hours=1)


def step(*approvers: UUID, **values: Any) -> RouteStep:
    return RouteStep("Step", [Candidate(id, "Approver") for id in approvers], **values)


def sent(*steps: RouteStep, deputies: Deputies | None = None) -> PurchaseOrder:
    order = drafts.draft()
    request = ApprovalRequest.routed(
        steps,
        round=1,
        workflow_id=new_id(),
        workflow_name="Usual",
        at=NOON,
        deputies=deputies or {},
    )
    order.submit(request, BUYER, NOON)
    return order


def told(order: PurchaseOrder) -> list[tuple[str, dict[str, Any]]]:
    return [(e.action.partition(".")[2], dict(e.details)) for e in order.pull_events()]


def test_a_vote_that_decides_nothing_is_told_as_one() -> None:
    order = sent(
        step(APPROVER.user_id, DIRECTOR.user_id, DEPUTY.user_id, rule=StepRule.MAJORITY),
    )
    order.pull_events()

    order.reject(APPROVER, NOON, "too dear")
    assert (order.status, order.pending_approver_ids) == (
        _S.PENDING_APPROVAL,
        [DIRECTOR.user_id, DEPUTY.user_id],
    )
    order.approve(DIRECTOR, NOON)
    order.approve(DEPUTY, NOON)

    assert order.status is _S.APPROVED
    assert [name for name, _ in told(order)] == ["rejection_given", "approval_given", "approved"]


def test_whoever_has_voted_waits_for_the_others() -> None:
    order = sent(step(APPROVER.user_id, DIRECTOR.user_id, rule=StepRule.ALL))
    order.approve(APPROVER, NOON)
    order.pull_events()

    with pytest.raises(Forbidden, match="the current step does not wait for you"):
        order.approve(APPROVER, NOON)

    assert order.pull_events() == []


def test_an_approver_delegates_by_hand() -> None:
    order = sent(step(APPROVER.user_id))
    order.pull_events()

    order.delegate(DEPUTY.user_id, APPROVER, SOON, "on leave")

    assert order.pending_approver_ids == [DEPUTY.user_id]
    assert told(order) == [
        (
            "step_delegated",
            {
                "step": 1,
                "round": 1,
                "from_user_id": str(APPROVER.user_id),
                "to_user_id": str(DEPUTY.user_id),
                "comment": "on leave",
            },
        )
    ]


@pytest.mark.parametrize(
    ("to", "message"),
    [
        (BUYER.user_id, "nobody approves what they created"),
        (APPROVER.user_id, "this user is in the step already"),
        (DIRECTOR.user_id, "this user is in the step already"),
    ],
)
def test_some_cannot_be_delegated_to(to: UUID, message: str) -> None:
    order = sent(step(APPROVER.user_id, DIRECTOR.user_id))
    before = drafts.looks(order)
    order.pull_events()

    with pytest.raises(RuleBroken, match=message) as caught:
        order.delegate(to, APPROVER, SOON)

    assert caught.value.path == ("to_user_id",)
    assert drafts.looks(order) == before
    assert order.pull_events() == []


def test_a_creator_is_delegated_to_where_own_approval_is_allowed() -> None:
    order = sent(step(APPROVER.user_id))

    order.delegate(BUYER.user_id, APPROVER, SOON, own_approval=True)
    order.approve(BUYER, SOON)

    assert order.status is _S.APPROVED


def test_deputies_are_told_of_once_as_their_step_begins() -> None:
    order = sent(
        step(APPROVER.user_id),
        step(DIRECTOR.user_id),
        deputies={APPROVER.user_id: [DEPUTY.user_id]},
    )
    assert [name for name, _ in told(order)] == ["submitted", "step_delegated"]

    order.approve(DEPUTY, NOON, deputies={DIRECTOR.user_id: [APPROVER.user_id]})

    assert [name for name, _ in told(order)] == ["step_approved", "step_delegated"]
    assert order.pending_approver_ids == [APPROVER.user_id]


def test_nothing_happens_before_the_time_is_up() -> None:
    order = sent(step(APPROVER.user_id, time_limit_hours=1, optional=True))
    order.pull_events()

    order.move_on(SOON)

    assert order.pending_approver_ids == [APPROVER.user_id]
    assert order.pull_events() == []


def test_a_step_escalates_once() -> None:
    escalation = [Candidate(DIRECTOR.user_id, "Director")]
    order = sent(step(APPROVER.user_id, time_limit_hours=1, escalation=escalation))
    order.pull_events()

    order.move_on(LATE, {DIRECTOR.user_id: [DEPUTY.user_id]})
    order.move_on(LATE + timedelta(days=9), {DIRECTOR.user_id: [DEPUTY.user_id]})

    assert order.pending_approver_ids == [DEPUTY.user_id]
    assert told(order) == [
        ("step_escalated", {"step": 1, "round": 1, "to_user_ids": [str(DIRECTOR.user_id)]}),
        (
            "step_delegated",
            {
                "step": 1,
                "round": 1,
                "from_user_id": str(DIRECTOR.user_id),
                "to_user_id": str(DEPUTY.user_id),
                "standing": True,
            },
        ),
    ]


def test_a_step_that_nobody_is_left_for_is_told_to_be_overdue_once() -> None:
    escalation = [Candidate(DIRECTOR.user_id, "Director")]
    order = sent(step(APPROVER.user_id, time_limit_hours=1, escalation=escalation))
    order.pull_events()

    order.move_on(LATE, gone={DIRECTOR.user_id})
    order.move_on(LATE, gone={DIRECTOR.user_id})

    assert order.pending_approver_ids == [APPROVER.user_id]
    assert [name for name, _ in told(order)] == ["step_overdue"]


def test_an_optional_step_is_skipped_and_the_next_one_begins() -> None:
    order = sent(
        step(APPROVER.user_id, time_limit_hours=1, optional=True),
        step(DIRECTOR.user_id, time_limit_hours=2, optional=True),
    )
    order.pull_events()

    order.move_on(LATE)

    [request] = order.approval_requests
    assert [s.status for s in request.steps] == [StepStatus.SKIPPED, StepStatus.PENDING]
    assert request.steps[1].due_at == LATE + timedelta(hours=2)
    assert order.pending_approver_ids == [DIRECTOR.user_id]
    assert told(order) == [("step_skipped", {"step": 1, "round": 1})]


def test_skipping_the_last_step_approves() -> None:
    order = sent(step(APPROVER.user_id, time_limit_hours=1, optional=True))
    order.pull_events()

    order.move_on(LATE)

    assert (order.status, order.approved_at, order.pending_approver_ids) == (_S.APPROVED, LATE, [])
    assert [name for name, _ in told(order)] == ["step_skipped", "approved"]


def test_a_deputy_stands_in_from_when_the_delegation_begins() -> None:
    order = sent(step(APPROVER.user_id, DIRECTOR.user_id, rule=StepRule.ALL))
    order.approve(DIRECTOR, NOON)
    order.pull_events()

    order.move_on(SOON, {APPROVER.user_id: [DEPUTY.user_id], DIRECTOR.user_id: [new_id()]})

    assert order.pending_approver_ids == [DEPUTY.user_id]
    assert [name for name, _ in told(order)] == ["step_delegated"]


def test_what_is_decided_does_not_move_on() -> None:
    order = drafts.standing(_S.APPROVED)

    order.move_on(LATE)

    assert order.pull_events() == []
