"""Budgets through Waqti, read only (W-58 to W-60), and submissions they refuse (W-18, W-77)."""

from datetime import UTC, datetime
from decimal import Decimal

import asyncpg
import httpx
import pytest

from domain.budgets import Budget, BudgetPolicy, BudgetStatus
from domain.callers import Permission
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import unchanged
from tests.rest.conftest import Login
from tests.rest.waqti.samples import PAPER, created, data, error, invalid, shown, submitted

YEAR = datetime.now(UTC).year


@pytest.fixture
async def buyer(login: Login, world: World) -> httpx.AsyncClient:
    """Without a limit, so that requests leave no trace of themselves."""
    return await login(world, limit=0)


def vector(world: World, allocated: int, committed: int, spent: int, **values: object) -> Budget:
    """A budget whose ledger came to this."""
    budget = make.budget(world.department.id, allocated_amount=Decimal(allocated), **values)
    budget.committed, budget.spent = Decimal(committed), Decimal(spent)
    return budget


async def test_w58_the_list_has_exactly_the_documented_fields(
    buyer: httpx.AsyncClient, world: World, save: Save
) -> None:
    await save(vector(world, 500_000, 127_500, 84_250))

    response = await buyer.get("/budgets")

    [budget] = data(response)
    assert budget.pop("created_at") == "2026-01-02T12:00:00Z"
    assert budget == {
        "id": 1,
        "name": "Supplies",
        "currency": "SAR",
        "allocated_amount": Decimal("500000.00"),
        "committed_amount": Decimal("127500.00"),
        "spent_amount": Decimal("84250.00"),
        "available_amount": Decimal("288250.00"),
        "utilization_percentage": Decimal("42.35"),
        "department": {
            "id": world.department.waqti_id,
            "name": "Operations",
            "code": world.department.code,
        },
        "fiscal_year": YEAR,
        "status": "active",
    }
    assert response.json()["meta"] == {
        "current_page": 1,
        "last_page": 1,
        "per_page": 15,
        "total": 1,
    }


@pytest.mark.parametrize(
    ("sums", "available", "utilization"),
    [
        ((500_000, 127_500, 84_250), "288250.00", "42.35"),
        ((200_000, 45_000, 120_000), "35000.00", "82.50"),
        ((0, 0, 0), "0.00", "0.00"),
        ((100, 80, 40), "-20.00", "120.00"),
    ],
)
async def test_w59_available_and_utilization_as_in_the_samples(
    buyer: httpx.AsyncClient,
    world: World,
    save: Save,
    sums: tuple[int, int, int],
    available: str,
    utilization: str,
) -> None:
    await save(vector(world, *sums))

    response = await buyer.get("/budgets/1")

    assert f'"available_amount":{available},"utilization_percentage":{utilization}' in response.text


async def test_w58_filters(buyer: httpx.AsyncClient, world: World, save: Save) -> None:
    other = make.department()
    await save(other)
    for number, status in enumerate(BudgetStatus):
        owner = other if number == 0 else world.department
        await save(make.budget(owner.id, status=status, fiscal_year=2020 + number))

    async def ids(**params: object) -> list[int]:
        return [budget["id"] for budget in data(await buyer.get("/budgets", params=params))]  # type: ignore[arg-type]

    assert sorted(await ids()) == [1, 2, 3, 4]
    assert await ids(department_id=other.waqti_id) == [1]
    assert await ids(department_id=999) == []
    assert await ids(fiscal_year=2021) == [2]
    words = {"draft": [1], "active": [2], "frozen": [3], "closed": [4]}
    for word, expected in words.items():
        assert await ids(status=word) == expected
    assert len(await ids(per_page=3)) == 3
    assert len(await ids(per_page=3, page=2)) == 1
    refused = await buyer.get("/budgets", params={"status": "open", "fiscal_year": "soon"})
    assert sorted(invalid(refused)) == ["fiscal_year", "status"]


async def test_w60_a_budget_shows_category_and_change_too(
    buyer: httpx.AsyncClient, world: World, save: Save
) -> None:
    await save(make.budget(world.department.id, category="Paper"))

    listed = data(await buyer.get("/budgets"))[0]
    budget = data(await buyer.get("/budgets/1"))

    assert budget == listed | {"category": "Paper", "updated_at": "2026-01-02T12:00:00Z"}
    error(await buyer.get("/budgets/2"), 404, "NOT_FOUND")
    error(await buyer.get("/budgets/2/utilization"), 404, "NOT_FOUND")
    for method in ("POST", "PUT", "DELETE"):
        error(await buyer.request(method, "/budgets/1", json={}), 404, "NOT_FOUND")


@pytest.mark.usefixtures("one_step")
async def test_w60_utilization_by_month_and_by_order(
    buyer: httpx.AsyncClient, approver: httpx.AsyncClient, world: World, save: Save
) -> None:
    await save(make.budget(world.department.id, allocated_amount=Decimal(50_000)))
    small = {"items": [PAPER]}
    waiting = await submitted(buyer, world, **small)
    agreed = await submitted(buyer, world, **small)
    data(await approver.post(f"/purchase-orders/{agreed['id']}/approve"))
    gone = await submitted(buyer, world, **small)
    data(await buyer.post(f"/purchase-orders/{gone['id']}/cancel"))

    found = data(await buyer.get("/budgets/1/utilization"))

    month = found["by_month"][0].pop("month")
    assert month == f"{datetime.now(UTC):%Y-%m}"
    assert found == {
        "budget_id": 1,
        "currency": "SAR",
        "allocated_amount": Decimal("50000.00"),
        "committed_amount": Decimal("2875.00"),
        "spent_amount": Decimal("0.00"),
        "available_amount": Decimal("47125.00"),
        "utilization_percentage": Decimal("5.75"),
        "by_month": [{"committed": Decimal("2875.00"), "spent": Decimal("0.00")}],
        "purchase_orders": [
            {
                "id": waiting["id"],
                "po_number": waiting["po_number"],
                "amount": Decimal("2875.00"),
                "state": "reserved",
            },
            {
                "id": agreed["id"],
                "po_number": agreed["po_number"],
                "amount": Decimal("2875.00"),
                "state": "committed",
            },
        ],
    }


async def test_w18_w77_a_budget_that_blocks_refuses_a_submission(
    buyer: httpx.AsyncClient, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    await save(make.budget(world.department.id, allocated_amount=Decimal(100)))
    order = await created(buyer, world)

    async with unchanged(owner, world):
        refused = await buyer.post(f"/purchase-orders/{order['id']}/submit")

    assert error(refused, 422, "BUDGET_EXCEEDED") == {
        "code": "BUDGET_EXCEEDED",
        "message": "This needs 6325.00 SAR of the budget Supplies, which has 100.00 left.",
        "details": {},
    }
    assert (await shown(buyer, order["id"]))["status"] == "draft"


@pytest.mark.parametrize("policy", [BudgetPolicy.WARN, BudgetPolicy.OFF])
async def test_w77_a_budget_that_only_warns_lets_it_pass(
    buyer: httpx.AsyncClient, world: World, save: Save, policy: BudgetPolicy
) -> None:
    await save(make.budget(world.department.id, policy=policy))

    await submitted(buyer, world)

    assert data(await buyer.get("/budgets/1"))["committed_amount"] == Decimal("6325.00")


async def test_w58_budgets_take_their_permission(login: Login, world: World) -> None:
    client = await login(world, permissions=[Permission.PURCHASE_ORDERS_READ])

    for path in ("/budgets", "/budgets/1", "/budgets/1/utilization"):
        error(await client.get(path), 403, "FORBIDDEN")


async def test_w58_budgets_of_others_do_not_exist(
    buyer: httpx.AsyncClient, other_world: World, login: Login, save: Save, world: World
) -> None:
    await save(make.budget(world.department.id))
    stranger = await login(other_world)

    assert data(await stranger.get("/budgets")) == []
    error(await stranger.get("/budgets/1"), 404, "NOT_FOUND")
    assert len(data(await buyer.get("/budgets"))) == 1


async def test_a_page_of_budgets_costs_three_statements(
    buyer: httpx.AsyncClient, world: World, save: Save, statements: list[str]
) -> None:
    costs = {}
    for number in (1, 9):
        await save(*(make.budget(world.department.id) for _ in range(number)))
        statements.clear()
        await buyer.get("/budgets")
        costs[number] = len(statements)

    assert costs == {1: 3, 9: 3}  # how many, budgets, departments
