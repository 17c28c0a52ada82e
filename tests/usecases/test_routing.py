"""Routing: which workflow an order takes, and who is asked at each step."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.approvals.conditions import Condition, ConditionField, ConditionOperator
from domain.approvals.steps import StepStatus
from domain.approvals.workflows import ApprovalWorkflow, Approver, ApproverKind, WorkflowStep
from domain.kit.errors import RuleBroken
from domain.purchase_orders import PurchaseOrder, PurchaseOrderLineChange, PurchaseOrderStatus
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import unchanged
from tests.usecases.orders import done, drafted
from usecases.kit import run
from usecases.purchase_orders import (
    ApprovePurchaseOrder,
    RecallPurchaseOrder,
    SubmitPurchaseOrder,
    UpdatePurchaseOrder,
)
from usecases.records import UpdateRecord

_F, _O = ConditionField, ConditionOperator
HEAD = Approver(kind=ApproverKind.DEPARTMENT_HEAD)
PROJECT_OWNER = Approver(kind=ApproverKind.PROJECT_OWNER)


def at_least(amount: str) -> Condition:
    return Condition(field=_F.AMOUNT, operator=_O.AT_LEAST, values=[amount])


def below(amount: str) -> Condition:
    return Condition(field=_F.AMOUNT, operator=_O.BELOW, values=[amount])


def among(field: ConditionField, id: str) -> Condition:
    return Condition(field=field, operator=_O.IN, values=[id])


def step(approver: Approver, *conditions: Condition, name: str = "Step") -> WorkflowStep:
    return WorkflowStep(name=name, approver=approver, conditions=list(conditions))


async def submitted(world: World, storage: SqlStorage, **values: Any) -> PurchaseOrder:
    order = await drafted(world, storage, **values)
    return await done(SubmitPurchaseOrder(id=order.id), world, storage)


def route(order: PurchaseOrder) -> str | None:
    return order.approval_requests[-1].workflow_name if order.approval_requests else None


def costing(amount: str) -> dict[str, Any]:
    return {
        "lines": [make.line(quantity=Decimal(1), unit_price=Decimal(amount), vat_rate=Decimal(0))]
    }


async def test_orders_are_routed_by_their_amount(
    storage: SqlStorage, world: World, save: Save
) -> None:
    decide = make.step(world.approver.id)
    await save(
        make.approval_workflow(decide, name="large", conditions=[at_least("10000")]),
        make.approval_workflow(decide, name="small", conditions=[below("10000"), at_least("10")]),
    )

    routes = [
        route(await submitted(world, storage, **costing(amount)))
        for amount in ("9.99", "10", "9999.99", "10000")
    ]

    assert routes == [None, "small", "small", "large"]


async def test_the_amount_is_compared_in_base_currency(
    storage: SqlStorage, world: World, save: Save
) -> None:
    await save(
        make.approval_workflow(
            make.step(world.approver.id), name="large", conditions=[at_least("10000")]
        )
    )
    euro = {"currency": "EUR", "exchange_rate": Decimal(4)} | costing("2500")
    dinar = {"currency": "KWD", "exchange_rate": Decimal("3.9999")} | costing("2500")

    assert route(await submitted(world, storage, **euro)) == "large"
    assert route(await submitted(world, storage, **dinar)) is None


Owned = Callable[[World], Condition]


@pytest.mark.parametrize(
    "condition",
    [
        lambda w: among(_F.DEPARTMENT, f"dep_{w.department.id.hex}"),
        lambda w: among(_F.PROJECT, f"prj_{w.project.id.hex}"),
        lambda w: among(_F.SUPPLIER, f"sup_{w.supplier.id.hex}"),
    ],
)
async def test_orders_are_routed_by_who_what_for_and_from_whom(
    storage: SqlStorage, world: World, save: Save, condition: Owned
) -> None:
    department, project, supplier = make.department(), make.project(), make.supplier()
    await save(department, project, supplier)
    await save(
        make.approval_workflow(
            make.step(world.approver.id), name="ours", conditions=[condition(world)]
        )
    )
    elsewhere = {
        "department_id": department.id,
        "project_id": project.id,
        "supplier_id": supplier.id,
    }

    assert route(await submitted(world, storage)) == "ours"
    assert route(await submitted(world, storage, **elsewhere)) is None


async def test_an_order_without_a_project_is_outside_of_every_project(
    storage: SqlStorage, world: World, save: Save
) -> None:
    inside = among(_F.PROJECT, f"prj_{world.project.id.hex}")
    outside = Condition(field=_F.PROJECT, operator=_O.NOT_IN, values=inside.values)
    decide = make.step(world.approver.id)
    await save(
        make.approval_workflow(decide, name="inside", conditions=[inside]),
        make.approval_workflow(decide, name="outside", conditions=[outside]),
    )

    assert route(await submitted(world, storage)) == "inside"
    assert route(await submitted(world, storage, project_id=None)) == "outside"


async def test_the_lowest_priority_number_of_the_active_workflows_routes(
    storage: SqlStorage, world: World, save: Save
) -> None:
    decide = make.step(world.approver.id)
    await save(
        make.approval_workflow(decide, name="usual", priority=100),
        make.approval_workflow(decide, name="special", priority=10),
        make.approval_workflow(decide, name="retired", priority=1, active=False),
    )

    assert route(await submitted(world, storage)) == "special"


async def test_a_step_whose_condition_does_not_hold_is_skipped(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    director = make.user("Dan Director")
    await save(director)
    cfo = Approver(kind=ApproverKind.USER, user_id=director.id)
    await save(make.approval_workflow(step(HEAD), step(cfo, at_least("50000"), name="CFO")))

    small = await submitted(world, storage)
    large = await submitted(world, storage, **costing("50000"))

    assert [s.status for s in small.approval_requests[0].steps] == [
        StepStatus.PENDING,
        StepStatus.SKIPPED,
    ]
    assert [s.status for s in large.approval_requests[0].steps] == [
        StepStatus.PENDING,
        StepStatus.WAITING,
    ]
    await done(ApprovePurchaseOrder(id=small.id), world, storage, by=world.approver)
    await done(ApprovePurchaseOrder(id=large.id), world, storage, by=world.approver)
    query = "SELECT status FROM purchase_orders WHERE id = $1"
    assert await owner.fetchval(query, small.id) == "APPROVED"
    assert await owner.fetchval(query, large.id) == "PENDING_APPROVAL"


async def test_when_every_step_is_skipped_the_order_is_approved(
    storage: SqlStorage, world: World, save: Save
) -> None:
    await save(make.approval_workflow(step(HEAD, at_least("50000"))))

    order = await submitted(world, storage)

    assert order.status is PurchaseOrderStatus.APPROVED
    assert [s.status for s in order.approval_requests[0].steps] == [StepStatus.SKIPPED]


async def test_a_role_asks_its_active_users_except_the_creator(
    storage: SqlStorage, world: World, save: Save
) -> None:
    role = make.role(name="Finance")
    await save(role)
    zoe, ann = (make.user(name, role_ids=[role.id]) for name in ("Zoe", "Ann"))
    retired = make.user("Bob", role_ids=[role.id], active=False)
    await save(zoe, ann, retired)
    buyer = UpdateRecord(kind=type(zoe), id=world.buyer.id, given={"role_ids": [role.id]})
    await run(buyer, world.caller(), storage)
    asked = Approver(kind=ApproverKind.ROLE, role_id=role.id)
    await save(make.approval_workflow(step(asked)))

    order = await submitted(world, storage)

    [decision] = order.approval_requests[0].steps
    assert [(a.approver_id, a.role) for a in decision.assignments] == [
        (ann.id, "Finance"),
        (zoe.id, "Finance"),
    ]


@pytest.mark.parametrize(
    ("approver", "title"), [(HEAD, "Department Head"), (PROJECT_OWNER, "Project Owner")]
)
async def test_heads_and_owners_are_asked(
    storage: SqlStorage, world: World, save: Save, approver: Approver, title: str
) -> None:
    await save(make.approval_workflow(step(approver)))

    order = await submitted(world, storage)

    [decision] = order.approval_requests[0].steps
    assert [(a.approver_id, a.role) for a in decision.assignments] == [(world.approver.id, title)]


def by_buyer(world: World) -> Approver:
    return Approver(kind=ApproverKind.USER, user_id=world.buyer.id)


async def test_a_creator_alone_in_a_step_cannot_submit(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    await save(make.approval_workflow(step(by_buyer(world), name="Budget")))
    order = await drafted(world, storage)

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="nobody can decide the approval step Budget"):
            await done(SubmitPurchaseOrder(id=order.id), world, storage)


async def test_where_own_approval_is_allowed_the_creator_decides(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    id = world.organization.id
    await owner.execute("UPDATE organizations SET own_approval = true WHERE id = $1", id)
    await save(make.approval_workflow(step(by_buyer(world))))

    order = await submitted(world, storage)
    approved = await done(ApprovePurchaseOrder(id=order.id), world, storage)

    assert approved.status is PurchaseOrderStatus.APPROVED


@pytest.mark.parametrize(
    ("approver", "emptied"),
    [
        (HEAD, "UPDATE departments SET head_id = NULL WHERE organization_id = $1"),
        (PROJECT_OWNER, "UPDATE projects SET owner_id = NULL WHERE organization_id = $1"),
        (HEAD, "UPDATE users SET active = false WHERE organization_id = $1"),
        (PROJECT_OWNER, "UPDATE purchase_orders SET project_id = NULL WHERE organization_id = $1"),
    ],
)
async def test_a_step_that_nobody_can_decide_refuses_the_order(
    storage: SqlStorage,
    world: World,
    save: Save,
    owner: asyncpg.Connection,
    approver: Approver,
    emptied: str,
) -> None:
    await save(make.approval_workflow(make.step(world.approver.id), step(approver, name="Head")))
    order = await drafted(world, storage)
    await owner.execute(emptied, world.organization.id)

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="nobody can decide the approval step"):
            await done(SubmitPurchaseOrder(id=order.id), world, storage)


async def test_a_step_that_is_not_needed_may_have_nobody(
    storage: SqlStorage, world: World, save: Save
) -> None:
    nobody = step(by_buyer(world), at_least("50000"))
    await save(make.approval_workflow(make.step(world.approver.id), nobody))

    assert (await submitted(world, storage)).status is PurchaseOrderStatus.PENDING_APPROVAL


async def test_a_route_is_frozen_when_it_begins_and_a_new_round_takes_a_new_one(
    storage: SqlStorage, world: World, save: Save
) -> None:
    workflow = make.approval_workflow(make.step(world.approver.id), name="before")
    await save(workflow)
    order = await submitted(world, storage)

    director = make.user("Dan Director")
    await save(director)
    given = {"name": "after", "steps": [make.step(director.id)]}
    update = UpdateRecord(kind=ApprovalWorkflow, id=workflow.id, given=given)
    await run(update, world.caller(), storage)
    recalled = await done(RecallPurchaseOrder(id=order.id), world, storage)
    assert [r.workflow_name for r in recalled.approval_requests] == ["before"]
    again = await done(SubmitPurchaseOrder(id=order.id), world, storage)

    assert [r.workflow_name for r in again.approval_requests] == ["before", "after"]
    assert again.pending_approver_ids == [director.id]


async def test_another_organizations_workflow_routes_nothing(
    storage: SqlStorage, world: World, other_world: World, save: Save
) -> None:
    await save(make.approval_workflow(make.step(world.approver.id)))

    assert (await submitted(other_world, storage)).status is PurchaseOrderStatus.APPROVED


async def test_a_draft_is_routed_as_it_is_when_submitted(
    storage: SqlStorage, world: World, save: Save
) -> None:
    large = [at_least("50000")]
    await save(make.approval_workflow(make.step(world.approver.id), conditions=large))
    order = await drafted(world, storage, **costing("60000"))
    cheaper = PurchaseOrderLineChange(id=order.lines[0].id, unit_price=Decimal(1))
    await done(UpdatePurchaseOrder(id=order.id, lines=[cheaper]), world, storage)

    submitted = await done(SubmitPurchaseOrder(id=order.id), world, storage)

    assert (submitted.status, submitted.rounds) == (PurchaseOrderStatus.APPROVED, 0)
