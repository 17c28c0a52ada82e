"""Delegations and previews in the graph."""

from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.approvals.conditions import Condition, ConditionField, ConditionOperator
from domain.callers import Permission
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, public
from tests.usecases.orders import drafted, pending

_F, _O = ConditionField, ConditionOperator
WEEK = {"startsAt": "2026-01-01T00:00:00Z", "endsAt": "2126-01-08T00:00:00Z"}
SHOWN = """{ id fromUser { id } toUser { id } startsAt endsAt documentTypes reason active }"""


def week(world: World, **values: Any) -> dict[str, Any]:
    people = {"fromUserId": public(world.buyer), "toUserId": public(world.approver)}
    return people | WEEK | values


async def test_a_delegation_is_created_found_and_taken_back(
    ask: Ask, do: Ask, world: World
) -> None:
    given = week(world, documentTypes=["PURCHASE_INVOICE"], reason="On leave")

    created = await do("delegationCreate", given, SHOWN)
    delegation = created["delegation"]
    await do("delegationUpdate", {"id": delegation["id"], "active": False})
    data = await ask(
        f"""query ($from: ID!, $to: ID!) {{
          mine: delegations(filter: {{fromUserId: $from}}) {{ totalCount nodes {SHOWN} }}
          theirs: delegations(filter: {{fromUserId: $to}}) {{ totalCount nodes {{ id }} }} }}""",
        **{"from": public(world.buyer), "to": public(world.approver)},
    )

    assert created["errors"] == []
    assert delegation == WEEK | {
        "id": delegation["id"],
        "fromUser": {"id": public(world.buyer)},
        "toUser": {"id": public(world.approver)},
        "documentTypes": ["PURCHASE_INVOICE"],
        "reason": "On leave",
        "active": True,
    }
    assert data == {
        "mine": {"totalCount": 1, "nodes": [delegation | {"active": False}]},
        "theirs": {"totalCount": 0, "nodes": []},
    }


async def test_delegating_for_others_takes_the_management_of_users(
    do: Ask, world: World, owner: asyncpg.Connection
) -> None:
    by = world.caller(permissions=frozenset(Permission) - {Permission.USERS_WRITE})
    given = week(world, fromUserId=public(world.approver), toUserId=public(world.buyer))

    async with unchanged(owner, world):
        payload = await do("delegationCreate", given, as_=by)

    assert payload["errors"] == [
        {
            "code": "FORBIDDEN",
            "message": "only those who may manage users delegate for others",
            "path": None,
        }
    ]


@pytest.mark.parametrize("name", ["fromUserId", "toUserId"])
async def test_delegations_are_among_users_of_the_organization(
    do: Ask, world: World, other_world: World, owner: asyncpg.Connection, name: str
) -> None:
    async with unchanged(owner, world):
        payload = await do("delegationCreate", week(world, **{name: public(other_world.buyer)}))

    assert [(e["code"], e["path"]) for e in payload["errors"]] == [("VALIDATION", [name])]


async def test_an_order_shows_who_was_asked_in_whose_place(
    do: Ask, world: World, storage: SqlStorage, save: Save
) -> None:
    deputy = make.user("Dee Deputy", role_ids=[world.role.id])
    await save(deputy)
    order = await pending(world, storage)
    by = world.caller(world.approver)

    delegated = await do(
        "purchaseOrderDelegate",
        {"id": public(order), "toUserId": public(deputy), "comment": "On leave."},
        """{ approvals { status approver { name } onBehalfOf { name } passedTo { name } comment }
             auditTrail { action details } }""",
        as_=by,
    )

    shown = delegated["purchaseOrder"]
    assert delegated["errors"] == []
    assert sorted(shown["approvals"], key=lambda a: str(a["approver"]["name"])) == [
        {
            "status": "DELEGATED",
            "approver": {"name": "Abe Approver"},
            "onBehalfOf": None,
            "passedTo": [{"name": "Dee Deputy"}],
            "comment": "On leave.",
        },
        {
            "status": "PENDING",
            "approver": {"name": "Dee Deputy"},
            "onBehalfOf": {"name": "Abe Approver"},
            "passedTo": [],
            "comment": None,
        },
    ]
    assert shown["auditTrail"][-1] == {
        "action": "purchase_order.step_delegated",
        "details": {
            "step": 1,
            "round": 1,
            "fromUserId": public(world.approver),
            "toUserId": public(deputy),
            "comment": "On leave.",
        },
    }


PREVIEW = """query ($id: ID!) { purchaseOrder(id: $id) { approvalPreview { approvedAtOnce
  workflow { name } problems { code message }
  steps { position name needed rule conditions { holds sentence }
    approvers { role user { name } onBehalfOf { name } } } } } }"""


async def test_a_draft_shows_its_route_and_why(
    ask: Ask, world: World, storage: SqlStorage, save: Save
) -> None:
    large = Condition(field=_F.AMOUNT, operator=_O.AT_LEAST, values=["10000"])
    ours = Condition(field=_F.DEPARTMENT, operator=_O.IN, values=[f"dep_{world.department.id.hex}"])
    elsewhere = Condition(
        field=_F.PROJECT, operator=_O.NOT_IN, values=[f"prj_{world.project.id.hex}"]
    )
    steps = [
        make.step(world.approver.id, "Head", conditions=[ours]),
        make.step(world.approver.id, "CFO", conditions=[large, elsewhere]),
        make.step(world.buyer.id, "Owner"),
    ]
    await save(make.approval_workflow(*steps, name="Usual"))
    line = make.line(quantity=Decimal(1), unit_price=Decimal(20), vat_rate=Decimal(0))
    order = await drafted(world, storage, lines=[line], project_id=None)

    preview = (await ask(PREVIEW, id=public(order)))["purchaseOrder"]["approvalPreview"]

    assert preview == {
        "approvedAtOnce": False,
        "workflow": {"name": "Usual"},
        "problems": [
            {"code": "VALIDATION", "message": "nobody can decide the approval step Owner"}
        ],
        "steps": [
            {
                "position": 1,
                "name": "Head",
                "needed": True,
                "rule": "ANY",
                "conditions": [
                    {
                        "holds": True,
                        "sentence": "The department, Operations, is one of these: Operations.",
                    }
                ],
                "approvers": [
                    {"role": "Head", "user": {"name": "Abe Approver"}, "onBehalfOf": None}
                ],
            },
            {
                "position": 2,
                "name": "CFO",
                "needed": False,
                "rule": "ANY",
                "conditions": [
                    {
                        "holds": False,
                        "sentence": "The amount, SAR\N{NO-BREAK SPACE}20.00, is below"
                        " SAR\N{NO-BREAK SPACE}10,000.00.",
                    },
                    {
                        "holds": True,
                        "sentence": "There is no project, so it is none of these: Refurbishment.",
                    },
                ],
                "approvers": [],
            },
            {
                "position": 3,
                "name": "Owner",
                "needed": True,
                "rule": "ANY",
                "conditions": [],
                "approvers": [],
            },
        ],
    }


async def test_what_may_not_be_read_is_not_named(
    ask: Ask, world: World, storage: SqlStorage, save: Save
) -> None:
    id = f"sup_{world.supplier.id.hex}"
    ours = Condition(field=_F.SUPPLIER, operator=_O.IN, values=[id])
    await save(make.approval_workflow(make.step(world.approver.id, conditions=[ours])))
    order = await drafted(world, storage)
    by = world.caller(permissions=frozenset({Permission.PURCHASE_ORDERS_READ}))

    data = await ask(
        """query ($id: ID!) { purchaseOrder(id: $id) { approvalPreview { steps {
             conditions { sentence } } } } }""",
        id=public(order),
        as_=by,
    )

    [step] = data["purchaseOrder"]["approvalPreview"]["steps"]
    assert step["conditions"] == [{"sentence": f"The supplier, {id}, is one of these: {id}."}]


async def test_what_is_submitted_has_no_preview(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    order = await pending(world, storage)

    data = await ask(PREVIEW, id=public(order))

    assert data["purchaseOrder"]["approvalPreview"] is None


@pytest.mark.parametrize("first", [1, 4])
async def test_previews_of_a_page_take_the_same_statements_whatever_its_size(
    ask: Ask,
    world: World,
    storage: SqlStorage,
    save: Save,
    statements: list[str],
    first: int,
) -> None:
    """The page; the orders again, workflows, organization, users, deputies."""
    await save(make.approval_workflow(make.step(world.approver.id)))
    for _ in range(4):
        await drafted(world, storage)
    statements.clear()

    await ask(
        """query ($first: Int) { purchaseOrders(first: $first) { nodes { approvalPreview {
             approvedAtOnce steps { needed approvers { role } } } } } }""",
        first=first,
    )

    assert len(statements) == 6
