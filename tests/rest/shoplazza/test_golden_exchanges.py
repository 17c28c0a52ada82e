"""Procurements in every state, every exchange as in tests/rest/golden/shoplazza."""

from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.callers import Permission
from persistence.storage import SqlStorage
from server.gate import CredentialGate
from tests.conftest import World
from tests.rest.goldens import exchange
from tests.rest.shoplazza.conftest import Login
from tests.rest.shoplazza.samples import LIST, in_every_state, new_client
from tests.rest.shoplazza.test_buckets import new_process, token
from tests.server.clocks import Clock
from usecases.kit import run
from usecases.records import UpdateRecord


@pytest.fixture
async def sample(storage: SqlStorage, world: World) -> None:
    await in_every_state(storage, world)


@pytest.mark.usefixtures("sample")
async def test_lists(store: httpx.AsyncClient) -> None:
    ids = '["100000000000000002", "928374928374982734"]'
    for name, query in [
        ("list", ""),
        ("list-page", "?page=2&limit=3"),
        ("list-state", "?state=1"),
        ("list-ids", f"?ids={ids}"),
        ("list-times", "?created_at_min=2026-01-02T12:02:00Z&updated_at_max=2026-01-02T12:03:00Z"),
        ("list-empty", "?page=1&limit=10&created_at_min=2030-01-01T00:00:00Z"),
        ("invalid", "?page=0&limit=100&ids=x&state=5&created_at_min=soon"),
    ]:
        await exchange(store, f"shoplazza/{name}", "GET", f"{LIST}{query}")


async def test_too_many_requests(
    storage: SqlStorage, engine: AsyncEngine, database_url: str, world: World
) -> None:
    process = new_process(storage, engine, database_url, Clock())
    async with new_client(process, await token(storage, world)) as client:
        for _ in range(40):
            assert (await client.get(LIST)).status_code == 200
        await exchange(client, "shoplazza/too-many", "GET", LIST)


async def test_requests_that_go_nowhere(
    store: httpx.AsyncClient, login: Login, world: World, storage: SqlStorage, gate: CredentialGate
) -> None:
    async def golden(name: str, *asked: Any, by: httpx.AsyncClient = store) -> None:
        await exchange(by, f"shoplazza/{name}", *asked)

    await golden("unauthorized", "GET", LIST, None, {"Access-Token": "unknown"})
    await golden("unknown-endpoint", "GET", f"{LIST}/100000000000000001")
    await golden("unknown-method", "POST", LIST, {})
    blind = await login(world, permissions=[Permission.SUPPLIERS_READ])
    await golden("forbidden", "GET", LIST, by=blind)
    leave = UpdateRecord(kind=type(world.buyer), id=world.buyer.id, given={"active": False})
    await run(leave, world.caller(world.approver), storage)
    gate.authenticator.forget(world.organization.id)
    await golden("not-active", "GET", LIST)
