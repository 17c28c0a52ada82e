"""Hearing what others have committed, for as long as the connection lives."""

import asyncio

import asyncpg
from sqlalchemy.engine import make_url

from domain.suppliers import Supplier
from persistence.notifications import PING, listen
from persistence.storage import EVENTS_WRITTEN, SqlStorage
from tests import make
from tests.conftest import World, keep

CHANNEL = "backoffice_tests"
PINGED = """
SELECT count(*) FROM pg_stat_activity
 WHERE application_name = 'backoffice-listener' AND datname = $1 AND query = $2 AND state = 'idle'
"""


async def test_a_connection_that_was_asked_whether_it_lives_still_hears(
    fresh_database: str, owner: asyncpg.Connection
) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    listener = asyncio.create_task(
        listen(
            fresh_database,
            CHANNEL,
            heard=heard.put_nowait,
            listening=lambda: None,
            ping_seconds=0.01,
        )
    )
    async with asyncio.timeout(10):
        while not await owner.fetchval(PINGED, make_url(fresh_database).database, PING):
            assert not listener.done()
        other = await asyncpg.connect(fresh_database)
        await other.execute(f"NOTIFY {CHANNEL}, 'news'")
        await other.close()

        assert await heard.get() == "news"

    listener.cancel()
    await asyncio.wait({listener})


async def test_every_transaction_that_writes_events_is_heard_of_once(
    database_url: str, storage: SqlStorage, world: World, other_world: World
) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    ready = asyncio.Event()
    listener = asyncio.create_task(
        listen(database_url, EVENTS_WRITTEN, heard=heard.put_nowait, listening=ready.set)
    )
    async with asyncio.timeout(10):
        await ready.wait()
        async with storage.begin(world.caller()) as rolled_back:
            rolled_back.records(Supplier).add(make.supplier())
            await rolled_back.flush()
        await keep(storage, world.caller(), make.supplier(), make.supplier())
        await keep(storage, other_world.caller(), make.supplier())

        organizations = [await heard.get(), await heard.get()]

    listener.cancel()
    await asyncio.wait({listener})
    assert organizations == [str(world.organization.id), str(other_world.organization.id)]
