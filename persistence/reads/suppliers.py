"""Suppliers."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Numeric, bindparam, func, select

from domain.performances import Deliveries, SupplierPerformance, performance
from domain.purchase_orders import PurchaseOrderStatus
from persistence import tables as t
from persistence.reads.deliveries import DELIVERIES
from persistence.reads.kit import ORGANIZATION, Snapshot, keyed, one_of, select_row
from persistence.reads.lists import Filter, Listed, contains, ordering
from usecases.reads.kit import Listing, Page, Whole
from usecases.reads.suppliers import (
    SupplierFilter,
    SupplierOrder,
    SupplierRow,
    SupplierSort,
    SupplierTotals,
)

_s, _o = t.suppliers, t.purchase_orders

LISTED = Listed(
    SupplierRow,
    select_row(SupplierRow, _s),
    _s,
    {
        "status": Filter(one_of(_s.c.status, "status"), list),
        "category": Filter(_s.c.category == bindparam("category")),
        "search": contains(_s.c.searched),
        "min_score": Filter(_s.c.performance_score >= bindparam("min_score", type_=Numeric)),
    },
    {
        SupplierSort.NAME: ordering(_s, "name", "id"),
        SupplierSort.CREATED_AT: ordering(_s, "created_at", "id"),
    },
)
# Drafts are not ordered yet; what was rejected or cancelled is not ordered any more.
_ORDERED = [PurchaseOrderStatus.PENDING_APPROVAL, PurchaseOrderStatus.APPROVED]
_ORDERED += [PurchaseOrderStatus.COMPLETED]
TOTALS = (
    select(func.count().label("orders"), func.sum(_o.c.base_total).label("spend"), _o.c.supplier_id)
    .where(
        _o.c.organization_id == ORGANIZATION,
        one_of(_o.c.supplier_id),
        one_of(_o.c.status, "statuses"),
    )
    .group_by(_o.c.supplier_id)
)


class SqlSuppliers:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, SupplierRow]:
        return keyed(await self._snapshot.rows(SupplierRow, LISTED.by_ids, ids=[*ids]))

    async def totals_by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, SupplierTotals]:
        totals = await self._snapshot.groups(SupplierTotals, TOTALS, ids=[*ids], statuses=_ORDERED)
        return {id: total for id, [total] in totals.items()}

    async def performances_by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, SupplierPerformance]:
        """Of every supplier that there is, even when nothing is known of it."""
        known = await self._snapshot.groups(Deliveries, DELIVERIES, ids=[*ids])
        return {id: performance(deliveries) for id, [deliveries] in known.items()}

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: SupplierFilter = SupplierFilter(),
        order_by: SupplierOrder = SupplierOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[SupplierRow]]:
        page = await LISTED.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def numbered(
        self, filter: SupplierFilter, order_by: SupplierOrder, *, offset: int, limit: int
    ) -> Sequence[SupplierRow]:
        return await LISTED.numbered(self._snapshot, filter, order_by, offset=offset, limit=limit)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await LISTED.counts(self._snapshot, listings)
