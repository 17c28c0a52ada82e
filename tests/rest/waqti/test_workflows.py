"""Routes of approval as Waqti's clients see them (W-70, W-72, W-73), and default roles (W-78)."""

from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import pytest

from domain.approvals.conditions import Condition, ConditionField, ConditionOperator
from domain.approvals.steps import StepRule
from domain.approvals.workflows import Approver, ApproverKind, WorkflowStep
from domain.organizations import Organization, Plan
from domain.users import DEFAULT_ROLES, Role, User
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World, keep
from tests.rest.conftest import Login
from tests.rest.waqti.samples import PAPER, data, error, order, shown, submitted
from tests.usecases.orders import done
from usecases.kit import run
from usecases.operations import FoundOrganization
from usecases.purchase_orders import EscalatePurchaseOrder

LIST = "/purchase-orders"


@pytest.fixture
async def chief(save: Save, world: World) -> User:
    chief = make.user("Cleo Chief", role_ids=[world.role.id])
    await save(chief)
    return chief


async def moved_on(storage: SqlStorage, world: World, owner: asyncpg.Connection) -> None:
    """The time of the only order's step is up, and the worker has been there."""
    late = datetime.now(UTC) - timedelta(hours=2)
    statement = "UPDATE approval_steps SET due_at = $1 WHERE organization_id = $2"
    await owner.execute(statement, late, world.organization.id)
    query = "SELECT id FROM purchase_orders WHERE organization_id = $1"
    id = await owner.fetchval(query, world.organization.id)
    await done(EscalatePurchaseOrder(id=id), world, storage)


async def test_w70_each_approver_of_a_step_decides_once(
    buyer: httpx.AsyncClient,
    approver: httpx.AsyncClient,
    login: Login,
    save: Save,
    world: World,
    chief: User,
) -> None:
    everybody = Approver(kind=ApproverKind.ROLE, role_id=world.role.id)
    await save(
        make.approval_workflow(
            WorkflowStep(name="Everybody", approver=everybody, rule=StepRule.ALL)
        )
    )
    path = f"{LIST}/{(await submitted(buyer, world))['id']}"

    first = data(await approver.post(f"{path}/approve"))
    twice = await approver.post(f"{path}/approve")
    between = data(await buyer.get(path))["approvals"]
    last = data(await (await login(world, chief)).post(f"{path}/approve"))

    assert (first["status"], first["current_approval_step"]) == ("pending_approval", 1)
    assert [each["name"] for each in first["pending_approvers"]] == ["Cleo Chief"]
    message = "The current step does not wait for you."
    assert error(twice, 403, "FORBIDDEN")["message"] == message
    assert sorted((a["step"], a["approver"], a["status"]) for a in between) == [
        (1, "Abe Approver", "approved"),
        (1, "Cleo Chief", "pending"),
    ]
    assert last["status"] == "approved"
    approvals = data(await buyer.get(path))["approvals"]
    assert sorted(a["approver"] for a in approvals) == ["Abe Approver", "Cleo Chief"]


@pytest.mark.parametrize(
    ("rule", "needed"), [(StepRule.ANY, 1), (StepRule.MAJORITY, 2), (StepRule.ALL, 3)]
)
async def test_w72_of_several_approvers_one_most_or_all_have_to_agree(
    buyer: httpx.AsyncClient,
    login: Login,
    save: Save,
    world: World,
    rule: StepRule,
    needed: int,
) -> None:
    board = make.role(name="Board")
    await save(board)
    members = [make.user(name, role_ids=[board.id]) for name in ("Ann", "Ben", "Cem")]
    await save(*members)
    asked = Approver(kind=ApproverKind.ROLE, role_id=board.id)
    await save(make.approval_workflow(WorkflowStep(name="Board", approver=asked, rule=rule)))
    id = (await submitted(buyer, world))["id"]

    seen = [
        data(await (await login(world, member)).post(f"{LIST}/{id}/approve"))["status"]
        for member in members[:needed]
    ]

    assert seen == ["pending_approval"] * (needed - 1) + ["approved"]


@pytest.mark.parametrize(
    ("price", "steps"),
    [
        (9_999, ["pending", "skipped", "skipped"]),
        (10_000, ["pending", "pending", "skipped"]),
        (50_000, ["pending", "pending", "pending"]),
    ],
)
async def test_w72_larger_orders_take_more_steps(
    buyer: httpx.AsyncClient, save: Save, world: World, price: int, steps: list[str]
) -> None:
    def from_(amount: str) -> list[Condition]:
        at_least = ConditionOperator.AT_LEAST
        return [Condition(field=ConditionField.AMOUNT, operator=at_least, values=[amount])]

    route = [
        make.step(world.approver.id, "Department Head"),
        make.step(world.approver.id, "Finance", conditions=from_("10000")),
        make.step(world.approver.id, "CFO", conditions=from_("50000")),
    ]
    await save(make.approval_workflow(*route))
    items = [PAPER | {"quantity": 1, "unit_price": price, "vat_rate": 0}]

    id = (await submitted(buyer, world, items=items))["id"]

    approvals = (await shown(buyer, id))["approvals"]
    assert [(a["step"], a["status"]) for a in approvals] == [*enumerate(steps, 1)]


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (ApproverKind.USER, "Decision"),
        (ApproverKind.ROLE, "CFO"),
        (ApproverKind.DEPARTMENT_HEAD, "Department Head"),
    ],
)
async def test_w73_approvers_are_a_user_a_role_or_the_head_of_the_department(
    buyer: httpx.AsyncClient,
    approver: httpx.AsyncClient,
    save: Save,
    world: World,
    kind: ApproverKind,
    role: str,
) -> None:
    cfo = make.role(name="CFO")
    await save(cfo)
    await save(make.user("Finn Finance", role_ids=[cfo.id]))
    asked = Approver(
        kind=kind,
        user_id=world.approver.id if kind is ApproverKind.USER else None,
        role_id=cfo.id if kind is ApproverKind.ROLE else None,
    )
    await save(make.approval_workflow(WorkflowStep(name="Decision", approver=asked)))
    path = f"{LIST}/{data(await buyer.post(LIST, json=order(world)), 201)['id']}"

    progress = data(await buyer.post(f"{path}/submit"))

    name = "Finn Finance" if kind is ApproverKind.ROLE else "Abe Approver"
    assert [(each["name"], each["role"]) for each in progress["pending_approvers"]] == [
        (name, role)
    ]
    allowed = (await approver.post(f"{path}/approve")).status_code
    assert allowed == (403 if kind is ApproverKind.ROLE else 200)


async def test_w73_a_step_whose_time_is_up_escalates(
    buyer: httpx.AsyncClient,
    approver: httpx.AsyncClient,
    login: Login,
    save: Save,
    world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    chief: User,
) -> None:
    escalation = Approver(kind=ApproverKind.USER, user_id=chief.id)
    step = make.step(world.approver.id, time_limit_hours=1, escalation=escalation)
    await save(make.approval_workflow(step))
    id = (await submitted(buyer, world))["id"]

    await moved_on(storage, world, owner)

    approvals = (await shown(buyer, id))["approvals"]
    assert [(a["step"], a["approver"], a["status"]) for a in approvals] == [
        (1, "Cleo Chief", "pending")
    ]
    error(await approver.post(f"{LIST}/{id}/approve"), 403, "FORBIDDEN")
    approved = await (await login(world, chief)).post(f"{LIST}/{id}/approve")
    assert data(approved)["status"] == "approved"


async def test_w73_a_step_that_is_not_required_is_skipped_when_its_time_is_up(
    buyer: httpx.AsyncClient,
    save: Save,
    world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    chief: User,
) -> None:
    optional = make.step(chief.id, "Advice", optional=True, time_limit_hours=1)
    await save(make.approval_workflow(optional, make.step(world.approver.id)))
    id = (await submitted(buyer, world))["id"]

    await moved_on(storage, world, owner)

    seen = await shown(buyer, id)
    assert seen["status"] == "pending_approval"
    assert [(a["step"], a["approver"], a["status"]) for a in seen["approvals"]] == [
        (1, "Cleo Chief", "skipped"),
        (2, "Abe Approver", "pending"),
    ]


@pytest.fixture
async def founded(storage: SqlStorage) -> World:
    """An organization as it is founded: with the default roles, and an administrator."""
    found = FoundOrganization(
        name="New Trading",
        plan=Plan.ENTERPRISE,
        base_currency="SAR",
        admin_name="Ada Admin",
        admin_email="ada@example.com",
    )
    caller = make.caller()
    admin = (await run(found, caller, storage)).record
    assert admin is not None
    department, supplier = make.department(head_id=admin.id), make.supplier()
    project = make.project(owner_id=admin.id)
    await keep(storage, caller, department, supplier, project)
    async with storage.begin(caller) as uow:
        organization = await uow.records(Organization).get(caller.organization_id)
        role = await uow.records(Role).get(admin.role_ids[0])
    return World(organization, role, admin, admin, department, project, supplier)


@pytest.mark.parametrize(
    ("name", "orders", "vendors", "invoices", "approves"),
    [
        ("Tenant Admin", True, True, True, True),
        ("CFO", False, False, True, True),
        ("Finance Manager", True, False, True, True),
        ("Procurement Manager", True, True, True, True),
        ("Department Head", True, False, False, True),
        ("Buyer", True, True, True, False),
        ("Employee", True, False, False, False),
        ("Finance Viewer", False, False, False, False),
    ],
)
async def test_w78_an_organization_begins_with_these_roles(
    founded: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    login: Login,
    name: str,
    *,
    orders: bool,
    vendors: bool,
    invoices: bool,
    approves: bool,
) -> None:
    query = "SELECT name, id FROM roles WHERE organization_id = $1"
    roles = {row["name"]: row["id"] for row in await owner.fetch(query, founded.organization.id)}
    assert {*roles} == {name for name, _ in DEFAULT_ROLES.values()}
    user = make.user("Uma User", role_ids=[roles[name]])
    await keep(storage, founded.caller(), user)
    await keep(storage, founded.caller(), make.approval_workflow(make.step(user.id, name)))
    client, admin = await login(founded, user), await login(founded)
    invoice = {
        "vendor_id": founded.supplier.waqti_id,
        "vendor_invoice_number": "ABC-77",
        "invoice_date": "2026-01-31",
        "items": [{"description": "Paper", "quantity": 1, "unit_price": 1}],
    }

    assert (await client.get(LIST)).status_code == 200
    for path, body, allowed in [
        (LIST, order(founded), orders),
        ("/vendors", {"name": "New Co."}, vendors),
        ("/invoices", invoice, invoices),
    ]:
        answer = await client.post(path, json=body)
        assert answer.status_code == (201 if allowed else 403), path
    id = data(await admin.post(LIST, json=order(founded)), 201)["id"]
    data(await admin.post(f"{LIST}/{id}/submit"))
    decided = await client.post(f"{LIST}/{id}/approve")
    assert decided.status_code == (200 if approves else 403)
