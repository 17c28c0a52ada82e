"""What is kept for a while only: deleted when its time is over, by as many as want to."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, delete
from sqlalchemy.ext.asyncio import AsyncEngine

from persistence import tables as t
from persistence.idempotency import KEPT
from persistence.organizations import inside, organizations

WINDOWS_KEPT = timedelta(days=2)  # a window is a day long at most
BUCKETS_KEPT = timedelta(days=1)  # the slowest is empty again after a minute

_RECORDS = delete(t.idempotency_records).where(
    t.idempotency_records.c.created_at < bindparam("before")
)
_WINDOWS = delete(t.rate_limit_windows).where(
    t.rate_limit_windows.c.starts_at < bindparam("before")
)
_BUCKETS = delete(t.rate_limit_buckets).where(t.rate_limit_buckets.c.at < bindparam("before"))


class Cleaned(NamedTuple):
    idempotency_records: int
    rate_limit_windows: int
    rate_limit_buckets: int


async def clean(url: str, engine: AsyncEngine, now: datetime) -> Cleaned:
    """Go through all organizations, which only the owner, at `url`, knows; how much was deleted."""
    records = windows = buckets = 0
    for organization in await organizations(url):
        async with inside(engine, organization.id) as connection:
            records += (await connection.execute(_RECORDS, {"before": now - KEPT})).rowcount
            windows += (await connection.execute(_WINDOWS, {"before": now - WINDOWS_KEPT})).rowcount
            buckets += (await connection.execute(_BUCKETS, {"before": now - BUCKETS_KEPT})).rowcount
    return Cleaned(records, windows, buckets)
