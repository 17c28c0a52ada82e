"""Webhooks through Waqti (W-65 to W-67); how they are delivered is in tests/webhooks."""

import asyncpg
import httpx
import pytest

from tests import make
from tests.conftest import Save, World
from tests.rest.conftest import Login
from tests.rest.waqti.samples import data, error, invalid

HOOK = {"url": "https://8.8.8.8/waqti", "events": ["po.approved", "invoice.created"]}
COUNT = "SELECT count(*) FROM webhook_endpoints WHERE organization_id = $1"


async def test_w65_create_answers_with_a_secret_that_is_shown_once(
    buyer: httpx.AsyncClient, owner: asyncpg.Connection, world: World
) -> None:
    created = data(await buyer.post("/webhooks", json=HOOK), 201)

    secret = await owner.fetchval(
        "SELECT secret FROM webhook_endpoints WHERE organization_id = $1", world.organization.id
    )
    assert list(created) == ["id", "name", "url", "events", "is_active", "secret", "created_at"]
    assert created | {"created_at": ""} == {
        "id": 1,
        "name": "8.8.8.8",
        "url": HOOK["url"],
        "events": HOOK["events"],
        "is_active": True,
        "secret": secret,
        "created_at": "",
    }
    assert secret not in (await buyer.get("/webhooks")).text
    assert secret not in (await buyer.get("/webhooks/1")).text


async def test_w67_lists_and_shows_without_secrets(buyer: httpx.AsyncClient) -> None:
    data(await buyer.post("/webhooks", json=HOOK | {"name": "First"}), 201)
    data(await buyer.post("/webhooks", json=HOOK | {"name": "Second"}), 201)

    listed = data(await buyer.get("/webhooks"))

    assert [webhook["name"] for webhook in listed] == ["Second", "First"]
    assert listed[0] == data(await buyer.get("/webhooks/2"))
    assert listed[0] | {"created_at": ""} == {
        "id": 2,
        "name": "Second",
        "url": HOOK["url"],
        "events": HOOK["events"],
        "is_active": True,
        "failure_count": 0,
        "last_triggered_at": None,
        "created_at": "",
    }
    ascending = data(await buyer.get("/webhooks", params={"order": "asc", "per_page": 1}))
    assert [webhook["name"] for webhook in ascending] == ["First"]
    assert [w["id"] for w in data(await buyer.get("/webhooks", params={"search": "sec"}))] == [2]
    assert list(invalid(await buyer.get("/webhooks", params={"sort": "name"}))) == ["sort"]


async def test_w67_an_update_changes_what_is_given(buyer: httpx.AsyncClient) -> None:
    data(await buyer.post("/webhooks", json=HOOK), 201)

    changed = data(await buyer.put("/webhooks/1", json={"is_active": False, "events": ["po.*"]}))

    assert (changed["is_active"], changed["events"], changed["url"]) == (
        False,
        ["po.*"],
        HOOK["url"],
    )
    assert data(await buyer.get("/webhooks/1")) == changed
    assert data(await buyer.put("/webhooks/1", json={})) == changed


async def test_w67_deleted_is_gone(buyer: httpx.AsyncClient) -> None:
    data(await buyer.post("/webhooks", json=HOOK), 201)

    response = await buyer.delete("/webhooks/1")

    assert (response.status_code, response.content) == (204, b"")
    error(await buyer.get("/webhooks/1"), 404, "NOT_FOUND")
    error(await buyer.put("/webhooks/1", json={}), 404, "NOT_FOUND")
    error(await buyer.delete("/webhooks/1"), 404, "NOT_FOUND")
    assert data(await buyer.get("/webhooks")) == []


@pytest.mark.parametrize(
    "name",
    [
        *("po.approved", "purchase_order.approved", "po.item_added", "po.line_added", "po.*"),
        *("invoice.created", "invoice.paid", "purchase_invoice.paid", "vendor.updated"),
        *("supplier.updated", "goods_receipt.posted", "budget.*", "*"),
    ],
)
async def test_w66_both_prefixes_are_accepted_and_kept_as_written(
    buyer: httpx.AsyncClient, name: str
) -> None:
    created = data(await buyer.post("/webhooks", json=HOOK | {"events": [name]}), 201)

    assert created["events"] == [name]


@pytest.mark.parametrize("name", ["po.exploded", "order.approved", "approved", "", "po.", "*.*"])
async def test_w66_unknown_events_are_422_at_their_place(
    buyer: httpx.AsyncClient, owner: asyncpg.Connection, world: World, name: str
) -> None:
    asked = HOOK | {"events": ["po.approved", name]}

    assert invalid(await buyer.post("/webhooks", json=asked)) == {
        "events.1": ["The selected events.1 is invalid."]
    }
    assert await owner.fetchval(COUNT, world.organization.id) == 0


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("url", "http://8.8.8.8/", "url"),
        ("url", "https://127.0.0.1/", "url"),
        ("url", "https://localhost/", "url"),
        ("url", "https://8.8.8.8/" + "x" * 485, "url"),
        ("url", "nowhere", "url"),
        ("url", None, "url"),
        ("name", "x" * 101, "name"),
        ("events", [], "events"),
        ("events", "po.approved", "events"),
        ("events", [7], "events.0"),
        ("is_active", "perhaps", "is_active"),
    ],
)
async def test_w65_bad_values_are_422_on_their_field(
    buyer: httpx.AsyncClient,
    owner: asyncpg.Connection,
    world: World,
    field: str,
    value: object,
    path: str,
) -> None:
    assert list(invalid(await buyer.post("/webhooks", json=HOOK | {field: value}))) == [path]

    assert await owner.fetchval(COUNT, world.organization.id) == 0


async def test_w65_everything_that_is_wrong_is_named_at_once(buyer: httpx.AsyncClient) -> None:
    asked = {"name": "x" * 101, "url": "https://10.0.0.1/", "events": ["x"]}

    assert invalid(await buyer.post("/webhooks", json=asked)) == {
        "name": ["The name field must not be greater than 100 characters."],
        "events.0": ["The selected events.0 is invalid."],
        "url": ["The url field must be a public address."],
    }


async def test_reading_tokens_do_not_register(
    login: Login, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    await save(make.webhook_endpoint())
    reader = await login(world, abilities=["read"])

    error(await reader.post("/webhooks", json=HOOK), 403, "FORBIDDEN")
    error(await reader.delete("/webhooks/1"), 403, "FORBIDDEN")

    assert await owner.fetchval(COUNT, world.organization.id) == 1
