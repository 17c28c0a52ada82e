"""A preview is what submitting then does."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest

from domain.approvals.conditions import Condition, ConditionField, ConditionOperator
from domain.approvals.steps import AssignmentStatus, StepRule, StepStatus
from domain.approvals.workflows import Approver, ApproverKind, WorkflowStep
from domain.kit.errors import RuleBroken
from domain.purchase_orders import PurchaseOrder
from domain.users import User
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.usecases.orders import done, drafted, pending
from usecases.kit import run
from usecases.purchase_orders import SubmitPurchaseOrder
from usecases.reads.approval_previews import ApprovalPreviewRow

_F, _O = ConditionField, ConditionOperator


async def previews(
    world: World, storage: SqlStorage, ids: Sequence[UUID]
) -> dict[UUID, ApprovalPreviewRow]:
    reads = storage.reads(world.caller())
    found = await reads.approval_previews.by_order_ids(ids)
    await reads.close()
    return {**found}


def promised(preview: ApprovalPreviewRow) -> list[Any]:
    """Of each step: whether it is needed, its rule, and who is asked for whom.

    Whether somebody stands in is only settled as a step begins: of later ones, for whom.
    """
    first = next((step.position for step in preview.steps if step.needed), 0)
    return [
        (
            step.name,
            step.needed,
            step.rule,
            step.optional,
            {
                (a.user_id, a.on_behalf_of_id)
                if step.position == first
                else (a.on_behalf_of_id or a.user_id, None)
                for a in step.approvers
            },
            {a.user_id for a in step.escalation},
        )
        for step in preview.steps
    ]


def frozen(order: PurchaseOrder) -> list[Any]:
    [request] = order.approval_requests
    return [
        (
            step.name,
            bool(step.assignments),
            step.rule,
            step.optional,
            {
                (a.approver_id, a.on_behalf_of_id)
                for a in step.assignments
                if a.status is AssignmentStatus.PENDING
            },
            {c.user_id for c in step.escalation},
        )
        for step in request.steps
    ]


def random_step(chance: Random, world: World, users: Sequence[User], name: str) -> WorkflowStep:
    kinds = [
        Approver(kind=ApproverKind.USER, user_id=chance.choice(users).id),
        Approver(kind=ApproverKind.ROLE, role_id=world.role.id),
        Approver(kind=ApproverKind.DEPARTMENT_HEAD),
        Approver(kind=ApproverKind.PROJECT_OWNER),
    ]
    conditions = [
        Condition(field=_F.AMOUNT, operator=_O.AT_LEAST, values=[str(chance.choice([1, 20, 90]))]),
        Condition(field=_F.AMOUNT, operator=_O.BELOW, values=[str(chance.choice([20, 90]))]),
        Condition(
            field=_F.DEPARTMENT,
            operator=chance.choice([_O.IN, _O.NOT_IN]),
            values=[f"dep_{world.department.id.hex}"],
        ),
        Condition(
            field=_F.PROJECT,
            operator=chance.choice([_O.IN, _O.NOT_IN]),
            values=[f"prj_{world.project.id.hex}"],
        ),
    ]
    limited = chance.random() < 0.5
    optional = chance.random() < 0.5
    return WorkflowStep(
        name=name,
        approver=chance.choice(kinds),
        rule=chance.choice([*StepRule]),
        optional=optional,
        time_limit_hours=24 if limited else None,
        escalation=chance.choice(kinds) if limited and not optional else None,
        conditions=chance.sample(conditions, chance.randint(0, 2)),
    )


@pytest.mark.parametrize("seed", range(20))
async def test_a_preview_is_what_submitting_does(
    storage: SqlStorage, world: World, save: Save, seed: int
) -> None:
    """Random workflows and delegations, for orders with and without a project."""
    chance = Random(seed)  # noqa: S311 - the same each time
    users = [world.buyer, world.approver, *(make.user(role_ids=[world.role.id]) for _ in range(3))]
    await save(*users[2:])
    steps = [random_step(chance, world, users, f"Step {n}") for n in range(chance.randint(1, 4))]
    await save(make.approval_workflow(*steps))
    pairs = [chance.sample(users, 2) for _ in range(chance.randint(0, 3))]
    await save(*(make.delegation(*pair) for pair in pairs))
    for quantity in (1, 3, 12):
        project = chance.choice([world.project.id, None])
        line = make.line(quantity=Decimal(quantity))
        order = await drafted(world, storage, lines=[line], project_id=project)
        preview = (await previews(world, storage, [order.id]))[order.id]

        try:
            submitted = await done(SubmitPurchaseOrder(id=order.id), world, storage)
        except RuleBroken as refused:
            assert preview.broken
            said = [(e.template, e.params) for e in refused.problems]
            assert said == [(e.template, e.params) for e in preview.broken]
        else:
            assert preview.broken == []
            assert promised(preview) == frozen(submitted)
            assert preview.approved_at_once == (submitted.current_request is None)
            [request] = submitted.approval_requests
            skipped = [s.status is StepStatus.SKIPPED for s in request.steps]
            assert skipped == [not step.needed for step in preview.steps]


async def test_without_a_workflow_it_would_be_approved_at_once(
    storage: SqlStorage, world: World
) -> None:
    order = await drafted(world, storage)

    preview = (await previews(world, storage, [order.id]))[order.id]

    assert preview == ApprovalPreviewRow(None, [], [])
    assert preview.approved_at_once


async def test_only_drafts_have_a_preview(storage: SqlStorage, world: World) -> None:
    order = await pending(world, storage)

    assert await previews(world, storage, [order.id]) == {}


async def test_the_amount_is_in_base_currency_at_the_rate_of_the_order(
    storage: SqlStorage, world: World, save: Save
) -> None:
    """What a later rate would be does not matter: the order keeps its own."""
    large = Condition(field=_F.AMOUNT, operator=_O.AT_LEAST, values=["10000"])
    step = make.step(world.approver.id, conditions=[large])
    await save(make.approval_workflow(step))
    line = make.line(quantity=Decimal(1), unit_price=Decimal(2500), vat_rate=Decimal(0))
    euro = {"currency": "EUR", "lines": [line]}
    above = await drafted(world, storage, exchange_rate=Decimal(4), **euro)
    below = await drafted(world, storage, exchange_rate=Decimal("3.9999"), **euro)

    found = await previews(world, storage, [above.id, below.id])

    [needed], [skipped] = found[above.id].steps, found[below.id].steps
    assert (needed.needed, skipped.needed) == (True, False)
    [condition] = skipped.conditions
    assert str(getattr(condition.found, "amount", None)) == "9999.75"
    assert getattr(condition.found, "currency", None) == world.organization.base_currency


async def test_previews_of_many_orders_take_as_many_statements_as_of_one(
    storage: SqlStorage, world: World, save: Save, statements: list[str]
) -> None:
    steps = [
        make.step(world.approver.id, time_limit_hours=1, optional=True),
        WorkflowStep(name="Head", approver=Approver(kind=ApproverKind.DEPARTMENT_HEAD)),
        WorkflowStep(name="Owner", approver=Approver(kind=ApproverKind.PROJECT_OWNER)),
        WorkflowStep(name="All", approver=Approver(kind=ApproverKind.ROLE, role_id=world.role.id)),
    ]
    await save(make.approval_workflow(*steps))
    orders = [await drafted(world, storage) for _ in range(12)]
    counts = []
    for some in (orders[:1], orders):
        statements.clear()
        await previews(world, storage, [order.id for order in some])
        counts.append(len(statements))

    # Orders, workflows, the organization, departments, projects, users, roles, their holders,
    # deputies.
    assert counts == [9, 9]


async def test_a_preview_needs_no_more_than_a_draft(storage: SqlStorage, world: World) -> None:
    """An order without lines cannot be submitted yet, and its way is shown all the same."""
    order = await drafted(world, storage, lines=[])

    assert order.id in await previews(world, storage, [order.id])
    with pytest.raises(RuleBroken, match="an order needs at least one line"):
        await run(SubmitPurchaseOrder(id=order.id), world.caller(), storage)
