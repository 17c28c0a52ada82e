"""Submitting and approving through Waqti (W-37, W-39, W-45 to W-47, W-70 to W-72)."""

import httpx
import pytest

from domain.approvals.conditions import Condition, ConditionField, ConditionOperator
from domain.approvals.workflows import Approver, ApproverKind, WorkflowStep
from domain.users import User
from tests import make
from tests.conftest import Save, World
from tests.rest.conftest import Login
from tests.rest.waqti.samples import actions, created, data, error, invalid, shown, submitted

LIST = "/purchase-orders"
PENDING = "Only purchase orders that are pending approval can be "


@pytest.mark.usefixtures("one_step")
async def test_w45_submit_names_the_step_and_who_decides(
    buyer: httpx.AsyncClient, world: World
) -> None:
    id = (await created(buyer, world))["id"]

    response = await buyer.post(f"{LIST}/{id}/submit")

    assert data(response) == {
        "id": id,
        "status": "pending_approval",
        "current_approval_step": 1,
        "pending_approvers": [
            {"id": world.approver.waqti_id, "name": "Abe Approver", "role": "Department Head"}
        ],
    }
    order = await shown(buyer, id)
    assert order["approvals"] == [
        {
            "step": 1,
            "approver": "Abe Approver",
            "status": "pending",
            "approved_at": None,
            "comments": None,
        }
    ]
    assert actions(order) == [("created", "Bea Buyer"), ("submitted", "Bea Buyer")]
    again = error(await buyer.post(f"{LIST}/{id}/submit"), 422, "INVALID_STATUS")
    assert again["message"] == "Only draft purchase orders can be submitted for approval."


async def test_w46_without_a_workflow_it_is_approved_at_once(
    buyer: httpx.AsyncClient, world: World
) -> None:
    id = (await created(buyer, world))["id"]

    assert data(await buyer.post(f"{LIST}/{id}/submit")) == {
        "id": id,
        "status": "approved",
        "current_approval_step": None,
        "pending_approvers": [],
    }
    assert actions(await shown(buyer, id)) == [
        ("created", "Bea Buyer"),
        ("submitted", "Bea Buyer"),
        ("approved (no approval required)", "Bea Buyer"),
    ]


async def test_w46_an_order_without_items_cannot_be_submitted(
    buyer: httpx.AsyncClient, world: World
) -> None:
    drafted = await created(buyer, world)
    for item in drafted["items"]:
        assert (await buyer.delete(f"{LIST}/{drafted['id']}/items/{item['id']}")).status_code == 204

    response = await buyer.post(f"{LIST}/{drafted['id']}/submit")

    assert invalid(response) == {"items": ["The items field must have at least 1 items."]}
    assert (await shown(buyer, drafted["id"]))["status"] == "draft"


@pytest.mark.usefixtures("one_step")
async def test_w47_approve(
    buyer: httpx.AsyncClient, approver: httpx.AsyncClient, world: World
) -> None:
    id = (await submitted(buyer, world))["id"]

    response = await approver.post(f"{LIST}/{id}/approve", json={"comments": "As requested"})

    assert data(response) == {
        "id": id,
        "status": "approved",
        "current_approval_step": None,
        "pending_approvers": [],
    }
    order = await shown(buyer, id)
    [approval] = order["approvals"]
    assert approval["approved_at"] is not None
    assert approval | {"approved_at": None} == {
        "step": 1,
        "approver": "Abe Approver",
        "status": "approved",
        "approved_at": None,
        "comments": "As requested",
    }
    assert actions(order)[-1] == ("approved", "Abe Approver")
    again = error(await approver.post(f"{LIST}/{id}/approve"), 422, "INVALID_STATUS")
    assert again["message"] == f"{PENDING}approved."


async def test_w47_each_step_has_its_turn(
    buyer: httpx.AsyncClient,
    approver: httpx.AsyncClient,
    login: Login,
    world: World,
    second: User,
) -> None:
    chief = await login(world, second)
    id = (await submitted(buyer, world))["id"]
    early = await chief.post(f"{LIST}/{id}/approve")

    first = data(await approver.post(f"{LIST}/{id}/approve"))
    twice = await approver.post(f"{LIST}/{id}/approve")
    last = data(await chief.post(f"{LIST}/{id}/approve", json={"comments": None}))

    message = "The current step does not wait for you."
    assert error(early, 403, "FORBIDDEN")["message"] == message
    assert first == {
        "id": id,
        "status": "pending_approval",
        "current_approval_step": 2,
        "pending_approvers": [{"id": second.waqti_id, "name": "Cleo Chief", "role": "CFO"}],
    }
    error(twice, 403, "FORBIDDEN")  # W-70: one approval for each step and approver
    assert last["status"] == "approved"
    order = await shown(buyer, id)
    assert [(a["step"], a["status"]) for a in order["approvals"]] == [
        (1, "approved"),
        (2, "approved"),
    ]
    assert actions(order)[2:] == [("approved", "Abe Approver"), ("approved", "Cleo Chief")]


@pytest.mark.usefixtures("one_step")
async def test_w47_w71_creators_and_strangers_are_403(
    buyer: httpx.AsyncClient, login: Login, save: Save, world: World
) -> None:
    stranger = make.user("Sam Stranger", role_ids=[world.role.id])
    await save(stranger)
    id = (await submitted(buyer, world))["id"]

    for client, message in [
        (buyer, "Nobody approves what they created."),
        (await login(world, stranger), "The current step does not wait for you."),
    ]:
        for verb, body in [("approve", {}), ("reject", {"reason": "no"})]:
            response = await client.post(f"{LIST}/{id}/{verb}", json=body)
            assert error(response, 403, "FORBIDDEN")["message"] == message

    assert len(actions(await shown(buyer, id))) == 2


async def test_w72_steps_that_are_not_needed_are_skipped(
    buyer: httpx.AsyncClient, approver: httpx.AsyncClient, save: Save, world: World
) -> None:
    large = Condition(
        field=ConditionField.AMOUNT, operator=ConditionOperator.AT_LEAST, values=["10000"]
    )
    chief = WorkflowStep(
        name="CFO",
        approver=Approver(kind=ApproverKind.USER, user_id=world.approver.id),
        conditions=[large],
    )
    await save(make.approval_workflow(chief, make.step(world.approver.id, "Head")))
    id = (await created(buyer, world))["id"]

    progress = data(await buyer.post(f"{LIST}/{id}/submit"))

    assert progress["current_approval_step"] == 2
    approvals = (await shown(buyer, id))["approvals"]
    assert [(a["step"], a["approver"], a["status"]) for a in approvals] == [
        (1, None, "skipped"),
        (2, "Abe Approver", "pending"),
    ]
    data(await approver.post(f"{LIST}/{id}/approve"))


async def test_w37_who_was_not_the_one_to_decide_is_not_shown(
    buyer: httpx.AsyncClient, approver: httpx.AsyncClient, save: Save, world: World
) -> None:
    anybody = WorkflowStep(
        name="Finance", approver=Approver(kind=ApproverKind.ROLE, role_id=world.role.id)
    )
    await save(make.approval_workflow(anybody))
    helper = make.user("Hal Helper", role_ids=[world.role.id])
    await save(helper)
    id = (await created(buyer, world))["id"]

    progress = data(await buyer.post(f"{LIST}/{id}/submit"))
    assert [each["name"] for each in progress["pending_approvers"]] == [
        "Abe Approver",
        "Hal Helper",
    ]
    data(await approver.post(f"{LIST}/{id}/approve"))

    approvals = (await shown(buyer, id))["approvals"]
    assert [(a["approver"], a["status"]) for a in approvals] == [("Abe Approver", "approved")]
