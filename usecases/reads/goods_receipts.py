"""Goods receipts and their lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from domain.goods_receipts import GoodsReceiptStatus
from domain.purchase_orders import PurchaseOrder, PurchaseOrderStatus
from domain.suppliers import Supplier
from usecases.reads.kit import Direction, Listing, Page, Whole


class GoodsReceiptRow(NamedTuple):
    id: UUID
    version: int
    number: str | None
    status: GoodsReceiptStatus
    order_id: UUID
    order_status: PurchaseOrderStatus
    billed: bool
    supplier_id: UUID
    received_on: date
    delivery_note: str | None
    notes: str | None
    created_by_id: UUID
    posted_at: datetime | None
    posted_by_id: UUID | None
    reversed_at: datetime | None
    reversed_by_id: UUID | None
    reversal_reason: str | None
    created_at: datetime
    updated_at: datetime


class GoodsReceiptLineRow(NamedTuple):
    id: UUID
    receipt_id: UUID
    position: int
    order_line_id: UUID
    accepted: Decimal
    rejected: Decimal
    rejection_reason: str | None
    quality_note: str | None
    unit: str | None


class GoodsReceiptSort(StrEnum):
    """What lists of goods receipts can be sorted by."""

    CREATED_AT = "CREATED_AT"
    UPDATED_AT = "UPDATED_AT"
    RECEIVED_ON = "RECEIVED_ON"


@dataclass(frozen=True, kw_only=True)
class GoodsReceiptFilter:
    """All that is given must hold."""

    status: Annotated[tuple[GoodsReceiptStatus, ...] | None, "One of these statuses."] = None
    order_id: Annotated[UUID | None, PurchaseOrder, "Received for this purchase order."] = None
    supplier_id: Annotated[UUID | None, Supplier, "Delivered by this supplier."] = None
    received_from: Annotated[date | None, "Received on this day or later."] = None
    received_to: Annotated[date | None, "Received on this day or earlier."] = None


@dataclass(frozen=True, kw_only=True)
class GoodsReceiptOrder:
    """By what to sort, and which way. Ties are broken by creation."""

    field: Annotated[GoodsReceiptSort, "What to sort by."] = GoodsReceiptSort.CREATED_AT
    direction: Annotated[Direction, "Which way."] = Direction.DESC


class GoodsReceipts(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, GoodsReceiptRow]: ...

    async def by_order_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[GoodsReceiptRow]]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: GoodsReceiptFilter = GoodsReceiptFilter(),
        order_by: GoodsReceiptOrder = GoodsReceiptOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[GoodsReceiptRow]]: ...

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...


class GoodsReceiptLines(Protocol):
    async def by_receipt_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[GoodsReceiptLineRow]]: ...
