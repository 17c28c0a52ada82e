"""What is kept for a while goes when its time is over, in every organization, and nothing else."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.kit.ids import new_id
from persistence.cleaning import AT_ONCE, KEPT, clean
from persistence.engines import application_engine
from persistence.storage import SqlStorage
from tests.conftest import World, new_world

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


async def everywhere(engine: AsyncEngine, worlds: list[World]) -> Counter[str]:
    cleaned: Counter[str] = Counter()
    for world in worlds:
        cleaned += await clean(engine, world.organization.id, NOW)
    return cleaned


async def filled(database: str, engine: AsyncEngine) -> list[World]:
    worlds = [await new_world(SqlStorage(engine)) for _ in range(2)]
    for world in worlds:
        await fill(database, world.organization.id)
    return worlds


CLEANED = {"idempotency_records": 2, "rate_limit_windows": 2, "rate_limit_buckets": 2}


async def test_old_records_windows_and_buckets_go_in_every_organization(
    fresh_database: str,
) -> None:
    engine = application_engine(fresh_database, pool_size=2)
    worlds = await filled(fresh_database, engine)

    cleaned = await everywhere(engine, worlds)
    again = await everywhere(engine, worlds)

    await engine.dispose()
    assert (cleaned, again) == (CLEANED, {})
    assert await left(fresh_database) == LEFT


async def test_several_may_clean_at_the_same_time(fresh_database: str) -> None:
    engine = application_engine(fresh_database, pool_size=10)
    worlds = await filled(fresh_database, engine)

    cleaned = await asyncio.gather(*(everywhere(engine, worlds) for _ in range(8)))

    await engine.dispose()
    assert sum(cleaned, Counter()) == CLEANED
    assert await left(fresh_database) == LEFT


async def test_however_many_they_are_they_go_in_small_transactions(fresh_database: str) -> None:
    engine = application_engine(fresh_database, pool_size=2)
    world = await new_world(SqlStorage(engine))
    rows = await asyncpg.connect(fresh_database)
    await rows.execute(
        "INSERT INTO idempotency_records SELECT $1, $1, n::text, 'x', NULL, $2"
        " FROM generate_series(1, $3) n",
        world.organization.id,
        NOW - timedelta(days=2),
        2 * AT_ONCE + 1,
    )

    cleaned = await clean(engine, world.organization.id, NOW)

    assert +cleaned == {"idempotency_records": 2 * AT_ONCE + 1}
    assert await rows.fetchval("SELECT count(*) FROM idempotency_records") == 0
    await rows.close()
    await engine.dispose()


async def test_deliveries_that_ended_go_after_thirty_days_and_open_ones_stay(
    fresh_database: str,
) -> None:
    engine = application_engine(fresh_database, pool_size=2)
    world = await new_world(SqlStorage(engine))
    rows = await asyncpg.connect(fresh_database)
    endpoint = new_id()
    await rows.execute(
        "INSERT INTO webhook_endpoints (organization_id, id, version, created_at, updated_at, name,"
        " url, events, form, is_active, secret, position, number, failure_count, waqti_id) VALUES"
        " ($1, $2, 1, now(), now(), 'X', 'https://x.example.com', '{*}', 'STANDARD', true, 'x', 0,"
        " 3, 0, 1)",
        world.organization.id,
        endpoint,
    )
    deliveries = [(1, "SUCCEEDED", 29), (2, "DEAD", 31), (3, "RETRYING", None)]
    for number, status, days in deliveries:
        await rows.execute(
            "INSERT INTO webhook_deliveries (organization_id, id, endpoint_id, number, position,"
            " event_id, subject_id, type, status, attempt_count, created_at, ended_at) VALUES"
            " ($1, $2, $3, $4, $4, $2, $2, 'x', $5, 1, $6, $7)",
            world.organization.id,
            new_id(),
            endpoint,
            number,
            status,
            NOW - timedelta(days=40),
            None if days is None else NOW - timedelta(days=days),
        )

    cleaned = await clean(engine, world.organization.id, NOW)

    assert +cleaned == {"webhook_deliveries": 1}
    left = await rows.fetch("SELECT status FROM webhook_deliveries ORDER BY number")
    assert [row["status"] for row in left] == ["SUCCEEDED", "RETRYING"]
    await rows.close()
    await engine.dispose()


def test_what_is_old_is_found_with_an_index() -> None:
    few = "rate_limit_buckets"  # one for each credential at most
    for kept in KEPT:
        led = {index.columns.keys()[1] for index in kept.table.indexes if len(index.columns) > 1}
        key = kept.table.primary_key.columns.keys()
        assert kept.since in led or kept.since in key or kept.table.name == few
