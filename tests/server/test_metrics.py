"""Numbers for Prometheus: what is counted, under which names, and that nothing else is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from asgi_lifespan import LifespanManager

from server.app import create_app
from server.settings import Settings


@asynccontextmanager
async def served(url: str, **settings: bool) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(**settings), url)  # type: ignore[arg-type]
    async with LifespanManager(app) as manager:
        transport = httpx.ASGITransport(manager.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client


async def numbers(client: httpx.AsyncClient) -> dict[str, float]:
    """The samples that are ours, by name and labels."""
    response = await client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    lines = [line for line in response.text.splitlines() if line.startswith("backoffice")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


async def test_requests_are_counted_by_api_and_status(fresh_database: str) -> None:
    async with served(fresh_database) as client:
        for path in ("/v1/vendors", "/waqti/v1/nope", "/openapi/2022-01/procurements"):
            await client.get(path)
        await client.post("/graphql", json={"query": "{ viewer { permissions } }"})
        await client.get("/v1nope")
        found = await numbers(client)

    counted = {name: n for name, n in found.items() if name.startswith("backoffice_requests_total")}
    assert counted == {
        'backoffice_requests_total{api="waqti",status="401"}': 2,
        'backoffice_requests_total{api="shoplazza",status="401"}': 1,
        'backoffice_requests_total{api="graphql",status="401"}': 1,
        'backoffice_requests_total{api="other",status="404"}': 1,
    }
    assert found['backoffice_request_seconds_count{api="waqti"}'] == 2


async def test_what_is_open_is_told(fresh_database: str) -> None:
    async with served(fresh_database) as client:
        found = await numbers(client)

    assert found["backoffice_streams"] == 0
    assert found["backoffice_database_connections_in_use"] >= 0


async def test_they_can_be_turned_off(fresh_database: str) -> None:
    async with served(fresh_database, metrics=False) as client:
        assert (await client.get("/metrics")).status_code == 404
