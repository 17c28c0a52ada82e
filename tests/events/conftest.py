"""A real server, and clients that follow its events over both transports."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
import websockets

from tests.servers import Live, live_server

PROTOCOL: Any = "graphql-transport-ws"
EVENTS = "subscription ($after: String) { events(after: $after) { cursor type subjectId } }"
PATIENCE = 30


@pytest.fixture(scope="module")
async def live(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    async with live_server(database_url, tmp_path_factory.mktemp("live")) as live:
        yield live


class Socket:
    """A graphql-transport-ws client that says exactly what it is told to."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        self.connection = connection

    async def say(self, type: str, **rest: Any) -> None:
        await self.connection.send(orjson.dumps({"type": type, **rest}).decode())

    async def hear(self) -> Any:
        async with asyncio.timeout(PATIENCE):
            return orjson.loads(await self.connection.recv())

    async def greet(self, token: str) -> None:
        await self.say("connection_init", payload={"Authorization": f"Bearer {token}"})
        assert await self.hear() == {"type": "connection_ack"}

    async def subscribe(self, name: str, query: str, **variables: Any) -> None:
        await self.say("subscribe", id=name, payload={"query": query, "variables": variables})

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
