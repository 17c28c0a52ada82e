"""The list of purchase orders: fields, pages, links, statements (W-8 to W-14, W-28)."""

import httpx
import pytest

from persistence.storage import SqlStorage
from tests.conftest import World
from tests.rest.waqti.samples import PAPER, created, data, drafts, numbers

LIST = "/purchase-orders"


async def test_w28_list_items_have_exactly_the_documented_fields(
    buyer: httpx.AsyncClient, world: World
) -> None:
    drafted = await created(buyer, world)

    response = await buyer.get(LIST)

    assert '"subtotal":5500.00,"vat_amount":825.00,"total_amount":6325.00' in response.text
    assert data(response) == [
        {
            "id": drafted["id"],
            "po_number": drafted["po_number"],
            "status": "draft",
            "vendor": {"id": world.supplier.waqti_id, "name": world.supplier.name},
            "department": {"id": world.department.waqti_id, "name": world.department.name},
            "currency": "SAR",
            "subtotal": drafted["subtotal"],
            "vat_amount": drafted["vat_amount"],
            "total_amount": drafted["total_amount"],
            "created_at": drafted["created_at"],
            "approved_at": None,
        }
    ]
    approved = data(await buyer.post(f"{LIST}/{drafted['id']}/submit"))
    assert approved["status"] == "approved"
    [listed] = data(await buyer.get(LIST))
    assert listed["approved_at"] is not None


@pytest.mark.parametrize(
    "path", ["/purchase-orders", "/vendors", "/budgets", "/invoices", "/webhooks"]
)
async def test_w8_every_list_takes_the_same_parameters(buyer: httpx.AsyncClient, path: str) -> None:
    usual = (await buyer.get(path)).json()
    asked = await buyer.get(f"{path}?page=2&per_page=3&sort=created_at&order=asc&search=nowhere")

    assert (usual["meta"]["current_page"], usual["meta"]["per_page"]) == (1, 15)
    assert data(asked) == []
    assert asked.json()["meta"] == {"current_page": 2, "last_page": 1, "per_page": 3, "total": 0}


async def test_w8_a_page_of_what_is_searched_for_in_the_order_asked_for(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    await drafts(storage, world, 17)
    found = {"search": "printer pap", "sort": "total_amount"}

    assert len(numbers(await buyer.get(LIST))) == 15
    assert numbers(await buyer.get(LIST, params={"page": 2})) == [2, 1]
    ascending = await buyer.get(LIST, params=found | {"order": "asc", "per_page": 4, "page": 2})
    assert numbers(ascending) == [5, 6, 7, 8]
    descending = await buyer.get(LIST, params=found | {"order": "desc", "per_page": 100})
    assert numbers(descending) == [*range(17, 0, -1)]
    assert numbers(await buyer.get(LIST, params=found | {"search": "no such thing"})) == []


async def test_w12_to_w14_pages_with_their_links(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    await drafts(storage, world, 73)

    first = await buyer.get(LIST)
    fourth = await buyer.get(LIST, params={"page": 4, "search": "paper", "status": "draft"})
    last = await buyer.get(LIST, params={"page": 5})
    beyond = await buyer.get(LIST, params={"page": 9})

    assert numbers(first) == [*range(73, 58, -1)]
    assert first.json()["meta"] == {
        "current_page": 1,
        "last_page": 5,
        "per_page": 15,
        "total": 73,
    }
    url = "http://waqti.test/v1/purchase-orders?"
    assert first.json()["links"] == {
        "first": f"{url}page=1",
        "last": f"{url}page=5",
        "next": f"{url}page=2",
        "prev": None,
    }
    kept = f"{url}search=paper&status=draft&page="
    assert fourth.json()["links"] == {
        "first": f"{kept}1",
        "last": f"{kept}5",
        "next": f"{kept}5",
        "prev": f"{kept}3",
    }
    assert numbers(last) == [*range(13, 0, -1)]
    assert (last.json()["links"]["next"], last.json()["links"]["prev"]) == (None, f"{url}page=4")
    assert data(beyond) == []
    assert beyond.json()["meta"] == first.json()["meta"] | {"current_page": 9}
    assert numbers(await buyer.get(first.json()["links"]["next"])) == [*range(58, 43, -1)]


async def test_w13_links_stay_under_the_alias(buyer: httpx.AsyncClient) -> None:
    body = (await buyer.get("http://waqti.test/waqti/v1/purchase-orders?page=")).json()

    assert body["links"]["first"] == "http://waqti.test/waqti/v1/purchase-orders?page=1"
    assert body["meta"] == {"current_page": 1, "last_page": 1, "per_page": 15, "total": 0}


async def test_w14_42_by_20_are_three_pages(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    await drafts(storage, world, 42)

    response = await buyer.get(LIST, params={"status": "draft", "per_page": 20})

    assert response.json()["meta"] == {
        "current_page": 1,
        "last_page": 3,
        "per_page": 20,
        "total": 42,
    }


async def test_w9_no_page_holds_more_than_a_hundred(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    await drafts(storage, world, 101)

    response = await buyer.get(LIST, params={"per_page": 1000})

    assert (len(data(response)), response.json()["meta"]["per_page"]) == (100, 100)


async def test_a_page_of_a_hundred_costs_as_many_statements_as_one_of_twenty(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage, statements: list[str]
) -> None:
    await drafts(storage, world, 100)
    await buyer.get(LIST)
    costs = {}

    for size in (20, 100):
        statements.clear()
        response = await buyer.get(LIST, params={"per_page": size})
        assert len(data(response)) == size
        costs[size] = len(statements)

    assert costs == {20: 4, 100: 4}  # how many, orders, suppliers, departments


async def test_an_order_costs_as_many_statements_with_one_item_as_with_fifty(
    buyer: httpx.AsyncClient, world: World, statements: list[str]
) -> None:
    costs = {}

    for items in (1, 50):
        id = (await created(buyer, world, items=[PAPER] * items))["id"]
        statements.clear()
        assert len(data(await buyer.get(f"{LIST}/{id}"))["items"]) == items
        costs[items] = len(statements)

    # id, order, supplier, department, project, lines, approvals, attachments, audit, users
    assert costs == {1: 10, 50: 10}
