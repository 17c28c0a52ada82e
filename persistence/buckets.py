"""Leaky buckets right across processes: each leases a few requests at a time.

A lease raises the level by what it grants, which is never more than there is room for. The level
falls by itself, so a row needs to be touched only when somebody leases.
"""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Double, Integer, bindparam, case, cast, extract, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from persistence import tables as t
from persistence.tables.metadata import Moment

TOLERANCE = 1e-6  # requests: what leaks away in so many steps adds up to a little less

_b = t.rate_limit_buckets
_ENTER = select(
    func.set_config("app.organization", bindparam("organization"), True),
    func.set_config("synchronous_commit", "off", True),
)
_now = bindparam("now", type_=Moment)
_wanted = bindparam("wanted", type_=Integer)
_passed = func.greatest(cast(extract("epoch", _now - _b.c.at), Double), 0.0)
_level = func.greatest(_b.c.level - _passed * bindparam("per_second", type_=Double), 0.0)
_room = cast(func.floor(bindparam("size", type_=Double) - _level + TOLERANCE), Integer)
_granted = case((_room >= bindparam("needed", type_=Integer), func.least(_wanted, _room)), else_=0)
_LEASE = (
    insert(_b)
    .values(holder_id=bindparam("holder"), level=cast(_wanted, Double), at=_now, granted=_wanted)
    .on_conflict_do_update(
        index_elements=["organization_id", "holder_id"],
        # A process whose clock is behind does not turn time back.
        set_={
            "level": _level + _granted,
            "at": func.greatest(_b.c.at, _now),
            "granted": _granted,
        },
    )
    .returning(_b.c.granted, _b.c.level)
)


class Lease(NamedTuple):
    """How many requests were granted, and how full the bucket is with them."""

    granted: int
    level: float


async def lease(
    engine: AsyncEngine,
    organization_id: UUID,
    holder_id: UUID,
    *,
    size: int,
    per_second: float,
    needed: int,
    wanted: int,
    now: float,
) -> Lease:
    """As many of the wanted requests as there is room for, but not fewer than needed: then none.

    `wanted` is `needed` at least, and `size` at most.
    """
    async with engine.begin() as connection:
        await connection.execute(_ENTER, {"organization": str(organization_id)})
        values = {
            "holder": holder_id,
            "size": size,
            "per_second": per_second,
            "needed": needed,
            "wanted": wanted,
            "now": datetime.fromtimestamp(now, UTC),
        }
        row = (await connection.execute(_LEASE, values)).one()
    return Lease(row.granted, row.level)
