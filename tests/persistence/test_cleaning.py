"""What is kept for a while goes when its time is over, in every organization, and nothing else."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg

from domain.kit.ids import new_id
from persistence.cleaning import Cleaned, clean
from persistence.engines import application_engine
from persistence.storage import SqlStorage
from tests.conftest import new_world

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def fill(database: str, organization_id: UUID) -> None:
    """Two records, windows and buckets, of which one each is too old."""
    connection = await asyncpg.connect(database)
    for age in (timedelta(hours=23), timedelta(hours=25)):
        await connection.execute(
            "INSERT INTO idempotency_records VALUES ($1, $2, $3, 'x', NULL, $4)",
            organization_id,
            new_id(),
            str(age),
            NOW - age,
        )
    for age in (timedelta(days=1), timedelta(days=3)):
        await connection.execute(
            "INSERT INTO rate_limit_windows VALUES ($1, $2, 'day', $3, 5)",
            organization_id,
            new_id(),
            NOW - age,
        )
    for age in (timedelta(hours=23), timedelta(hours=25)):
        await connection.execute(
            "INSERT INTO rate_limit_buckets VALUES ($1, $2, 40, $3, 5)",
            organization_id,
            new_id(),
            NOW - age,
        )
    await connection.close()


async def left(database: str) -> list[tuple[str, int]]:
    connection = await asyncpg.connect(database)
    records = await connection.fetch("SELECT key, count(*) FROM idempotency_records GROUP BY 1")
    windows = await connection.fetch(
        "SELECT starts_at::date::text, count(*) FROM rate_limit_windows GROUP BY 1"
    )
    buckets = await connection.fetch("SELECT at::text, count(*) FROM rate_limit_buckets GROUP BY 1")
    await connection.close()
    return [tuple(row) for row in (*records, *windows, *buckets)]


LEFT = [("23:00:00", 2), ("2026-05-31", 2), ("2026-05-31 13:00:00+00", 2)]


async def test_old_records_windows_and_buckets_go_in_every_organization(
    fresh_database: str,
) -> None:
    engine = application_engine(fresh_database, pool_size=2)
    for _ in range(2):
        world = await new_world(SqlStorage(engine))
        await fill(fresh_database, world.organization.id)

    cleaned = await clean(fresh_database, engine, NOW)
    again = await clean(fresh_database, engine, NOW)

    await engine.dispose()
    assert (cleaned, again) == (Cleaned(2, 2, 2), Cleaned(0, 0, 0))
    assert await left(fresh_database) == LEFT


async def test_several_may_clean_at_the_same_time(fresh_database: str) -> None:
    engine = application_engine(fresh_database, pool_size=10)
    for _ in range(2):
        world = await new_world(SqlStorage(engine))
        await fill(fresh_database, world.organization.id)

    cleaned = await asyncio.gather(*(clean(fresh_database, engine, NOW) for _ in range(8)))

    await engine.dispose()
    assert Cleaned(*map(sum, zip(*cleaned, strict=True))) == Cleaned(2, 2, 2)
    assert await left(fresh_database) == LEFT
