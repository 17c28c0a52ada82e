"""Several workers at once, and workers that are killed."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.suppliers import Supplier
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.webhooks.conftest import Registered, supply, working
from tests.webhooks.receivers import Receiver, receiving
from tests.webhooks.test_delivering import in_order
from usecases.kit import run
from usecases.records import UpdateRecord

WORKER = [sys.executable, "-m", "server.cli", "worker"]


async def test_two_workers_send_two_hundred_events_once_each_and_in_order(
    store: SqlStorage,
    company: World,
    register: Registered,
    fresh_database: str,
    app_engine: AsyncEngine,
    tmp_path: Path,
) -> None:
    async with (
        receiving() as receiver,
        working(fresh_database, app_engine, tmp_path, number=2),
    ):
        await register(receiver, "supplier.*")
        ids = [await supply(store, company, f"Supplier {n}") for n in range(50)]
        for number in range(3):
            for id in ids:
                update = UpdateRecord(kind=Supplier, id=id, given={"name": f"{id} {number}"})
                await run(update, company.caller(), store)
        await receiver.until(lambda: len(receiver.received) >= 200, seconds=60)

    sent = [each.headers["webhook-id"] for each in receiver.received]
    assert (len(sent), len({*sent})) == (200, 200)
    assert set(map(tuple, in_order(receiver).values())) == {(1, 2, 3, 4)}


async def test_what_a_killed_worker_had_under_way_is_sent_by_another(
    store: SqlStorage,
    company: World,
    register: Registered,
    fresh_database: str,
    app_engine: AsyncEngine,
    owner_of_fresh: asyncpg.Connection,
    tmp_path: Path,
) -> None:
    reached = asyncio.Event()

    def hang(_receiver: Receiver, _received: object) -> bytes:
        reached.set()
        return b""  # the connection stays open, and nothing comes

    async with receiving(hang) as receiver:
        endpoint = await register(receiver, "supplier.*")
        worker = subprocess.Popen(  # noqa: S603, ASYNC220 - ourselves
            WORKER,
            env=os.environ
            | {"DATABASE_URL": fresh_database, "DATA_DIR": str(tmp_path)}
            | {"WEBHOOKS_ALLOW_PRIVATE": "true"},
        )
        try:
            await supply(store, company, "Gulf Paper")
            async with asyncio.timeout(60):
                await reached.wait()
        finally:
            worker.send_signal(signal.SIGKILL)
            await asyncio.to_thread(worker.wait)
        [left] = await owner_of_fresh.fetch("SELECT * FROM webhook_deliveries")
        assert (left["status"], left["attempt_count"]) == ("PENDING", 0)
        assert left["leased_until"] is not None
        receiver.answer = lambda _r, _e: 200
        await owner_of_fresh.execute("UPDATE webhook_deliveries SET leased_until = now()")
        async with working(fresh_database, app_engine, tmp_path):
            await receiver.until(lambda: len(receiver.accepted) == 1)

    first, again = receiver.received
    assert first.verified(endpoint.secret) == again.verified(endpoint.secret)
