"""Procurements: purchase orders that were approved once."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.types import Uuid

from persistence import tables as t
from persistence.reads.kit import ORGANIZATION, Snapshot, keyed, one_of, select_row
from persistence.reads.lists import Filter, Listed, moment, ordering
from persistence.tables.metadata import Moment
from usecases.reads.kit import Listing, Page, Whole
from usecases.reads.procurements import (
    ProcurementFilter,
    ProcurementOrder,
    ProcurementQuantitiesRow,
    ProcurementRow,
    ProcurementSort,
)

_o, _l = t.purchase_orders, t.purchase_order_lines
_APPROVED = _o.c.procurement_state.is_not(None)
_DIGITS = re.compile("[0-9]{1,30}")
_LARGEST = 2**63 - 1


def known(given: Sequence[str]) -> list[int]:
    """The ids that there can be; the others name nothing."""
    numbers = [int(id) for id in given if _DIGITS.fullmatch(id)]
    return [number for number in numbers if number <= _LARGEST]


PROCUREMENTS = Listed(
    ProcurementRow,
    select_row(ProcurementRow, _o, state=_o.c.procurement_state).where(_APPROVED),
    _o,
    {
        "state": Filter(one_of(_o.c.procurement_state, "state"), list),
        "legacy_ids": Filter(one_of(_o.c.shoplazza_id, "legacy_ids"), known),
        "supplier_id": Filter(_o.c.supplier_id == bindparam("supplier_id", type_=Uuid)),
        "created_from": Filter(_o.c.created_at >= bindparam("created_from", type_=Moment), moment),
        "created_before": Filter(
            _o.c.created_at < bindparam("created_before", type_=Moment), moment
        ),
        "updated_from": Filter(_o.c.updated_at >= bindparam("updated_from", type_=Moment), moment),
        "updated_before": Filter(
            _o.c.updated_at < bindparam("updated_before", type_=Moment), moment
        ),
    },
    {
        ProcurementSort.CREATED_AT: ordering(_o, "created_at", "shoplazza_id"),
        ProcurementSort.UPDATED_AT: ordering(_o, "updated_at", "shoplazza_id"),
    },
    counted=_APPROVED,
)
QUANTITIES = (
    select(
        func.sum(_l.c.quantity).label("transfer"),
        func.sum(_l.c.accepted).label("received"),
        func.sum(_l.c.rejected).label("rejected"),
        _l.c.order_id,
    )
    .where(_l.c.organization_id == ORGANIZATION, one_of(_l.c.order_id))
    .group_by(_l.c.order_id)
)


class SqlProcurements:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ProcurementRow]:
        return keyed(await self._snapshot.rows(ProcurementRow, PROCUREMENTS.by_ids, ids=[*ids]))

    async def quantities_by_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, ProcurementQuantitiesRow]:
        sums = await self._snapshot.groups(ProcurementQuantitiesRow, QUANTITIES, ids=[*ids])
        return {id: quantities for id, [quantities] in sums.items()}

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: ProcurementFilter = ProcurementFilter(),
        order_by: ProcurementOrder = ProcurementOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[ProcurementRow]]:
        page = await PROCUREMENTS.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def numbered(
        self, filter: ProcurementFilter, order_by: ProcurementOrder, *, offset: int, limit: int
    ) -> Sequence[ProcurementRow]:
        return await PROCUREMENTS.numbered(
            self._snapshot, filter, order_by, offset=offset, limit=limit
        )

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await PROCUREMENTS.counts(self._snapshot, listings)
