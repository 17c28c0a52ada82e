"""What every endpoint refuses in the same way (W-2, W-23, W-40, W-79)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from domain.callers import Channel
from persistence.storage import SqlStorage
from rest.kit import Endpoint, mount
from rest.waqti import ENDPOINTS, WAQTI
from server.gate import CredentialGate
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import unchanged
from tests.rest.conftest import Login, new_client
from tests.rest.waqti.samples import PAPER, created, data, error, order
from tests.server.clocks import Clock
from tests.server.gates import issued

HOOK = {"url": "https://8.8.8.8/waqti", "events": ["po.approved"]}
KNOWN = {"{id}": "1", "{item_id}": "1"}
UNKNOWN = {"{id}": "999", "{item_id}": "1"}
ITEM_UNKNOWN = {"{id}": "1", "{item_id}": "999"}

every = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: f"{e.method} {e.path}")


def limiting(storage: SqlStorage, engine: AsyncEngine, url: str) -> Starlette:
    """Behind a gate of its own, for which it stays the same minute."""
    gate = CredentialGate(engine, url, clock=Clock(datetime(2030, 1, 15, tzinfo=UTC)))
    return Starlette(routes=mount(WAQTI, ENDPOINTS, storage, gate))


@pytest.fixture
async def buyer(login: Login, world: World) -> httpx.AsyncClient:
    """Without a limit, so that requests leave no trace of themselves."""
    return await login(world, limit=0)


def invoice(world: World) -> dict[str, Any]:
    return {
        "vendor_id": world.supplier.waqti_id,
        "vendor_invoice_number": "ABC-77",
        "invoice_date": "2026-01-31",
        "items": [{"description": "Paper", "quantity": 1, "unit_price": 1}],
    }


@pytest.fixture
async def one_of_each(buyer: httpx.AsyncClient, world: World, save: Save) -> None:
    """A vendor, an order with items, a budget, an invoice, a webhook: each with the id 1."""
    await save(make.budget(world.department.id))
    made = [
        await created(buyer, world),
        data(await buyer.post("/invoices", json=invoice(world)), 201),
        data(await buyer.post("/webhooks", json=HOOK), 201),
    ]
    assert [each["id"] for each in made] == [1, 1, 1]


async def sent(
    client: httpx.AsyncClient, world: World, endpoint: Endpoint[Any], ids: Mapping[str, str]
) -> httpx.Response:
    """What the endpoint would do, were it not for what the test is about."""
    bodies = {
        "POST /purchase-orders": order(world),
        "POST /purchase-orders/{id}/items": PAPER,
        "POST /purchase-orders/{id}/reject": {"reason": "no"},
        "POST /vendors": {"name": "New Co."},
        "POST /invoices": invoice(world),
        "POST /webhooks": HOOK,
    }
    path = endpoint.path
    for name, id in ids.items():
        path = path.replace(name, id)
    usual: dict[str, Any] | None = {} if endpoint.method in {"POST", "PUT"} else None
    body = bodies.get(f"{endpoint.method} {endpoint.path}", usual)
    return await client.request(endpoint.method, path, json=body)


async def test_w2_without_a_token_everything_is_401(
    storage: SqlStorage,
    world: World,
    engine: AsyncEngine,
    database_url: str,
    owner: asyncpg.Connection,
) -> None:
    app = limiting(storage, engine, database_url)

    async with new_client(app, None) as client, unchanged(owner, world):
        for endpoint in ENDPOINTS:
            error(await sent(client, world, endpoint, KNOWN), 401, "UNAUTHORIZED")


@every
@pytest.mark.usefixtures("one_of_each")
async def test_w79_without_the_permission_it_is_403(
    login: Login, world: World, owner: asyncpg.Connection, endpoint: Endpoint[Any]
) -> None:
    powerless = await login(world, limit=0, permissions=[])

    async with unchanged(owner, world):
        error(await sent(powerless, world, endpoint, KNOWN), 403, "FORBIDDEN")


@pytest.mark.parametrize(
    ("endpoint", "ids"),
    [
        pytest.param(endpoint, ids, id=f"{endpoint.method} {endpoint.path} {ids}")
        for endpoint in ENDPOINTS
        for ids in [UNKNOWN, ITEM_UNKNOWN]
        if "{item_id}" in endpoint.path or ("{id}" in endpoint.path and ids is UNKNOWN)
    ],
)
@pytest.mark.usefixtures("one_of_each")
async def test_w40_an_unknown_id_is_404(
    buyer: httpx.AsyncClient,
    world: World,
    owner: asyncpg.Connection,
    endpoint: Endpoint[Any],
    ids: Mapping[str, str],
) -> None:
    async with unchanged(owner, world):
        error(await sent(buyer, world, endpoint, ids), 404, "NOT_FOUND")


async def test_w23_over_the_limit_everything_is_429(
    storage: SqlStorage,
    world: World,
    engine: AsyncEngine,
    database_url: str,
    owner: asyncpg.Connection,
) -> None:
    credential = await issued(storage, world, dialect=Channel.WAQTI)
    statement = "UPDATE api_credentials SET requests_per_minute = 1 WHERE id = $1"
    await owner.execute(statement, credential.id)
    app = limiting(storage, engine, database_url)

    async with new_client(app, credential.secret) as client:
        assert (await client.get("/vendors")).status_code == 200
        async with unchanged(owner, world):
            for endpoint in ENDPOINTS:
                refused = await sent(client, world, endpoint, KNOWN)
                error(refused, 429, "RATE_LIMITED")
                assert refused.headers["retry-after"] == "60"
