"""Exact numbers of SQL statements: they follow from what is selected, never from how many rows."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep, new_world
from tests.schema.conftest import Ask, draft, public
from tests.server.statements import sent_by
from tests.usecases.orders import drafted
from usecases.kit import run
from usecases.purchase_orders import (
    ApprovePurchaseOrder,
    CreatePurchaseOrder,
    SubmitPurchaseOrder,
)

PAGE = """query ($first: Int) { purchaseOrders(first: $first) { nodes { number status
  total { amount } supplier { name } department { name head { name } }
  project { name owner { name } }
  createdBy { name roles { name } } transitions { name allowed }
  lines { description total { formatted } legacyIds { id } } attachments { name }
  approvals { round step status approver { name roles { name } } }
  auditTrail { action at actor { name } changes { field } } clonedFrom { number }
  legacyIds { channel id } } pageInfo { hasNextPage endCursor } } }"""
# The page; suppliers, departments, projects, lines, attachments, approvals and audit trails; users
# and their roles at two depths.
OF_A_PAGE = 12

SCREEN = """query ($first: Int) { purchaseOrders(first: $first) { nodes { number status
  supplier { name } department { name } project { name } lines { description quantity }
  approvals { step status approver { name } } auditTrail { action at actor { name } } } } }"""
# The page; suppliers, departments, projects, lines, approvals, audit trails; the users of the last
# two.
OF_A_SCREEN = 8


@pytest.fixture(scope="module")
async def busy_world(storage: SqlStorage) -> World:
    """A hundred orders of ten suppliers, departments and projects, all on their way."""
    world = await new_world(storage)
    users = [make.user(f"User {n}", role_ids=[world.role.id]) for n in range(3)]
    suppliers = [make.supplier() for _ in range(10)]
    departments = [make.department(head_id=users[n % 3].id) for n in range(10)]
    projects = [make.project(owner_id=users[n % 3].id) for n in range(10)]
    by = world.caller()
    chiefs = [make.user(f"Chief {n}", role_ids=[world.role.id]) for n in range(3)]
    await keep(storage, by, *users, *chiefs)
    await keep(storage, by, *suppliers, *departments, *projects)
    steps = [make.step(user.id) for user in (world.approver, *chiefs)]
    await keep(storage, by, make.approval_workflow(*steps))
    for n in range(100):
        content = {
            "supplier_id": suppliers[n % 10].id,
            "department_id": departments[n * 3 % 10].id,
            "project_id": projects[n * 7 % 10].id,
            "lines": [make.line(), make.line()],
        }
        create = CreatePurchaseOrder(**world.draft(**content))
        order = await run(create, world.caller(users[n % 3]), storage)
        await run(SubmitPurchaseOrder(id=order.id), by, storage)
        await run(ApprovePurchaseOrder(id=order.id), world.caller(world.approver), storage)
    return world


@pytest.mark.parametrize("first", [1, 20, 100])
async def test_a_page_of_orders_takes_the_same_statements_whatever_its_size(
    ask: Ask, busy_world: World, statements: list[str], engine: AsyncEngine, first: int
) -> None:
    with sent_by(engine) as sent:
        data = await ask(PAGE, as_=busy_world.caller(), first=first)

    nodes = data["purchaseOrders"]["nodes"]
    assert len(nodes) == first
    assert all(len(node["lines"]) == 2 and len(node["approvals"]) == 4 for node in nodes)
    assert all(len(node["auditTrail"]) == 3 and node["supplier"] for node in nodes)
    assert len(statements) == OF_A_PAGE
    assert sent == []  # nothing goes around the snapshot


@pytest.mark.parametrize("first", [1, 20, 100])
async def test_a_screen_of_orders_takes_eight(
    ask: Ask, busy_world: World, statements: list[str], first: int
) -> None:
    data = await ask(SCREEN, as_=busy_world.caller(), first=first)

    assert len(data["purchaseOrders"]["nodes"]) == first
    assert len(statements) == OF_A_SCREEN


@pytest.mark.parametrize("first", [2, 11])
async def test_orders_of_suppliers_take_the_same_statements_too(
    ask: Ask, busy_world: World, statements: list[str], first: int
) -> None:
    """Suppliers, their orders, counts, lines, and creators: one each."""
    data = await ask(
        """query ($first: Int) { suppliers(first: $first) { nodes { name
          purchaseOrders(first: 5) { totalCount nodes { lines { position }
            createdBy { name } } } } } }""",
        as_=busy_world.caller(),
        first=first,
    )

    assert len(data["suppliers"]["nodes"]) == first
    assert len(statements) == 5


async def test_a_record_met_again_is_not_asked_for_again(
    ask: Ask, busy_world: World, statements: list[str]
) -> None:
    """An order's supplier's orders' suppliers are suppliers that are known already."""
    await ask(
        "{ purchaseOrders(first: 3) { nodes { supplier { purchaseOrders(first: 2) {"
        " nodes { supplier { name } department { name } } } } } } }",
        as_=busy_world.caller(),
    )

    assert len(statements) == 4


ORDER = """{ number supplier { name } lines { description } approvals { approver { name } }
  auditTrail { action actor { name } } transitions { name } }"""
# The order, its supplier, lines, approvals and audit trail; the users of the last two.
OF_AN_ANSWER = 6


@pytest.mark.parametrize("dry_run", [False, True])
async def test_the_answer_of_a_mutation_takes_what_it_selects(
    do: Ask, world: World, storage: SqlStorage, statements: list[str], *, dry_run: bool
) -> None:
    """Submitting asks for three parties, organization, budgets and workflows, and for the order."""
    order = await drafted(world, storage)
    statements.clear()

    alone = await do("purchaseOrderSubmit", {"id": public(order)}, "{ __typename }", dryRun=True)
    asked = len(statements)
    statements.clear()
    whole = await do("purchaseOrderSubmit", {"id": public(order)}, ORDER, dryRun=dry_run)

    assert alone["errors"] == whole["errors"] == []
    assert asked == 7
    assert len(statements) == asked - 1 + OF_AN_ANSWER


# Entering the organization; the number; the legacy ids; the order, its lines; the position of the
# event with the end of the audit chain, the entry, the event.
WRITTEN = 8


@pytest.mark.parametrize("lines", [1, 100])
async def test_drafting_takes_the_same_statements_whatever_the_lines(
    do: Ask, world: World, engine: AsyncEngine, statements: list[str], lines: int
) -> None:
    line = {"description": "Paper", "quantity": 1, "unitPrice": 1}

    with sent_by(engine) as sent:
        payload = await do("purchaseOrderCreate", draft(world, lines=[line] * lines), ORDER)

    assert payload["errors"] == []
    assert len(payload["purchaseOrder"]["lines"]) == lines
    assert len(statements) == 3 + OF_AN_ANSWER  # organization, supplier, department first
    assert len(sent) == WRITTEN
