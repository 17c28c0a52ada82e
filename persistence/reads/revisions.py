"""Revisions of purchase orders."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, bindparam
from sqlalchemy.dialects.postgresql import distinct_on

from persistence import tables as t
from persistence.reads.kit import Snapshot, grouped, keyed, one_of, select_row
from persistence.reads.lists import moment
from persistence.tables.metadata import Moment
from usecases.reads.revisions import PurchaseOrderRevisionRow

_r, _o = t.purchase_order_revisions, t.purchase_orders
_OF = select_row(PurchaseOrderRevisionRow, _r, currency=_o.c.currency).join_from(
    _r, _o, (_o.c.organization_id == _r.c.organization_id) & (_o.c.id == _r.c.order_id)
)
BY_ORDER = _OF.where(one_of(_r.c.order_id)).order_by(_r.c.order_id, _r.c.number)
_LARGEST = 2**31 - 1


@cache
def newest(given: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """The last revision of each order up to what is given: `revision`, `at`, both or neither."""
    bounds = {
        "revision": _r.c.number <= bindparam("revision", type_=Integer),
        "at": _r.c.at <= bindparam("at", type_=Moment),
    }
    return (
        _OF.ext(distinct_on(_r.c.order_id))
        .where(one_of(_r.c.order_id), *(bounds[name] for name in sorted(given)))
        .order_by(_r.c.order_id, _r.c.number.desc())
    )


class SqlPurchaseOrderRevisions:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_order_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[PurchaseOrderRevisionRow]]:
        rows = await self._snapshot.rows(PurchaseOrderRevisionRow, BY_ORDER, ids=[*ids])
        return grouped(rows, by="order_id")

    async def as_of(
        self, ids: Sequence[UUID], *, revision: int | None = None, at: datetime | None = None
    ) -> Mapping[UUID, PurchaseOrderRevisionRow]:
        given: dict[str, Any] = {}
        if revision is not None:
            given["revision"] = min(revision, _LARGEST)
        if at is not None:
            given["at"] = moment(at)
        rows = await self._snapshot.rows(
            PurchaseOrderRevisionRow, newest(frozenset(given)), ids=[*ids], **given
        )
        return keyed(rows, by="order_id")
