"""Purchase orders, their lines and attachments."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import bindparam, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Numeric, Text, Uuid

from persistence import tables as t
from persistence.reads.kit import Snapshot, grouped, keyed, one_of, select_row
from persistence.reads.lists import Filter, Fixed, Listed, moment, ordering
from persistence.tables.metadata import Moment
from usecases.reads.kit import Listing, Page, Whole
from usecases.reads.purchase_orders import (
    PurchaseOrderAttachmentRow,
    PurchaseOrderFilter,
    PurchaseOrderLineRow,
    PurchaseOrderOrder,
    PurchaseOrderRow,
    PurchaseOrderSort,
)

_o, _l, _a = t.purchase_orders, t.purchase_order_lines, t.purchase_order_attachments


LONGEST = 500  # characters; a word of a text search has 2,046 bytes at most


def words(given: str) -> str:
    """A text search for all of the words, each as the beginning of one."""
    return " & ".join(f"'{word[:LONGEST]}':*" for word in re.findall(r"\w+", given))


ORDERS = Listed(
    PurchaseOrderRow,
    select_row(
        PurchaseOrderRow,
        _o,
        subtotal_amount=_o.c.subtotal,
        total_amount=_o.c.total,
        base_total_amount=_o.c.base_total,
    ),
    _o,
    {
        "status": Filter(one_of(_o.c.status, "status"), list),
        "supplier_id": Filter(_o.c.supplier_id == bindparam("supplier_id", type_=Uuid)),
        "department_id": Filter(_o.c.department_id == bindparam("department_id", type_=Uuid)),
        "project_id": Filter(_o.c.project_id == bindparam("project_id", type_=Uuid)),
        "budget_id": Filter(_o.c.budget_id == bindparam("budget_id", type_=Uuid)),
        "created_by_id": Filter(_o.c.created_by_id == bindparam("created_by_id", type_=Uuid)),
        "created_from": Filter(_o.c.created_at >= bindparam("created_from", type_=Moment), moment),
        "created_before": Filter(
            _o.c.created_at < bindparam("created_before", type_=Moment), moment
        ),
        "min_total": Filter(_o.c.total >= bindparam("min_total", type_=Numeric)),
        "max_total": Filter(_o.c.total <= bindparam("max_total", type_=Numeric)),
        "awaiting_user_id": Filter(
            _o.c.pending_approver_ids.contains(bindparam("awaiting_user_id", type_=ARRAY(Uuid))),
            lambda user_id: [user_id],
        ),
        "search": Filter(
            _o.c.search.op("@@")(func.to_tsquery("simple", bindparam("search", type_=Text))), words
        ),
    },
    {
        PurchaseOrderSort.CREATED_AT: ordering(_o, "created_at", "id"),
        PurchaseOrderSort.UPDATED_AT: ordering(_o, "updated_at", "id"),
        PurchaseOrderSort.NUMBER: ordering(_o, "numbered"),
        PurchaseOrderSort.TOTAL: ordering(_o, "total_amount", "id", total_amount="total"),
        None: ordering(_o, "submitted_at", "id"),
    },
)
_LINES = select_row(
    PurchaseOrderLineRow,
    _l,
    unit_price_amount=_l.c.unit_price,
    net_amount=_l.c.net,
    total_amount=_l.c.total,
    currency=_o.c.currency,
).join_from(_l, _o, (_o.c.organization_id == _l.c.organization_id) & (_o.c.id == _l.c.order_id))
LINES_BY_IDS = _LINES.where(one_of(_l.c.id))
LINES_BY_ORDER = _LINES.where(one_of(_l.c.order_id)).order_by(_l.c.order_id, _l.c.position)
ATTACHMENTS_BY_ORDER = (
    select_row(PurchaseOrderAttachmentRow, _a)
    .where(one_of(_a.c.order_id))
    .order_by(_a.c.order_id, _a.c.position)
)


class SqlPurchaseOrders:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, PurchaseOrderRow]:
        return keyed(await self._snapshot.rows(PurchaseOrderRow, ORDERS.by_ids, ids=[*ids]))

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: PurchaseOrderFilter = PurchaseOrderFilter(),
        order_by: PurchaseOrderOrder = PurchaseOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[PurchaseOrderRow]]:
        page = await ORDERS.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def by_supplier_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: PurchaseOrderFilter = PurchaseOrderFilter(),
        order_by: PurchaseOrderOrder = PurchaseOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[PurchaseOrderRow]]:
        return await ORDERS.pages(
            self._snapshot, "supplier_id", ids, filter, order_by, first, after
        )

    async def by_department_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: PurchaseOrderFilter = PurchaseOrderFilter(),
        order_by: PurchaseOrderOrder = PurchaseOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[PurchaseOrderRow]]:
        return await ORDERS.pages(
            self._snapshot, "department_id", ids, filter, order_by, first, after
        )

    async def by_project_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: PurchaseOrderFilter = PurchaseOrderFilter(),
        order_by: PurchaseOrderOrder = PurchaseOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[PurchaseOrderRow]]:
        return await ORDERS.pages(self._snapshot, "project_id", ids, filter, order_by, first, after)

    async def by_budget_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: PurchaseOrderFilter = PurchaseOrderFilter(),
        order_by: PurchaseOrderOrder = PurchaseOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[PurchaseOrderRow]]:
        return await ORDERS.pages(self._snapshot, "budget_id", ids, filter, order_by, first, after)

    async def awaiting_user_ids(
        self, ids: Sequence[UUID], *, first: int = 50, after: str | None = None
    ) -> Mapping[UUID, Page[PurchaseOrderRow]]:
        return {
            id: await ORDERS.page(
                self._snapshot, PurchaseOrderFilter(awaiting_user_id=id), Fixed(), first, after
            )
            for id in ids  # the viewer alone, in all there is
        }

    async def numbered(
        self, filter: PurchaseOrderFilter, order_by: PurchaseOrderOrder, *, offset: int, limit: int
    ) -> Sequence[PurchaseOrderRow]:
        return await ORDERS.numbered(self._snapshot, filter, order_by, offset=offset, limit=limit)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await ORDERS.counts(self._snapshot, listings)


class SqlPurchaseOrderLines:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, PurchaseOrderLineRow]:
        return keyed(await self._snapshot.rows(PurchaseOrderLineRow, LINES_BY_IDS, ids=[*ids]))

    async def by_order_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[PurchaseOrderLineRow]]:
        rows = await self._snapshot.rows(PurchaseOrderLineRow, LINES_BY_ORDER, ids=[*ids])
        return grouped(rows, by="order_id")


class SqlPurchaseOrderAttachments:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_order_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[PurchaseOrderAttachmentRow]]:
        rows = await self._snapshot.rows(
            PurchaseOrderAttachmentRow, ATTACHMENTS_BY_ORDER, ids=[*ids]
        )
        return grouped(rows, by="order_id")
