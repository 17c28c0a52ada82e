"""A database that goes away for a moment breaks streams, and loses nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import websockets

from tests.events.conftest import asking, latest, over_socket, over_stream
from tests.servers import Live, live_server

CHANGES = 40
RENAME = """mutation ($id: ID!, $name: String!, $key: String!) {
  supplierUpdate(input: {id: $id, name: $name}, idempotencyKey: $key) { errors { code } } }"""
CUT = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()"""
Follow = Callable[[Live, str, str | None], AsyncIterator[Any]]


async def follow_on(follow: Follow, live: Live, cursor: str) -> list[Any]:
    """Every change there is to hear, however many connections that takes."""
    heard: list[Any] = []
    async with asyncio.timeout(60):
        while True:
            try:
                async with aclosing(follow(live, live.token, cursor)) as events:  # type: ignore[type-var]
                    async for event in events:
                        heard.append(event["version"])
                        cursor = event["cursor"]
                        if len(heard) == CHANGES:
                            return heard
            except (websockets.ConnectionClosed, httpx.TransportError, AssertionError):
                continue  # broken off, or not to be opened yet


async def change(live: Live, database: asyncpg.Connection) -> None:
    """One change after the other, with every connection of the server cut in between."""
    id = f"sup_{live.world.supplier.id.hex}"
    async with asking(live.token) as client:
        for number in range(CHANGES):
            variables = {"id": id, "name": f"Name {number}", "key": f"{number}"}
            body = {"query": RENAME, "variables": variables}
            while (answer := await client.post(live.graphql, json=body)).status_code != 200 or (
                "errors" in answer.json()
            ):
                pass
            if number % 8 == 7:
                assert await database.fetchval(CUT) > 0


@pytest.mark.parametrize("follow", [over_socket, over_stream])
async def test_whoever_comes_back_has_missed_nothing(
    fresh_database: str, tmp_path: Path, follow: Follow
) -> None:
    database = await asyncpg.connect(fresh_database)
    async with live_server(fresh_database, tmp_path) as live:
        start = await latest(live, live.token)
        following = asyncio.create_task(follow_on(follow, live, start))
        await change(live, database)
        heard = await following
    await database.close()

    assert heard == [*range(2, CHANGES + 2)]
