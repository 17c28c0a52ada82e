"""The worker goes on until it is stopped, whatever happens to a job or to the database."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.departments import Department
from domain.kit.ids import new_id
from persistence.engines import application_engine
from persistence.storage import EVENTS_WRITTEN, SqlStorage
from server.jobs import Job, Shift
from server.jobs.cleaning import CLEANING
from server.settings import Settings
from server.workers import run_worker
from tests.conftest import World, new_world
from tests.persistence.contents import entries
from usecases.records import CreateRecord

Run = Callable[[Shift], Awaitable[float | None]]


class Working:
    """A worker with these jobs, until the end of the block."""

    def __init__(self, url: str, engine: AsyncEngine, *jobs: Job, seconds: int = 5) -> None:
        self.stop = asyncio.Event()
        settings = Settings(shutdown_timeout=seconds)
        self._work = run_worker(url, engine, settings, self.stop, jobs=jobs)

    async def __aenter__(self) -> "asyncio.Task[None]":
        self.task = asyncio.create_task(self._work)
        return self.task

    async def __aexit__(self, *_exception: object) -> None:
        self.stop.set()
        async with asyncio.timeout(10):
            await self.task


def job(run: Run, *, every: float = 3600, woken_by: str | None = None) -> Job:
    return Job(name="testing", every=every, run=run, woken_by=woken_by)


class Counting:
    """A job that counts how often it was done, for others to wait for."""

    def __init__(self, sooner: float | None = None) -> None:
        self.done = 0
        self._sooner = sooner
        self._more = asyncio.Condition()

    async def __call__(self, _shift: Shift) -> float | None:
        async with self._more:
            self.done += 1
            self._more.notify_all()
        return self._sooner

    async def times(self, number: int) -> None:
        async with asyncio.timeout(10), self._more:
            await self._more.wait_for(lambda: self.done >= number)


async def test_a_worker_works_until_it_is_stopped(fresh_database: str) -> None:
    engine = application_engine(fresh_database, pool_size=1)
    world = await new_world(SqlStorage(engine))
    rows = await asyncpg.connect(fresh_database)
    await rows.execute(
        "INSERT INTO rate_limit_windows VALUES ($1, $2, 'day', now() - interval '3 days', 5)",
        world.organization.id,
        new_id(),
    )

    async with Working(fresh_database, engine, CLEANING) as working:
        async with asyncio.timeout(10):
            while await rows.fetchval("SELECT count(*) FROM rate_limit_windows"):
                pass
        assert not working.done()

    await rows.close()
    await engine.dispose()


async def test_a_worker_outlives_a_database_that_is_away(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    away = f"postgresql://nobody@/nothing?host={tmp_path}"

    async with (
        Working(away, engine, replace(CLEANING, every=0.001)) as working,
        asyncio.timeout(10),
    ):
        while len(caplog.messages) < 3:
            await asyncio.wait([working], timeout=0.01)

    assert caplog.messages[0].startswith("cleaning failed, to be tried again: FileNotFoundError")


async def test_a_job_with_a_bug_says_so_and_is_tried_again(
    database_url: str, engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    fine = Counting()

    async def broken(shift: Shift) -> None:
        await fine(shift)
        raise ZeroDivisionError

    async with Working(database_url, engine, job(broken, every=0.001)):
        await fine.times(3)

    assert caplog.messages[:2] == ["testing failed, to be tried again"] * 2
    assert caplog.records[0].exc_info
    assert caplog.records[0].exc_info[0] is ZeroDivisionError


async def test_a_slow_job_holds_up_no_other(database_url: str, engine: AsyncEngine) -> None:
    often = Counting()

    async def slow(shift: Shift) -> None:
        await shift.stop.wait()

    async with Working(database_url, engine, job(slow), job(often, every=0.001)):
        await often.times(5)


async def test_a_job_says_when_there_is_something_to_do_again(
    database_url: str, engine: AsyncEngine
) -> None:
    soon = Counting(sooner=0.001)

    async with Working(database_url, engine, job(soon)):
        await soon.times(5)


async def test_a_job_is_woken_by_what_others_commit(
    database_url: str, engine: AsyncEngine, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    woken = Counting()

    async with Working(database_url, engine, job(woken, woken_by=EVENTS_WRITTEN)):
        await woken.times(2)  # at the start, and when it listens
        await new_world(storage)
        await woken.times(3)
        ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname ="
        listener = " current_database() AND application_name = 'backoffice-listener'"
        before = woken.done
        await owner.execute(ended + listener)
        await woken.times(before + 1)  # it listens again


async def test_a_job_that_does_not_end_is_cut_short(
    database_url: str, engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    started = Counting()

    async def endless(shift: Shift) -> None:
        await started(shift)
        await asyncio.Event().wait()

    async with Working(database_url, engine, job(endless), seconds=0):
        await started.times(1)

    assert caplog.messages == ["testing was still at work when the worker had to stop"]


async def test_what_a_job_does_is_done_by_the_system(
    database_url: str, engine: AsyncEngine, world: World, owner: asyncpg.Connection
) -> None:
    done: list[Department] = []

    async def work(shift: Shift) -> None:
        assert world.organization.id in {each.id for each in await shift.organizations()}
        create = CreateRecord(kind=Department, given={"code": "SYS", "name": "System"})
        record = (await shift.perform(create, world.organization.id)).record
        assert record is not None
        done.append(record)
        shift.stop.set()

    async with Working(database_url, engine, job(work)) as working:
        await working

    [entry] = await entries(owner, done[0].id)
    assert (entry["channel"], entry["request_id"]) == ("SYSTEM", "worker")
    assert (entry["actor_id"].int, entry["credential_id"]) == (0, None)


async def test_a_job_goes_by_the_workers_clock(database_url: str, engine: AsyncEngine) -> None:
    then = datetime(2026, 6, 1, tzinfo=UTC)
    seen: list[datetime] = []
    stop = asyncio.Event()

    async def look(shift: Shift) -> None:
        seen.append(shift.now() - timedelta(days=1))
        shift.stop.set()

    await run_worker(database_url, engine, Settings(), stop, jobs=[job(look)], now=lambda: then)

    assert seen == [datetime(2026, 5, 31, tzinfo=UTC)]
