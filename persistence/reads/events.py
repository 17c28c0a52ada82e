"""Events in the order of their organization, a bounded stretch of them at a time.

A stretch is a range of positions, which the primary key leads: what nobody asks for in it costs
a look, and never more looks than the stretch is long.
"""

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Integer, Select, bindparam, select

from domain.kit.errors import RuleBroken
from persistence import tables as t
from persistence.audit import EVENTS
from persistence.reads.kit import ORGANIZATION, Snapshot, one_of, select_row
from usecases.reads.events import EventFilter, EventMark, EventRow, Marked, Told

R = TypeVar("R", EventRow, EventMark)

LONGEST_STRETCH = 10_000

_o, _a, _c = t.outbox_events, t.audit_events, t.counters
_NEWEST = select(_c.c.last).where(_c.c.organization_id == ORGANIZATION, _c.c.name == EVENTS)


@cache
def _events(row: Any, *, subjects: bool, types: bool) -> Select[*tuple[Any, ...]]:
    """With what the audit trail says of the same change: it has the same position."""
    derived = {"kind": _o.c.subject_kind, "actor_id": _a.c.actor_id, "sequence": _a.c.sequence}
    rows = (
        select_row(row, _o, **derived)
        .join_from(
            _o,
            _a,
            (_a.c.organization_id == _o.c.organization_id) & (_a.c.position == _o.c.position),
        )
        .where(
            _o.c.position > bindparam("after", type_=BigInteger),
            _o.c.position <= bindparam("until", type_=BigInteger),
            one_of(_o.c.subject_kind, "kinds"),
        )
    )
    if subjects:
        rows = rows.where(one_of(_o.c.subject_id, "subject_ids"))
    if types:
        rows = rows.where(one_of(_o.c.type, "types"))
    return rows.order_by(_o.c.position).limit(bindparam("most", type_=Integer))


class SqlEvents:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def after(self, position: int | None, filter: EventFilter, *, most: int) -> Told:
        rows, until, newest = await self._stretch(EventRow, position, filter, most)
        return Told(rows, until, newest)

    async def marks_after(self, position: int | None, filter: EventFilter, *, most: int) -> Marked:
        rows, until, newest = await self._stretch(EventMark, position, filter, most)
        return Marked(rows, until, newest)

    async def _stretch(
        self, row: type[R], position: int | None, filter: EventFilter, most: int
    ) -> tuple[list[R], int, int]:
        """The rows, how far that is, and how far one could go."""
        counted = await self._snapshot.records(_NEWEST)
        newest: int = counted[0][0] if counted else 0
        if position is None or position == newest:
            return [], newest, newest
        if position > newest:
            raise RuleBroken("no cursor of this organization's events", path=("after",))
        until = min(newest, position + LONGEST_STRETCH)
        values: dict[str, Any] = {"kinds": [*filter.kinds], "after": position, "until": until}
        if filter.subject_ids is not None:
            values["subject_ids"] = list(filter.subject_ids)
        if filter.types is not None:
            values["types"] = list(filter.types)
        shape: Any = row
        statement = _events(shape, subjects="subject_ids" in values, types="types" in values)
        rows = await self._snapshot.rows(row, statement, most=most, **values)
        return rows, rows[-1].position if len(rows) == most else until, newest
