"""Quotations and their lines."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, bindparam, cast, func, select
from sqlalchemy.types import Uuid

from domain.quotations import QuotationStatus
from persistence import tables as t
from persistence.reads.days import TODAY, day_at
from persistence.reads.kit import ORGANIZATION, Snapshot, grouped, keyed, one_of, select_row
from persistence.reads.lists import Filter, Listed, contains, ordering
from persistence.tables.metadata import Moment
from usecases.reads.kit import Listing, Page, Whole
from usecases.reads.quotations import (
    QuotationFilter,
    QuotationLineRow,
    QuotationOrder,
    QuotationRow,
    QuotationSort,
)

_q, _l = t.quotations, t.quotation_lines


def _of_quotation(part: Any) -> Any:
    return (_q.c.organization_id == part.c.organization_id) & (_q.c.id == part.c.quotation_id)


_LINE_COUNT = (
    select(func.count()).select_from(_l).where(_of_quotation(_l)).correlate(_q).scalar_subquery()
)

QUOTATIONS = Listed(
    QuotationRow,
    select_row(
        QuotationRow,
        _q,
        past=func.coalesce(_q.c.valid_until < TODAY, False),
        line_count=cast(_LINE_COUNT, Integer),
        net_amount=_q.c.net,
        total_amount=_q.c.total,
    ),
    _q,
    {
        "status": Filter(one_of(_q.c.status, "status"), list),
        "customer_id": Filter(_q.c.customer_id == bindparam("customer_id", type_=Uuid)),
        "valid_until_from": Filter(_q.c.valid_until >= bindparam("valid_until_from", type_=Date)),
        "valid_until_to": Filter(_q.c.valid_until <= bindparam("valid_until_to", type_=Date)),
        "search": contains(_q.c.searched),
    },
    {
        QuotationSort.CREATED_AT: ordering(_q, "created_at", "id"),
        QuotationSort.UPDATED_AT: ordering(_q, "updated_at", "id"),
        QuotationSort.TOTAL: ordering(_q, "total_amount", "id", total_amount="total"),
    },
)
LAPSED = (
    select(_q.c.id)
    .where(
        _q.c.organization_id == ORGANIZATION,
        _q.c.status == QuotationStatus.SENT,
        _q.c.valid_until < day_at(bindparam("at", type_=Moment)),
    )
    .order_by(_q.c.valid_until)
    .limit(bindparam("n", type_=Integer))
)
_LINES = select_row(
    QuotationLineRow,
    _l,
    unit_price_amount=_l.c.unit_price,
    net_amount=_l.c.net,
    total_amount=_l.c.total,
    currency=_q.c.currency,
).join_from(_l, _q, _of_quotation(_l))
LINES_BY_IDS = _LINES.where(one_of(_l.c.id))
LINES_BY_QUOTATION = _LINES.where(one_of(_l.c.quotation_id)).order_by(
    _l.c.quotation_id, _l.c.position
)


class SqlQuotations:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, QuotationRow]:
        return keyed(await self._snapshot.rows(QuotationRow, QUOTATIONS.by_ids, ids=[*ids]))

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: QuotationFilter = QuotationFilter(),
        order_by: QuotationOrder = QuotationOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[QuotationRow]]:
        page = await QUOTATIONS.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def by_customer_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: QuotationFilter = QuotationFilter(),
        order_by: QuotationOrder = QuotationOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[QuotationRow]]:
        return await QUOTATIONS.pages(
            self._snapshot, "customer_id", ids, filter, order_by, first, after
        )

    async def numbered(
        self, filter: QuotationFilter, order_by: QuotationOrder, *, offset: int, limit: int
    ) -> Sequence[QuotationRow]:
        return await QUOTATIONS.numbered(
            self._snapshot, filter, order_by, offset=offset, limit=limit
        )

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await QUOTATIONS.counts(self._snapshot, listings)

    async def lapsed(
        self, whole: Sequence[Whole], at: datetime, most: int
    ) -> Mapping[Whole, Sequence[UUID]]:
        found = [id for [id] in await self._snapshot.records(LAPSED, at=at, n=most)]
        return dict.fromkeys(whole, found)


class SqlQuotationLines:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, QuotationLineRow]:
        return keyed(await self._snapshot.rows(QuotationLineRow, LINES_BY_IDS, ids=[*ids]))

    async def by_quotation_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[QuotationLineRow]]:
        rows = await self._snapshot.rows(QuotationLineRow, LINES_BY_QUOTATION, ids=[*ids])
        return grouped(rows, by="quotation_id")
