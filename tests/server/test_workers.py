"""The worker goes on until it is stopped, whatever happens to the database."""

import asyncio
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.kit.ids import new_id
from persistence.engines import application_engine
from persistence.storage import SqlStorage
from server.jobs.cleaning import CLEANING
from server.settings import Settings
from server.workers import run_worker
from tests.conftest import new_world


async def test_a_worker_works_until_it_is_stopped(fresh_database: str) -> None:
    engine = application_engine(fresh_database, pool_size=1)
    world = await new_world(SqlStorage(engine))
    rows = await asyncpg.connect(fresh_database)
    await rows.execute(
        "INSERT INTO rate_limit_windows VALUES ($1, $2, 'day', now() - interval '3 days', 5)",
        world.organization.id,
        new_id(),
    )
    stop = asyncio.Event()

    working = asyncio.create_task(run_worker(fresh_database, engine, Settings(), stop))
    async with asyncio.timeout(10):
        while await rows.fetchval("SELECT count(*) FROM rate_limit_windows"):
            pass
    assert not working.done()
    stop.set()
    await working

    await rows.close()
    await engine.dispose()


async def test_a_worker_outlives_a_database_that_is_away(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    stop = asyncio.Event()
    jobs = [replace(CLEANING, every=0.001)]
    away = f"postgresql://nobody@/nothing?host={tmp_path}"

    working = asyncio.create_task(run_worker(away, engine, Settings(), stop, jobs=jobs))
    async with asyncio.timeout(10):
        while len(caplog.messages) < 3:
            await asyncio.wait([working], timeout=0.01)
    stop.set()
    await working

    assert caplog.messages[0].startswith("cleaning failed, to be tried again: FileNotFoundError")
