"""Counting requests right across processes: each leases a few at a time and spends them itself.

`used` counts what was asked for, so one statement settles who gets how much: a lease is good
for the part of it that lies below the limit. The counters survive no crash: they need not.
"""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from persistence import tables as t

_w = t.rate_limit_windows
_ENTER = select(
    func.set_config("app.organization", bindparam("organization"), True),
    func.set_config("synchronous_commit", "off", True),
)
_LEASE = (
    insert(_w)
    .values(
        credential_id=bindparam("credential"),
        length=bindparam("length"),
        starts_at=bindparam("starts_at"),
        used=bindparam("wanted"),
    )
    .on_conflict_do_update(
        index_elements=["organization_id", "credential_id", "length", "starts_at"],
        set_={"used": _w.c.used + bindparam("wanted")},
        where=_w.c.used < bindparam("limit"),
    )
    .returning(_w.c.used)
)
_GIVE_BACK = (
    update(_w)
    .where(
        _w.c.credential_id == bindparam("of"),
        _w.c.length == bindparam("long"),
        _w.c.starts_at == bindparam("start"),
    )
    .values(used=_w.c.used - bindparam("unspent"))
)


async def lease(
    engine: AsyncEngine,
    organization_id: UUID,
    credential_id: UUID,
    *,
    length: str,
    starts_at: int,
    wanted: int,
    limit: int,
) -> int | None:
    """How much of the window is used once `wanted` more are; None when nothing was left."""
    async with engine.begin() as connection:
        await connection.execute(_ENTER, {"organization": str(organization_id)})
        values = {
            "credential": credential_id,
            "length": length,
            "starts_at": datetime.fromtimestamp(starts_at, UTC),
            "wanted": wanted,
            "limit": limit,
        }
        used: int | None = await connection.scalar(_LEASE, values)
    return used


async def give_back(
    engine: AsyncEngine,
    organization_id: UUID,
    credential_id: UUID,
    *,
    length: str,
    starts_at: int,
    unspent: int,
) -> None:
    async with engine.begin() as connection:
        await connection.execute(_ENTER, {"organization": str(organization_id)})
        values = {
            "of": credential_id,
            "long": length,
            "start": datetime.fromtimestamp(starts_at, UTC),
            "unspent": unspent,
        }
        await connection.execute(_GIVE_BACK, values)
