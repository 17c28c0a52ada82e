"""Numbers that are taken late and given up on rollback: document numbers, legacy ids, positions.

Each is a row that stays locked until the transaction ends, so there are no gaps; names are
locked in alphabetical order, so two transactions never wait for each other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import class_mapper
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import BigInteger, Text

from persistence import tables as t
from persistence.tables.metadata import LEGACY

_n = t.document_numbers
_TAKE_NUMBER = (
    insert(_n)
    .values(series=bindparam("series"), year=bindparam("year"), last=1)
    .on_conflict_do_update(
        index_elements=["organization_id", "series", "year"], set_={"last": _n.c.last + 1}
    )
    .returning(_n.c.last)
)

_c = t.counters
_names = func.unnest(
    bindparam("names", type_=ARRAY(Text)), bindparam("counts", type_=ARRAY(BigInteger))
)


def counting(wanted: Select[str, int]) -> ReturningInsert[tuple[str, int]]:
    """Advance each counter by what is wanted, and return where it then stands."""
    counted = insert(_c).from_select(["name", "last"], wanted)
    return counted.on_conflict_do_update(
        index_elements=["organization_id", "name"],
        set_={"last": _c.c.last + counted.excluded.last},
    ).returning(_c.c.name, _c.c.last)


_COUNT = counting(select(_names.table_valued("name", "last").render_derived()).order_by("name"))

_NO_YEAR = 0  # of series that go on and on


async def take_number(session: AsyncSession, series: str, year: int | None) -> str:
    """PO-2026-0043: four digits, more when they run out (fact W-32).

    Six in series that go on and on: INV-001088 (fact W-62).
    """
    last = await session.scalar(_TAKE_NUMBER, {"series": series, "year": year or _NO_YEAR})
    return f"{series}-{last:06}" if year is None else f"{series}-{year}-{last:04}"


async def count(session: AsyncSession, wanted: Mapping[str, int]) -> dict[str, int]:
    """Advance each counter by what is wanted; where each then stands."""
    names = sorted(wanted)
    rows = await session.execute(
        _COUNT, {"names": names, "counts": [wanted[name] for name in names]}
    )
    return {row.name: row.last for row in rows}


async def give_legacy_ids(session: AsyncSession, new: Iterable[Any]) -> None:
    """Fill the legacy id columns of rows that are about to be inserted."""
    empty = [
        (row, column)
        for row in new
        for column in class_mapper(type(row)).local_table.columns
        if LEGACY in column.info and getattr(row, column.name) is None
    ]
    if not empty:
        return
    named = [(f"{column.table.name}.{column.name}", row, column) for row, column in empty]
    wanted = Counter(name for name, _, _ in named)
    ends = await count(session, wanted)
    following = {name: ends[name] - wanted[name] for name in wanted}
    for name, row, column in named:
        following[name] += 1
        setattr(row, column.name, column.info[LEGACY] + following[name])
