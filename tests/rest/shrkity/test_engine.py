"""What clients do is done by the engine of the graph, and what is kept of their keys."""

from typing import Any

import asyncpg
import httpx

from persistence.storage import SqlStorage
from rest.kit.openapi import document
from rest.shrkity import ENDPOINTS, SHRKITY
from tests.conftest import World
from tests.persistence.contents import actions, contents
from tests.rest.shrkity.conftest import Login
from tests.rest.shrkity.matrix import OPERATIONS
from tests.rest.shrkity.orders import desk, old, placed
from tests.rest.shrkity.subscriptions import assigned, opened

SERVICE = [
    *("id", "code", "name", "name_ar", "description", "category", "price", "currency"),
    *("requires_company", "requires_employee", "status"),
]


async def test_s4_only_a_hash_of_a_key_is_kept(
    login: Login, world: World, owner: asyncpg.Connection
) -> None:
    office = await login(world, limit=0)
    secret = office.headers["Authorization"].removeprefix("Bearer ")

    assert (await office.get("/services")).status_code == 200
    kept = await contents(owner, world)
    assert len(kept["api_credentials"]) == 1
    assert secret.removeprefix("shk_live_") not in str(kept)


def test_s14_what_is_no_list_is_in_no_envelope() -> None:
    whole = document(SHRKITY, ENDPOINTS)
    wrapped: list[str] = []
    for operation in OPERATIONS:
        found = whole["paths"][operation.path][operation.method.lower()]["responses"]
        content = found[str(operation.status)].get("content")
        schema: dict[str, Any] = content["application/json"]["schema"] if content else {}
        name = schema.get("$ref", "").rpartition("/")[2]
        if "data" in whole["components"]["schemas"].get(name, schema).get("properties", {}):
            wrapped.append(f"{operation.method} {operation.path}")

    assert wrapped == [
        "GET /services",
        "GET /services/{id}/required-documents",
        "GET /orders",
        "GET /clients",
        "GET /companies",
        "GET /companies/{company_id}/workers",
        "GET /packages",
        "GET /subscriptions",
        "GET /coupons",
        "GET /coupons/{id}/redemptions",
        "GET /quotations",
        "GET /invoices",
        "GET /connections",
        "GET /documents",
    ]


async def test_s21_the_list_shows_each_service_in_brief(
    office: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    await desk(world, storage)

    [service] = (await office.get("/services")).json()["data"]

    assert [*service] == SERVICE
    assert (service["code"], service["status"], service["price"]) == ("VISA", "published", 100)


def test_s34_an_order_is_in_one_of_five_states() -> None:
    order = document(SHRKITY, ENDPOINTS)["components"]["schemas"]["Order"]

    assert order["properties"]["status"] == {
        "type": "string",
        "enum": ["pending", "in_progress", "on_hold", "completed", "cancelled"],
    }


async def test_s35_steps_and_entries_are_those_of_any_order(
    office: httpx.AsyncClient, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    made = await placed(office, await desk(world, storage))
    await office.post(f"/orders/{made['id']}/cancel")

    query = "SELECT id FROM service_orders WHERE organization_id = $1"
    id = await owner.fetchval(query, world.organization.id)
    assert await actions(owner, id) == ["service_order.placed", "service_order.cancelled"]
    told = "SELECT channel::text FROM audit_events WHERE subject_id = $1 ORDER BY sequence"
    assert [row[0] for row in await owner.fetch(told, id)] == ["SHRKITY", "SHRKITY"]
    steps = "SELECT key FROM service_order_steps WHERE order_id = $1 ORDER BY position"
    assert [row[0] for row in await owner.fetch(steps, id)] == [
        step["key"] for step in made["steps"]
    ]


async def test_s52_an_order_takes_a_unit_of_the_subscription_and_gives_it_back(
    office: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    shop = await opened(world, storage)
    subscription = await assigned(office, shop)
    given = {"service_definition_id": old(shop.service), "company_id": old(shop.company)}

    async def used() -> int:
        shown = (await office.get(f"/subscriptions/{subscription['id']}")).json()
        taken: int = shown["allocations"][0]["used"]
        return taken

    order = (await office.post("/orders", json=given)).json()
    assert await used() == 1
    assert order["price_breakdown"]["covered_by_subscription"] == 100
    assert order["price_breakdown"]["total"] == 0
    await office.post(f"/orders/{order['id']}/cancel")
    assert await used() == 0
