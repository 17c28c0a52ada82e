"""What is kept for a while only: deleted when its time is over, by as many as want to.

What is not named here is kept for ever.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Delete, Table, bindparam, delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from persistence import idempotency
from persistence import tables as t
from persistence.organizations import inside

AT_ONCE = 1000  # rows: no transaction is long, and none of them waits for another


class Kept(NamedTuple):
    """Rows of a table, for so long after a moment of theirs; where that is null, for ever.

    An index of the table finds them, where there are many.
    """

    table: Table
    since: str
    period: timedelta


KEPT = (
    Kept(t.idempotency_records, "created_at", idempotency.KEPT),
    Kept(t.rate_limit_windows, "starts_at", timedelta(days=2)),  # a window is a day long at most
    Kept(t.rate_limit_buckets, "at", timedelta(days=1)),  # the slowest is empty after a minute
    Kept(t.webhook_deliveries, "ended_at", timedelta(days=30)),  # none that is still tried
)


def _delete(kept: Kept) -> Delete:
    key = tuple_(*kept.table.primary_key.columns)
    old = (
        select(*kept.table.primary_key.columns)
        .where(kept.table.c[kept.since] < bindparam("before"))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return delete(kept.table).where(key.in_(old))


_DELETIONS = tuple((kept, _delete(kept)) for kept in KEPT)


async def clean(engine: AsyncEngine, organization_id: UUID, now: datetime) -> Counter[str]:
    """How many rows were deleted of each table; the engine is the application's."""
    cleaned: Counter[str] = Counter()
    for kept, deletion in _DELETIONS:
        before = {"before": now - kept.period}
        deleted = AT_ONCE
        while deleted == AT_ONCE:
            async with inside(engine, organization_id) as connection:
                deleted = (await connection.execute(deletion, before)).rowcount
            cleaned[kept.table.name] += deleted
    return cleaned
