"""Goods receipts and their lines."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import bindparam, exists
from sqlalchemy.types import Date, Uuid

from domain.goods_receipts import GoodsReceiptStatus
from persistence import tables as t
from persistence.reads.kit import Snapshot, grouped, keyed, one_of, select_row
from persistence.reads.lists import Filter, Listed, ordering
from usecases.reads.goods_receipts import (
    GoodsReceiptFilter,
    GoodsReceiptLineRow,
    GoodsReceiptOrder,
    GoodsReceiptRow,
    GoodsReceiptSort,
)
from usecases.reads.kit import Listing, Page, Whole

_r, _l, _o = t.goods_receipts, t.goods_receipt_lines, t.purchase_orders
_ol = t.purchase_order_lines
# What is looked at before it is reversed: of no interest in any other status.
_billed = (_r.c.status == GoodsReceiptStatus.POSTED) & exists().where(
    _l.c.organization_id == _r.c.organization_id,
    _l.c.receipt_id == _r.c.id,
    _l.c.accepted > 0,
    _ol.c.organization_id == _l.c.organization_id,
    _ol.c.id == _l.c.order_line_id,
    _ol.c.invoiced > _ol.c.accepted - _l.c.accepted,
)

RECEIPTS = Listed(
    GoodsReceiptRow,
    select_row(GoodsReceiptRow, _r, order_status=_o.c.status, billed=_billed).join_from(
        _r, _o, (_o.c.organization_id == _r.c.organization_id) & (_o.c.id == _r.c.order_id)
    ),
    _r,
    {
        "status": Filter(one_of(_r.c.status, "status"), list),
        "order_id": Filter(_r.c.order_id == bindparam("order_id", type_=Uuid)),
        "supplier_id": Filter(_r.c.supplier_id == bindparam("supplier_id", type_=Uuid)),
        "received_from": Filter(_r.c.received_on >= bindparam("received_from", type_=Date)),
        "received_to": Filter(_r.c.received_on <= bindparam("received_to", type_=Date)),
    },
    {
        GoodsReceiptSort.CREATED_AT: ordering(_r, "created_at", "id"),
        GoodsReceiptSort.UPDATED_AT: ordering(_r, "updated_at", "id"),
        GoodsReceiptSort.RECEIVED_ON: ordering(_r, "received_on", "id"),
    },
)
BY_ORDER = RECEIPTS.rows.where(one_of(_r.c.order_id)).order_by(
    _r.c.order_id, _r.c.created_at, _r.c.id
)
LINES_BY_RECEIPT = (
    select_row(GoodsReceiptLineRow, _l)
    .where(one_of(_l.c.receipt_id))
    .order_by(_l.c.receipt_id, _l.c.position)
)


class SqlGoodsReceipts:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, GoodsReceiptRow]:
        return keyed(await self._snapshot.rows(GoodsReceiptRow, RECEIPTS.by_ids, ids=[*ids]))

    async def by_order_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[GoodsReceiptRow]]:
        rows = await self._snapshot.rows(GoodsReceiptRow, BY_ORDER, ids=[*ids])
        return grouped(rows, by="order_id")

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: GoodsReceiptFilter = GoodsReceiptFilter(),
        order_by: GoodsReceiptOrder = GoodsReceiptOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[GoodsReceiptRow]]:
        page = await RECEIPTS.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await RECEIPTS.counts(self._snapshot, listings)


class SqlGoodsReceiptLines:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_receipt_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[GoodsReceiptLineRow]]:
        rows = await self._snapshot.rows(GoodsReceiptLineRow, LINES_BY_RECEIPT, ids=[*ids])
        return grouped(rows, by="receipt_id")
