"""Whoever is cut off goes on with the last cursor: nothing is missed, nothing comes twice."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import asyncpg
import pytest

from domain.suppliers import Supplier
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep
from tests.events.conftest import key, latest, over_socket, over_stream, rename
from tests.servers import Live
from usecases.reads.events import Position

WRITERS, WRITES, CUTS = 4, 60, 20
TOTAL = WRITERS * WRITES
Follow = Callable[[Live, str, str | None], AsyncIterator[Any]]


async def write(storage: SqlStorage, world: World, supplier: Supplier) -> None:
    for number in range(WRITES):
        await rename(storage, world, supplier, f"Name {number}")


@pytest.mark.parametrize("follow", [over_socket, over_stream])
async def test_a_client_that_is_cut_off_hears_every_event_once_and_in_order(
    live: Live, storage: SqlStorage, owner: asyncpg.Connection, world: World, follow: Follow
) -> None:
    token = (await key(storage, live, world)).secret
    assert token is not None
    suppliers = [make.supplier() for _ in range(WRITERS)]
    await keep(storage, world.caller(), *suppliers)
    start = cursor = await latest(live, token)
    heard: list[Any] = []
    cuts = 0

    async with asyncio.TaskGroup() as writers:
        for supplier in suppliers:
            writers.create_task(write(storage, world, supplier))
        while len(heard) < TOTAL:
            async with aclosing(follow(live, token, cursor)) as events:  # type: ignore[type-var]
                async for event in events:
                    heard.append(event)
                    cursor = event["cursor"]
                    if len(heard) == TOTAL:
                        break
                    if cuts < CUTS and len(heard) >= (cuts + 1) * TOTAL // (CUTS + 1):
                        cuts += 1
                        break

    written = await owner.fetch(
        "SELECT position, subject_id, version FROM outbox_events"
        " WHERE organization_id = $1 AND position > $2 ORDER BY position",
        world.organization.id,
        Position.at(start).position,
    )
    assert cuts == CUTS
    assert [(event["cursor"], event["subjectId"], event["version"]) for event in heard] == [
        (Position(row["position"]).cursor, f"sup_{row['subject_id'].hex}", row["version"])
        for row in written
    ]
    assert await latest(live, token) == cursor


@pytest.mark.parametrize("follow", [over_socket, over_stream])
async def test_from_the_beginning_everything_comes(
    live: Live, storage: SqlStorage, owner: asyncpg.Connection, world: World, follow: Follow
) -> None:
    token = (await key(storage, live, world)).secret
    assert token is not None
    written = await owner.fetch(
        "SELECT position, type FROM outbox_events WHERE organization_id = $1 ORDER BY position",
        world.organization.id,
    )
    heard: list[Any] = []

    async with aclosing(follow(live, token, Position(0).cursor)) as events:  # type: ignore[type-var]
        async for event in events:
            heard.append((Position.at(event["cursor"]).position, event["type"]))
            if len(heard) == len(written):
                break

    assert heard == [(row["position"], row["type"]) for row in written]
