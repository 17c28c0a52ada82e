"""A real server, and clients that follow its events over both transports."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
import pytest
import websockets

from domain.api_credentials import ApiCredential
from domain.kit.aggregate import Aggregate
from domain.suppliers import Supplier
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World
from tests.server.gates import issued
from tests.servers import Live, live_server
from usecases.kit import run
from usecases.records import UpdateRecord

PROTOCOL: Any = "graphql-transport-ws"
EVENTS = """subscription ($after: String) {
  events(after: $after) { cursor type kind subjectId version } }"""
PATIENCE = 30


@pytest.fixture(scope="module")
async def live(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    async with live_server(database_url, tmp_path_factory.mktemp("live")) as live:
        yield live


async def key(storage: SqlStorage, live: Live, world: World, **values: Any) -> ApiCredential:
    """A credential of a world, without a limit."""
    credential = await issued(storage, world, **values)
    await make.lift_limits(live.database)
    return credential


async def rename(storage: SqlStorage, world: World, supplier: Aggregate, name: str) -> None:
    """One event."""
    update = UpdateRecord(kind=Supplier, id=supplier.id, given={"name": name})
    await run(update, world.caller(), storage)


async def latest(live: Live, token: str) -> str:
    """The newest cursor there is."""
    async with asking(token) as client:
        query = {"query": "{ changes(first: 1) { latestCursor } }"}
        answer = await client.post(live.graphql, json=query)
    cursor: str = answer.json()["data"]["changes"]["latestCursor"]
    return cursor


def asking(token: str, **headers: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        headers={"Authorization": f"Bearer {token}", **headers}, timeout=PATIENCE, trust_env=False
    )


# graphql-transport-ws


class Socket:
    """A client that says exactly what it is told to."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        self.connection = connection

    async def say(self, type: str, **rest: Any) -> None:
        await self.connection.send(orjson.dumps({"type": type, **rest}).decode())

    async def hear(self) -> Any:
        async with asyncio.timeout(PATIENCE):
            return orjson.loads(await self.connection.recv())

    async def greet(self, token: str, **payload: str) -> None:
        await self.say("connection_init", payload={"Authorization": f"Bearer {token}", **payload})
        assert await self.hear() == {"type": "connection_ack"}

    async def subscribe(self, name: str, query: str, **variables: Any) -> None:
        await self.say("subscribe", id=name, payload={"query": query, "variables": variables})

    async def event(self) -> Any:
        """What the next event of a subscription says."""
        heard = await self.hear()
        assert heard["type"] == "next", heard
        return heard["payload"]["data"]["events"]

    async def closed(self) -> tuple[int | None, str | None]:
        """The code and reason with which the server ends it."""
        async with asyncio.timeout(PATIENCE):
            await self.connection.wait_closed()
        return self.connection.close_code, self.connection.close_reason


@asynccontextmanager
async def socket(live: Live, token: str | None = None, **options: Any) -> AsyncIterator[Socket]:
    """A connection; with a token, one that is acknowledged."""
    url = live.graphql.replace("http", "ws", 1)
    options = {"subprotocols": [PROTOCOL], "proxy": None, **options}
    async with websockets.connect(url, **options) as connection:
        socket = Socket(connection)
        if token is not None:
            await socket.greet(token)
        yield socket


async def over_socket(live: Live, token: str, after: str | None) -> AsyncIterator[Any]:
    """Events after a cursor, until the connection is cut off without a word."""
    async with socket(live, token) as client:
        await client.subscribe("1", EVENTS, after=after)
        try:
            while True:
                yield await client.event()
        finally:
            client.connection.transport.abort()


# Event streams


@asynccontextmanager
async def stream(
    live: Live, token: str, query: str, **variables: Any
) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
    """The events of an event stream: `next` with what it says, `complete` with nothing."""
    body = {"query": query, "variables": variables}
    client = asking(token, Accept="text/event-stream")
    async with client, client.stream("POST", live.graphql, json=body) as response:
        assert response.status_code == 200, await response.aread()
        yield told(response)


async def told(response: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    name, data = "", ""
    async for line in response.aiter_lines():
        field, _, value = line.partition(":")
        if field == "event":
            name = value.strip()
        elif field == "data":
            data = value.strip()
        elif line == "" and name:
            yield name, orjson.loads(data) if data else None
            name, data = "", ""


async def over_stream(live: Live, token: str, after: str | None) -> AsyncIterator[Any]:
    """Events after a cursor, until the connection is closed."""
    async with stream(live, token, EVENTS, after=after) as events:
        async for name, body in events:
            assert name == "next", (name, body)
            yield body["data"]["events"]
