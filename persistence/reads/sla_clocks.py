"""Clocks of service levels, and which of them somebody has to look at."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    func,
    literal_column,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.types import Uuid

from domain.service_orders import ClockState
from persistence import tables as t
from persistence.reads.kit import ORGANIZATION, Snapshot, grouped, keyed, one_of, select_row
from persistence.reads.lists import Filter, Listed, moment, ordering
from persistence.tables.metadata import Moment
from usecases.reads.kit import Listing, Page, Whole
from usecases.reads.sla_clocks import (
    ClockToTell,
    SlaClockFilter,
    SlaClockOrder,
    SlaClockRow,
    SlaClockSort,
)

_c, _s, _o, _b = t.sla_clocks, t.service_order_steps, t.service_orders, t.business_calendars
BREACHED = (ClockState.BREACHED, ClockState.BREACHED_STOPPED)
_asked = bindparam("at_risk", type_=Boolean)
# Written out, as the index has it: planning could not know it of a parameter.
_AT_RISK = and_(
    literal_column("state IN ('RUNNING', 'PAUSED')", Boolean),
    _c.c.at_risk_at.is_not(None),  # so that its opposite is true of the others
    _c.c.at_risk_at <= func.now(),
)
_assignee = bindparam("assignee_id", type_=Uuid)
_theirs = _c.alias("theirs")


def _assigned(table: Table, key: str, *conditions: ColumnElement[bool]) -> Select[UUID]:
    """The clocks of what is assigned to somebody."""
    same = (_theirs.c.organization_id == table.c.organization_id) & (_theirs.c[key] == table.c.id)
    ours = (table.c.organization_id == ORGANIZATION, table.c.assignee_id == _assignee)
    return select(_theirs.c.id).join_from(table, _theirs, same).where(*ours, *conditions)


CLOCKS = Listed(
    SlaClockRow,
    select_row(SlaClockRow, _c, asked_at=func.now()),
    _c,
    {
        "state": Filter(one_of(_c.c.state, "state"), list),
        "measures": Filter(_c.c.measures == bindparam("measures", type_=_c.c.measures.type)),
        "at_risk": Filter(or_(and_(_asked, _AT_RISK), and_(not_(_asked), not_(_AT_RISK)))),
        "breached": Filter(
            one_of(_c.c.state, "breached"),
            lambda asked: [state for state in ClockState if (state in BREACHED) is asked],
        ),
        "due_before": Filter(_c.c.due_or_never < bindparam("due_before", type_=Moment), moment),
        "assignee_id": Filter(
            _c.c.id.in_(
                union_all(
                    _assigned(_s, "step_id"),
                    _assigned(_o, "order_id", _theirs.c.step_id.is_(None)),
                )
            )
        ),
    },
    {
        SlaClockSort.DUE_AT: ordering(_c, "due_or_never", "id"),
        SlaClockSort.STARTED_AT: ordering(_c, "started_at", "id"),
    },
)
BY_ORDER = CLOCKS.rows.where(one_of(_c.c.order_id)).order_by(
    # Those that began together: the order's own before those of its steps.
    *(_c.c.order_id, _c.c.started_at, _c.c.step_id.nulls_first(), _c.c.measures, _c.c.id)
)

_UNTIL, _LIMIT = bindparam("until", type_=Moment), bindparam("n", type_=Integer)
_OURS = _c.c.organization_id == ORGANIZATION
TO_TELL = (
    select(_c.c.order_id, _c.c.tell_at)
    .where(_OURS, _c.c.tell_at < _UNTIL)
    .order_by(_c.c.tell_at, _c.c.id)
    .limit(_LIMIT)
)
OUTDATED = (
    select(_c.c.order_id)
    .join_from(
        _b, _c, (_c.c.organization_id == _b.c.organization_id) & (_c.c.calendar_id == _b.c.id)
    )
    .where(
        _b.c.organization_id == ORGANIZATION,
        _c.c.stopped_at.is_(None),
        _c.c.calendar_version < _b.c.version,
    )
    .order_by(_c.c.calendar_id, _c.c.calendar_version)
    .limit(_LIMIT)
)


class SqlSlaClocks:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, SlaClockRow]:
        return keyed(await self._snapshot.rows(SlaClockRow, CLOCKS.by_ids, ids=[*ids]))

    async def by_order_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[SlaClockRow]]:
        rows = await self._snapshot.rows(SlaClockRow, BY_ORDER, ids=[*ids])
        return grouped(rows, by="order_id")

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: SlaClockFilter = SlaClockFilter(),
        order_by: SlaClockOrder = SlaClockOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[SlaClockRow]]:
        page = await CLOCKS.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await CLOCKS.counts(self._snapshot, listings)

    async def to_tell(
        self, whole: Sequence[Whole], until: datetime, limit: int
    ) -> Mapping[Whole, Sequence[ClockToTell]]:
        rows = await self._snapshot.rows(ClockToTell, TO_TELL, until=until, n=limit)
        return dict.fromkeys(whole, rows)

    async def outdated(self, whole: Sequence[Whole], limit: int) -> Mapping[Whole, Sequence[UUID]]:
        records = await self._snapshot.records(OUTDATED, n=limit)
        return {key: [record[0] for record in records] for key in whole}
