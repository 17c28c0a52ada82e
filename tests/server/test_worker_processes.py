"""`backoffice worker` as a process, next to others of its kind, signalled as an operator would."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import asyncpg
import pytest

from domain.kit.ids import new_id
from domain.organizations import Plan, Sandbox
from persistence.engines import application_engine
from persistence.storage import SqlStorage
from server.operators import operator
from server.workers import JOBS
from tests import make
from tests.conftest import keep
from usecases.kit import run
from usecases.operations import FoundOrganization

WORKER = [sys.executable, "-m", "server.cli", "worker"]
PATIENCE = 60
WORKS = "backoffice works: "

Process = subprocess.Popen[str]
Start = Callable[..., Process]


@pytest.fixture
def start(fresh_database: str, tmp_path: Path) -> Iterator[Start]:
    """Starts a worker on this test's database; keywords are environment variables."""
    with ExitStack() as running:

        def start(**environment: str) -> Process:
            process = subprocess.Popen(  # noqa: S603 - ourselves
                WORKER,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=os.environ
                | {"DATABASE_URL": fresh_database, "DATA_DIR": str(tmp_path), "LOG_FORMAT": "json"}
                | environment,
            )
            running.enter_context(process)
            running.callback(process.terminate)
            return process

        yield start


async def said(process: Process) -> str:
    assert process.stdout is not None
    return await asyncio.to_thread(process.stdout.readline)


async def ended(process: Process) -> tuple[int, list[dict[str, str]]]:
    """How it ends, and what it has logged."""
    _, log = await asyncio.to_thread(process.communicate, timeout=PATIENCE)
    return process.returncode, [json.loads(line) for line in log.splitlines()]


async def found_sandbox(database: str) -> None:
    """Due at once, with a supplier in it."""
    engine = application_engine(database, pool_size=1)
    storage = SqlStorage(engine)
    id = new_id()
    founding = FoundOrganization(
        name="Sandbox",
        plan=Plan.BASIC,
        base_currency="SAR",
        admin_name="Ada Admin",
        admin_email="ada@example.com",
        sandbox=Sandbox.EMPTY,
    )
    await run(founding, operator(id), storage)
    await keep(storage, operator(id), make.supplier())
    await engine.dispose()


async def test_several_workers_reset_a_sandbox_once(start: Start, fresh_database: str) -> None:
    await found_sandbox(fresh_database)
    workers = [start() for _ in range(3)]

    first_words = await asyncio.gather(*(said(worker) for worker in workers))
    rows = await asyncpg.connect(fresh_database)
    async with asyncio.timeout(PATIENCE):
        while await rows.fetchval("SELECT count(*) FROM suppliers"):
            pass
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    ends = [await ended(worker) for worker in workers]

    jobs = ", ".join(job.name for job in JOBS)
    assert {word.strip() for word in first_words} == {f"{WORKS}{jobs}. Ctrl-C stops it."}
    assert [code for code, _ in ends] == [0, 0, 0]
    told = [entry for _, log in ends for entry in log]
    assert [entry["event"] for entry in told] == ["reset the sandbox Sandbox"]
    assert (told[0]["level"], told[0]["logger"]) == ("info", "server.jobs.sandboxes")
    resets = "SELECT count(*) FROM audit_events WHERE action = 'organization.reset'"
    assert await rows.fetchval(resets) == 1
    await rows.close()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT], ids=lambda it: it.name)
async def test_a_worker_ends_within_seconds_whatever_is_under_way(
    start: Start, fresh_database: str, ending: signal.Signals
) -> None:
    await found_sandbox(fresh_database)
    writer = await asyncpg.connect(fresh_database)
    async with writer.transaction():
        id = await writer.fetchval("SELECT id::text FROM organizations")
        lock = "SELECT pg_advisory_xact_lock_shared(hashtextextended('writers of ' || $1, 0))"
        await writer.execute(lock, id)
        worker = start(SHUTDOWN_TIMEOUT="1")
        await said(worker)
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        async with asyncio.timeout(PATIENCE):
            while not await writer.fetchval(waiting):
                pass

        before = time.monotonic()
        worker.send_signal(ending)
        code, log = await ended(worker)

        assert code == 0
        assert 0.9 < time.monotonic() - before < 5
        assert [entry["event"] for entry in log] == [
            "sandboxes was still at work when the worker had to stop"
        ]
    assert await writer.fetchval("SELECT count(*) FROM suppliers") == 1
    assert await writer.fetchval("SELECT reset_on FROM organizations") is None
    await writer.close()
