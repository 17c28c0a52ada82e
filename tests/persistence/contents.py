"""What is really in the tables, seen by their owner: to show that nothing happened."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from persistence.tables import metadata
from tests.conftest import World

Rows = list[asyncpg.Record]


async def contents(owner: asyncpg.Connection, world: World) -> dict[str, list[Any]]:
    """Every row of an organization, in every table."""
    query = "SELECT to_jsonb(row)::text FROM {} row WHERE organization_id = $1 ORDER BY 1"
    return {
        table: [row[0] for row in await owner.fetch(query.format(table), world.organization.id)]
        for table in metadata.tables
    }


@asynccontextmanager
async def unchanged(owner: asyncpg.Connection, world: World) -> AsyncIterator[None]:
    """Whatever is done inside leaves no trace: no row, number, counter, entry or event."""
    before = await contents(owner, world)
    yield
    assert await contents(owner, world) == before


async def entries(owner: asyncpg.Connection, subject: Any) -> Rows:
    """The audit entries of a record, in order."""
    query = "SELECT * FROM audit_events WHERE subject_id = $1 ORDER BY sequence"
    rows: Rows = await owner.fetch(query, subject)
    return rows


async def actions(owner: asyncpg.Connection, subject: Any) -> list[str]:
    return [row["action"] for row in await entries(owner, subject)]
