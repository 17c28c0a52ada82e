"""Budgets through the graph: given, drawn on, shown beside the orders that draw on them."""

from decimal import Decimal

import asyncpg

from domain.budgets import BudgetPolicy, BudgetStatus
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, public
from tests.usecases.orders import approved, done, drafted, pending
from usecases.purchase_orders import SubmitPurchaseOrder

WHOLE = """{ id name department { name } project { name } category fiscalYear policy status version
  allocated { amount currency } reserved { amount } committed { amount } spent { amount }
  available { amount } headroom { amount } utilization legacyIds { channel id }
  auditTrail { action } }"""
IMPACT = """budgetImpact { budget { name } policy amount { amount } reserved { amount }
  committed { amount } spent { amount } availableBefore { amount } availableAfter { amount }
  headroomBefore { amount } headroomAfter { amount } exceeded blocked message }"""


def given(world: World, **values: object) -> dict[str, object]:
    return {
        "name": "Supplies",
        "departmentId": public(world.department),
        "fiscalYear": 2026,
        "allocatedAmount": "500000",
    } | values


async def test_a_budget_is_given_with_everything(do: Ask, world: World) -> None:
    more = {"projectId": public(world.project), "category": "Paper", "policy": "BLOCK"}

    payload = await do("budgetCreate", given(world, **more), WHOLE)

    budget = payload["budget"]
    assert payload["errors"] == []
    assert budget.pop("id").startswith("bud_")
    nothing = {"amount": "0.00"}
    assert budget == {
        "name": "Supplies",
        "department": {"name": "Operations"},
        "project": {"name": "Refurbishment"},
        "category": "Paper",
        "fiscalYear": 2026,
        "policy": "BLOCK",
        "status": "DRAFT",
        "version": 1,
        "allocated": {"amount": "500000.00", "currency": "SAR"},
        "reserved": nothing,
        "committed": nothing,
        "spent": nothing,
        "available": {"amount": "500000.00"},
        "headroom": {"amount": "500000.00"},
        "utilization": "0.00",
        "legacyIds": [{"channel": "WAQTI", "id": "1"}],
        "auditTrail": [{"action": "budget.created"}],
    }


async def test_a_budget_warns_unless_it_is_said_otherwise(do: Ask, world: World) -> None:
    payload = await do("budgetCreate", given(world), "{ policy }")

    assert payload["budget"] == {"policy": "WARN"}


async def test_what_makes_no_sense_is_refused(
    do: Ask, world: World, owner: asyncpg.Connection
) -> None:
    async with unchanged(owner, world):
        senseless = given(world, name=" ", fiscalYear=1, allocatedAmount="-1")
        payload = await do("budgetCreate", senseless)
        finer = await do("budgetCreate", given(world, allocatedAmount="1.001"))

    assert [(error["code"], error["path"]) for error in payload["errors"]] == [
        ("VALIDATION", ["name"]),
        ("VALIDATION", ["fiscalYear"]),
        ("VALIDATION", ["allocatedAmount"]),
    ]
    assert [error["path"] for error in finer["errors"]] == [["allocatedAmount"]]


async def test_a_budget_lives_from_draft_to_closed(do: Ask, world: World) -> None:
    shown = "{ status transitions { name allowed } }"
    id = (await do("budgetCreate", given(world)))["budget"]["id"]

    steps = []
    for verb in ("Activate", "Freeze", "Unfreeze", "Close"):
        budget = (await do(f"budget{verb}", {"id": id}, shown))["budget"]
        steps.append((budget["status"], [t["name"] for t in budget["transitions"] if t["allowed"]]))

    assert steps == [
        ("ACTIVE", ["update", "freeze", "close"]),
        ("FROZEN", ["update", "unfreeze", "close"]),
        ("ACTIVE", ["update", "freeze", "close"]),
        ("CLOSED", []),
    ]
    again = await do("budgetUpdate", {"id": id, "name": "New"})
    assert [error["code"] for error in again["errors"]] == ["INVALID_TRANSITION"]


async def test_the_allocation_moves_and_whom_it_is_for_stays(
    do: Ask, world: World, save: Save
) -> None:
    budget = make.budget(world.department.id)
    await save(budget)

    raised = await do(
        "budgetUpdate",
        {"id": public(budget), "allocatedAmount": "150.50"},
        "{ headroom { amount } auditTrail { action changes { field before after } } }",
    )
    moved = await do("budgetUpdate", {"id": public(budget), "fiscalYear": 2031})

    assert raised["budget"]["headroom"] == {"amount": "150.50"}
    assert raised["budget"]["auditTrail"][-1] == {
        "action": "budget.updated",
        "changes": [{"field": "allocatedAmount", "before": "100", "after": "150.5"}],
    }
    assert [error["path"] for error in moved["errors"]] == [["fiscalYear"]]


async def test_a_draft_says_what_it_would_mean(
    ask: Ask, world: World, save: Save, storage: SqlStorage
) -> None:
    await save(make.budget(world.department.id, allocated_amount=Decimal(30)))
    await approved(world, storage, lines=[make.line(quantity=Decimal(1))])  # 11.50
    order = await drafted(world, storage)  # 23.00

    data = await ask(f'{{ purchaseOrder(id: "{public(order)}") {{ {IMPACT} }} }}')

    assert data["purchaseOrder"]["budgetImpact"] == {
        "budget": {"name": "Supplies"},
        "policy": "BLOCK",
        "amount": {"amount": "23.00"},
        "reserved": {"amount": "0.00"},
        "committed": {"amount": "0.00"},
        "spent": {"amount": "0.00"},
        "availableBefore": {"amount": "18.50"},
        "availableAfter": {"amount": "-4.50"},
        "headroomBefore": {"amount": "18.50"},
        "headroomAfter": {"amount": "-4.50"},
        "exceeded": True,
        "blocked": True,
        "message": "this needs 23.00 SAR of the budget Supplies, which has 18.50 left",
    }


async def test_an_order_that_waits_is_shown_with_what_it_holds(
    ask: Ask, world: World, save: Save, storage: SqlStorage
) -> None:
    await save(make.budget(world.department.id, policy=BudgetPolicy.WARN))
    order = await pending(world, storage)

    data = await ask(
        f'{{ purchaseOrder(id: "{public(order)}") {{ budget {{ reserved {{ amount }} }} {IMPACT}'
        " budgetEntries { totalCount nodes { kind reserved { amount } committed { amount }"
        " revision purchaseOrder { id } purchaseOrderLine { position } } } } }"
    )

    impact = data["purchaseOrder"]["budgetImpact"]
    assert data["purchaseOrder"]["budget"] == {"reserved": {"amount": "23.00"}}
    assert (impact["amount"], impact["reserved"]) == ({"amount": "23.00"}, {"amount": "23.00"})
    assert (impact["headroomBefore"], impact["headroomAfter"]) == (
        {"amount": "100.00"},
        {"amount": "77.00"},
    )
    assert (impact["exceeded"], impact["blocked"], impact["message"]) == (False, False, None)
    assert data["purchaseOrder"]["budgetEntries"] == {
        "totalCount": 1,
        "nodes": [
            {
                "kind": "RESERVE",
                "reserved": {"amount": "23.00"},
                "committed": {"amount": "0.00"},
                "revision": 1,
                "purchaseOrder": {"id": public(order)},
                "purchaseOrderLine": {"position": 1},
            }
        ],
    }


async def test_a_refused_submission_still_shows_the_order_beside_its_budget(
    do: Ask, world: World, save: Save, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    await save(make.budget(world.department.id, allocated_amount=Decimal(20)))
    order = await drafted(world, storage)
    shown = "{ status budgetImpact { exceeded headroomAfter { amount } } }"

    async with unchanged(owner, world):
        payload = await do("purchaseOrderSubmit", {"id": public(order)}, shown)
        tried = await do("purchaseOrderSubmit", {"id": public(order)}, shown, dryRun=True)

    assert payload == tried
    assert payload == {
        "errors": [
            {
                "code": "BUDGET_EXCEEDED",
                "message": "this needs 23.00 SAR of the budget Supplies, which has 20.00 left",
                "path": ["lines"],
            }
        ],
        "purchaseOrder": {
            "status": "DRAFT",
            "budgetImpact": {"exceeded": True, "headroomAfter": {"amount": "-3.00"}},
        },
    }


async def test_a_dry_run_shows_what_would_be_reserved(
    do: Ask, world: World, save: Save, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    await save(make.budget(world.department.id, policy=BudgetPolicy.WARN))
    await save(make.approval_workflow(make.step(world.approver.id)))
    order = await drafted(world, storage, lines=[make.line(quantity=Decimal(10))])  # 115.00
    shown = "{ budgetImpact { reserved { amount } exceeded message } }"

    async with unchanged(owner, world):
        payload = await do("purchaseOrderSubmit", {"id": public(order)}, shown, dryRun=True)

    assert payload["errors"] == []
    assert payload["purchaseOrder"]["budgetImpact"] == {
        "reserved": {"amount": "115.00"},
        "exceeded": True,
        "message": "this needs 115.00 SAR of the budget Supplies, which has 100.00 left",
    }


async def test_a_page_of_impacts_costs_two_statements(
    ask: Ask, world: World, save: Save, storage: SqlStorage, statements: list[str]
) -> None:
    await save(make.budget(world.department.id, policy=BudgetPolicy.OFF))
    costs = {}

    for number in (2, 8):
        for _ in range(number // 2):
            await drafted(world, storage)
            await approved(world, storage)
        statements.clear()
        await ask(f"{{ purchaseOrders(first: {number}) {{ nodes {{ {IMPACT} }} }} }}")
        costs[number] = len(statements)

    assert costs == {2: 3, 8: 3}  # orders, impacts, budgets


async def test_a_budget_shows_its_ledger_and_its_orders(
    ask: Ask, world: World, save: Save, storage: SqlStorage
) -> None:
    budget = make.budget(world.department.id)
    await save(budget)
    order = await approved(world, storage)

    data = await ask(
        f'{{ budget(id: "{public(budget)}") {{ entries(first: 1) {{ totalCount pageInfo'
        " { hasNextPage } nodes { kind committed { amount } } }"
        " purchaseOrders { totalCount nodes { id } }"
        " auditTrail { action details } } }"
    )

    assert data["budget"]["entries"] == {
        "totalCount": 2,
        "pageInfo": {"hasNextPage": True},
        "nodes": [{"kind": "COMMIT", "committed": {"amount": "23.00"}}],
    }
    assert data["budget"]["purchaseOrders"] == {"totalCount": 1, "nodes": [{"id": public(order)}]}
    [_, reserved, committed] = data["budget"]["auditTrail"]
    said = {"amount": "23", "number": order.number, "order": public(order)}
    assert reserved["action"] == "budget.reserved"
    assert committed == {"action": "budget.committed", "details": said}


async def test_budgets_are_found_by_what_they_are_for(ask: Ask, world: World, save: Save) -> None:
    other = make.department()
    await save(other)
    await save(
        make.budget(world.department.id, name="Paper", fiscal_year=2025),
        make.budget(world.department.id, name="Ink", allocated_amount=Decimal(7)),
        make.budget(other.id, name="Chairs", status=BudgetStatus.FROZEN),
        make.budget(world.department.id, name="Desks", project_id=world.project.id),
    )
    query = """query ($filter: BudgetFilter, $by: BudgetOrder) {
      budgets(filter: $filter, orderBy: $by) { totalCount nodes { name } } }"""

    async def names(filter: dict[str, object] | None = None, **by: str) -> list[str]:
        data = await ask(query, filter=filter, by=by or {"field": "NAME", "direction": "ASC"})
        found = [node["name"] for node in data["budgets"]["nodes"]]
        assert data["budgets"]["totalCount"] == len(found)
        return found

    assert await names() == ["Chairs", "Desks", "Ink", "Paper"]
    assert await names({"departmentId": public(other)}) == ["Chairs"]
    assert await names({"projectId": public(world.project)}) == ["Desks"]
    assert await names({"fiscalYear": 2025}) == ["Paper"]
    assert await names({"status": ["FROZEN", "DRAFT"]}) == ["Chairs"]
    assert await names({"search": "CHAI"}) == ["Chairs"]
    assert (await names(None, field="ALLOCATED"))[-1] == "Ink"


async def test_budgets_take_their_permission(
    refused: Ask, world: World, save: Save, storage: SqlStorage
) -> None:
    budget = make.budget(world.department.id)
    await save(budget)
    order = await drafted(world, storage)
    powerless = world.caller(
        permissions=frozenset(
            {p for p in world.caller().permissions if not p.startswith("budgets:")}
        )
    )

    for asked in (
        "{ budgets { totalCount } }",
        f'{{ node(id: "{public(budget)}") {{ id }} }}',
        f'{{ purchaseOrder(id: "{public(order)}") {{ budgetImpact {{ exceeded }} }} }}',
    ):
        [error] = await refused(asked, as_=powerless)
        assert error["extensions"]["code"] == "FORBIDDEN"


async def test_a_frozen_budget_says_that_it_takes_nothing_new(
    ask: Ask, world: World, save: Save, storage: SqlStorage
) -> None:
    await save(make.budget(world.department.id, status=BudgetStatus.FROZEN))
    order = await drafted(world, storage)

    data = await ask(f'{{ purchaseOrder(id: "{public(order)}") {{ {IMPACT} }} }}')

    message = data["purchaseOrder"]["budgetImpact"]["message"]
    assert message == "the budget Supplies takes no new orders: it is frozen"


async def test_a_budget_is_found_by_its_waqti_id(ask: Ask, world: World, save: Save) -> None:
    budget = make.budget(world.department.id)
    await save(budget)

    data = await ask('{ nodeByLegacyId(channel: WAQTI, resource: "budgets", id: "1") { id } }')

    assert data["nodeByLegacyId"] == {"id": public(budget)}


async def test_a_user_names_the_budget_to_draw_on(
    do: Ask, world: World, save: Save, storage: SqlStorage
) -> None:
    usual, named = (make.budget(world.department.id, name=name) for name in ("Usual", "Named"))
    await save(usual)
    await save(named)
    order = await drafted(world, storage)

    await do("purchaseOrderUpdate", {"id": public(order), "budgetId": public(named)})
    payload = await do("purchaseOrderSubmit", {"id": public(order)}, "{ budget { name } }")

    assert payload == {"errors": [], "purchaseOrder": {"budget": {"name": "Named"}}}


async def test_without_a_budget_nothing_is_said(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    order = await drafted(world, storage)
    await done(SubmitPurchaseOrder(id=order.id), world, storage)

    data = await ask(
        f'{{ purchaseOrder(id: "{public(order)}") {{ budget {{ id }} budgetImpact {{ exceeded }}'
        " budgetEntries { totalCount nodes { id } } } }"
    )

    assert data["purchaseOrder"] == {
        "budget": None,
        "budgetImpact": None,
        "budgetEntries": {"totalCount": 0, "nodes": []},
    }
