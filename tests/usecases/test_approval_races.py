"""Approvers at once: every vote counts, and a document is approved once."""

from asyncio import gather

import asyncpg
import pytest

from domain.approvals.steps import StepRule
from domain.approvals.workflows import Approver, ApproverKind, WorkflowStep
from domain.kit.errors import DomainError
from domain.purchase_orders import PurchaseOrderStatus
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.usecases.orders import done, drafted
from usecases.kit import run
from usecases.purchase_orders import (
    ApprovePurchaseOrder,
    DelegatePurchaseOrder,
    RejectPurchaseOrder,
    SubmitPurchaseOrder,
)

ROUNDS = 30
APPROVED = (
    "SELECT count(*) FROM audit_events WHERE subject_id = $1 AND action = 'purchase_order.approved'"
)


async def test_two_last_approvals_at_once_approve_an_order_once(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    both = [make.user(role_ids=[world.role.id]) for _ in range(2)]
    role = make.role()
    for user in both:
        user.role_ids.append(role.id)
    await save(role, *both)
    step = WorkflowStep(
        name="Both",
        approver=Approver(kind=ApproverKind.ROLE, role_id=role.id),
        rule=StepRule.ALL,
    )
    await save(make.approval_workflow(step))

    for _ in range(ROUNDS):
        order = await drafted(world, storage)
        await done(SubmitPurchaseOrder(id=order.id), world, storage)

        ended = await gather(
            *(done(ApprovePurchaseOrder(id=order.id), world, storage, user) for user in both)
        )

        assert sorted(each.status for each in ended) == [
            PurchaseOrderStatus.APPROVED,
            PurchaseOrderStatus.PENDING_APPROVAL,
        ]
        assert await owner.fetchval(APPROVED, order.id) == 1


@pytest.mark.parametrize("rule", StepRule)
async def test_approving_rejecting_and_delegating_at_once_leave_one_outcome(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection, rule: StepRule
) -> None:
    role = make.role()
    voters = [make.user(role_ids=[role.id]) for _ in range(3)]
    await save(role, *voters)
    approver = Approver(kind=ApproverKind.ROLE, role_id=role.id)
    await save(make.approval_workflow(WorkflowStep(name="Vote", approver=approver, rule=rule)))

    for _ in range(5):
        order = await drafted(world, storage)
        await done(SubmitPurchaseOrder(id=order.id), world, storage)
        one, two, three = (world.caller(user) for user in voters)
        outcomes = await gather(
            run(ApprovePurchaseOrder(id=order.id), one, storage),
            run(RejectPurchaseOrder(id=order.id, reason="no"), two, storage),
            run(DelegatePurchaseOrder(id=order.id, to_user_id=world.approver.id), three, storage),
            return_exceptions=True,
        )

        strange = [each for each in outcomes if isinstance(each, BaseException)]
        assert all(isinstance(each, DomainError) for each in strange)
        row = await owner.fetchrow(
            "SELECT o.status, r.status AS round FROM purchase_orders o"
            " JOIN approval_requests r ON r.purchase_order_id = o.id WHERE o.id = $1",
            order.id,
        )
        assert row is not None
        assert (row["status"], row["round"]) in {
            ("APPROVED", "APPROVED"),
            ("REJECTED", "REJECTED"),
            ("PENDING_APPROVAL", "PENDING"),
        }
        if rule is not StepRule.MAJORITY:
            assert row["status"] != "PENDING_APPROVAL"
