"""A request never holds two connections: a pool of one is enough for everything."""

import asyncio

import pytest
from starlette.applications import Starlette

from domain.callers import Channel
from persistence.engines import application_engine
from persistence.storage import SqlStorage
from rest.kit import mount
from rest.waqti import ENDPOINTS, WAQTI
from server.gate import CredentialGate
from tests.conftest import World
from tests.rest.conftest import new_client
from tests.rest.waqti.samples import PAPER, created, data
from tests.server.gates import issued


@pytest.mark.parametrize("at_once", [1, 8])
async def test_every_kind_of_request_works_on_one_connection(
    database_url: str, storage: SqlStorage, gate: CredentialGate, world: World, at_once: int
) -> None:
    credential = await issued(storage, world, dialect=Channel.WAQTI)
    engine = application_engine(database_url, pool_size=1)
    routes = mount(WAQTI, ENDPOINTS, SqlStorage(engine), gate)

    async with new_client(Starlette(routes=routes), credential.secret) as client:

        async def life() -> str:
            id = (await created(client, world))["id"]
            path = f"/purchase-orders/{id}"
            data(await client.put(path, json={"notes": "x"}))
            data(await client.post(f"{path}/items", json=PAPER), 201)
            data(await client.post(f"{path}/submit"))
            assert (await client.get(f"{path}/pdf")).status_code == 200
            status: str = data(await client.get(path))["status"]
            return status

        async with asyncio.timeout(30):
            statuses = await asyncio.gather(*(life() for _ in range(at_once)))

    await engine.dispose()
    assert statuses == ["approved"] * at_once


async def test_a_refused_request_gives_its_connection_back(
    database_url: str, storage: SqlStorage, gate: CredentialGate, world: World
) -> None:
    credential = await issued(storage, world, dialect=Channel.WAQTI)
    engine = application_engine(database_url, pool_size=1)
    routes = mount(WAQTI, ENDPOINTS, SqlStorage(engine), gate)

    async with new_client(Starlette(routes=routes), credential.secret) as client:
        for path in ["/purchase-orders/999", "/vendors/999", "/purchase-orders/x"] * 3:
            assert (await client.get(path)).status_code == 404
        assert (await client.post("/purchase-orders/999/items", json=PAPER)).status_code == 404

    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    await engine.dispose()
