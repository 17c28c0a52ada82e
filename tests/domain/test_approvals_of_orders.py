"""Purchase orders on their way through approval."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.approvals.requests import RequestStatus
from domain.approvals.steps import StepStatus
from domain.kit.errors import Forbidden, RuleBroken
from domain.purchase_orders import PurchaseOrder, PurchaseOrderStatus
from tests import make
from tests.domain import drafts
from tests.domain.drafts import APPROVER, BUYER, DIRECTOR
from tests.make import NOON

_S = PurchaseOrderStatus
LATER = NOON + timedelta(hours=1)

DECIDE: list[Callable[[PurchaseOrder], object]] = [
    lambda o: o.approve(BUYER, NOON),
    lambda o: o.reject(BUYER, NOON, "no"),
    lambda o: o.request_changes(BUYER, NOON, "cheaper"),
]


def test_without_a_workflow_an_order_is_approved_at_once() -> None:
    order = drafts.draft()

    order.submit(None, BUYER, LATER)

    assert (order.status, order.submitted_at, order.approved_at) == (_S.APPROVED, LATER, LATER)
    assert (order.rounds, order.pending_approver_ids) == (0, [])
    assert [(e.action, dict(e.changes), dict(e.details)) for e in order.pull_events()] == [
        ("purchase_order.submitted", {"status": (_S.DRAFT, _S.PENDING_APPROVAL)}, {}),
        (
            "purchase_order.approved",
            {"status": (_S.PENDING_APPROVAL, _S.APPROVED)},
            {"no_approval_required": True},
        ),
    ]


def test_when_no_step_is_needed_an_order_is_approved_at_once() -> None:
    order = drafts.draft()

    order.submit(drafts.routed([], []), BUYER, LATER)

    assert (order.status, order.rounds) == (_S.APPROVED, 1)
    [request] = order.approval_requests
    assert request.status is RequestStatus.APPROVED
    assert [step.status for step in request.steps] == [StepStatus.SKIPPED] * 2


def test_each_step_is_told_and_the_last_one_approves() -> None:
    order = drafts.pending(APPROVER, DIRECTOR)
    assert order.pending_approver_ids == [APPROVER.user_id]

    order.approve(APPROVER, NOON, "fine")
    assert (order.status, order.approved_at) == (_S.PENDING_APPROVAL, None)
    assert order.pending_approver_ids == [DIRECTOR.user_id]
    order.approve(DIRECTOR, LATER)

    assert (order.status, order.approved_at) == (_S.APPROVED, LATER)
    assert order.pending_approver_ids == []
    assert [(e.action, dict(e.changes), dict(e.details)) for e in order.pull_events()] == [
        ("purchase_order.step_approved", {}, {"step": 1, "round": 1, "comment": "fine"}),
        (
            "purchase_order.approved",
            {"status": (_S.PENDING_APPROVAL, _S.APPROVED)},
            {"step": 2, "round": 1, "comment": None},
        ),
    ]


@pytest.mark.parametrize("decide", DECIDE)
def test_nobody_decides_their_own_order(decide: Callable[[PurchaseOrder], object]) -> None:
    order = drafts.pending(APPROVER)
    before = drafts.looks(order)

    with pytest.raises(Forbidden, match="nobody approves what they created"):
        decide(order)

    assert drafts.looks(order) == before
    assert order.pull_events() == []


def test_only_approvers_of_the_current_step_decide() -> None:
    order = drafts.pending(APPROVER, DIRECTOR)
    before = drafts.looks(order)

    with pytest.raises(Forbidden, match="the current step does not wait for you"):
        order.approve(DIRECTOR, NOON)

    assert drafts.looks(order) == before


def test_a_creator_who_is_an_approver_decides() -> None:
    order = drafts.pending(BUYER)

    order.approve(BUYER, NOON)

    assert order.status is _S.APPROVED


def test_a_rejection_ends_the_order_with_its_reason() -> None:
    order = drafts.pending(APPROVER, DIRECTOR)

    order.reject(APPROVER, LATER, "too dear")

    assert (order.status, order.pending_approver_ids) == (_S.REJECTED, [])
    [request] = order.approval_requests
    assert (request.status, request.ended_at) == (RequestStatus.REJECTED, LATER)
    [event] = order.pull_events()
    assert (event.action, event.details) == (
        "purchase_order.rejected",
        {"step": 1, "round": 1, "reason": "too dear"},
    )


def test_requested_changes_return_it_and_a_second_round_begins_anew() -> None:
    order = drafts.pending(APPROVER, DIRECTOR)
    order.approve(APPROVER, NOON)

    order.request_changes(DIRECTOR, NOON, "cheaper")
    assert (order.status, order.pending_approver_ids) == (_S.DRAFT, [])
    order.submit(drafts.routed([APPROVER.user_id], round=2), BUYER, LATER)

    assert (order.rounds, order.submitted_at) == (2, LATER)
    assert [r.status for r in order.approval_requests] == [
        RequestStatus.CHANGES_REQUESTED,
        RequestStatus.PENDING,
    ]
    assert order.pending_approver_ids == [APPROVER.user_id]
    assert [e.action.partition(".")[2] for e in order.pull_events()] == [
        "step_approved",
        "changes_requested",
        "submitted",
    ]


@pytest.mark.parametrize("nothing", ["", "   "])
def test_refusing_takes_a_reason(nothing: str) -> None:
    order = drafts.pending(APPROVER)
    before = drafts.looks(order)

    with pytest.raises(RuleBroken, match="this must not be empty") as caught:
        order.reject(APPROVER, NOON, nothing)
    assert caught.value.path == ("reason",)
    with pytest.raises(RuleBroken, match="this must not be empty") as caught:
        order.request_changes(APPROVER, NOON, nothing)
    assert caught.value.path == ("comment",)

    assert drafts.looks(order) == before
    assert order.pull_events() == []


def test_comments_and_reasons_are_not_endless() -> None:
    order = drafts.pending(APPROVER)
    before = drafts.looks(order)
    endless = "x" * 2001

    attempts: list[Callable[[], object]] = [
        lambda: order.approve(APPROVER, NOON, endless),
        lambda: order.reject(APPROVER, NOON, endless),
        lambda: order.request_changes(APPROVER, NOON, endless),
        lambda: order.cancel(BUYER, NOON, endless),
    ]
    for attempt in attempts:
        with pytest.raises(RuleBroken, match="this is longer than 2000 characters"):
            attempt()

    assert drafts.looks(order) == before


def test_the_creator_recalls_it() -> None:
    order = drafts.pending(APPROVER)

    order.recall(BUYER, LATER)

    assert (order.status, order.pending_approver_ids) == (_S.DRAFT, [])
    assert order.approval_requests[0].status is RequestStatus.WITHDRAWN
    [event] = order.pull_events()
    assert event.action == "purchase_order.recalled"


def test_nobody_else_recalls_it() -> None:
    order = drafts.pending(APPROVER)

    with pytest.raises(Forbidden, match="only the creator recalls a document"):
        order.recall(APPROVER, NOON)

    assert order.status is _S.PENDING_APPROVAL
    assert order.pull_events() == []


def test_cancelling_withdraws_what_is_pending() -> None:
    order = drafts.pending(APPROVER)

    order.cancel(make.caller(BUYER.organization_id), LATER, "not needed")

    assert (order.status, order.pending_approver_ids) == (_S.CANCELLED, [])
    assert order.approval_requests[0].status is RequestStatus.WITHDRAWN
    [event] = order.pull_events()
    assert (event.action, event.details) == (
        "purchase_order.cancelled",
        {"reason": "not needed"},
    )


def test_cancelling_what_was_decided_leaves_the_decision() -> None:
    order = drafts.standing(_S.REJECTED)

    order.cancel(BUYER, NOON)

    assert order.approval_requests[0].status is RequestStatus.REJECTED


def test_routing_looks_at_the_amount_in_base_currency() -> None:
    order = drafts.draft(make.line(), currency="EUR", exchange_rate=make.line().quantity)

    assert order.routing_facts == (
        order.total * 2,
        order.department_id,
        order.project_id,
        order.supplier_id,
    )
