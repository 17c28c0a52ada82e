"""How many service orders an organization may place in a month: a row that each one counts up.

One statement looks and counts, so two at a time never get past the limit (fact S-26).
"""

from datetime import date

from sqlalchemy import Integer, bindparam, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from persistence import tables as t

_a = t.order_allowances
_limit = bindparam("limit", type_=Integer)
_TAKE = (
    insert(_a)
    .values(month=bindparam("month"), used=1)
    .on_conflict_do_update(
        index_elements=["organization_id", "month"],
        set_={"used": _a.c.used + 1},
        where=or_(_limit.is_(None), _a.c.used < _limit),
    )
    .returning(_a.c.used)
)


async def take(session: AsyncSession, month: date, limit: int | None) -> bool:
    """Whether there was one left. A limit is at least one."""
    return await session.scalar(_TAKE, {"month": month, "limit": limit}) is not None
