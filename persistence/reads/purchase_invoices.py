"""Suppliers' invoices, their lines, attachments and payments."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, bindparam, case, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text, Uuid

from domain.purchase_invoices import PaymentStatus, PurchaseInvoiceStatus
from persistence import tables as t
from persistence.reads.days import TODAY
from persistence.reads.kit import Snapshot, grouped, keyed, one_of, select_row
from persistence.reads.lists import Filter, Listed, contains, ordering
from usecases.reads.kit import Listing, Page, Whole
from usecases.reads.purchase_invoices import (
    PurchaseInvoiceAttachmentRow,
    PurchaseInvoiceFilter,
    PurchaseInvoiceLineRow,
    PurchaseInvoiceOrder,
    PurchaseInvoicePaymentRow,
    PurchaseInvoiceRow,
    PurchaseInvoiceSort,
)

_i, _l, _o = t.purchase_invoices, t.purchase_invoice_lines, t.purchase_orders
_a, _p = t.purchase_invoice_attachments, t.purchase_invoice_payments

_OVERDUE = (
    (_i.c.due_date < TODAY)
    & (_i.c.payment_status != PaymentStatus.PAID)
    & (_i.c.status != "CANCELLED")
)
_PAYMENT_STATUS = case(
    (_OVERDUE, literal(PaymentStatus.OVERDUE.value, Text)), else_=cast(_i.c.payment_status, Text)
)
_ORDER_STATUS = (
    select(_o.c.status)
    .where(_o.c.organization_id == _i.c.organization_id, _o.c.id == _i.c.purchase_order_id)
    .correlate(_i)
    .scalar_subquery()
)
_ASKED = bindparam("payment_status", type_=ARRAY(Text))
_PAID_LIKE = or_(
    one_of(_i.c.payment_status, "payment_status") & ~_OVERDUE,
    # By columns that are kept, so that an index finds them.
    (literal(PaymentStatus.OVERDUE.value, Text) == func.any(_ASKED)) & _OVERDUE,
)

INVOICES = Listed(
    PurchaseInvoiceRow,
    select_row(
        PurchaseInvoiceRow,
        _i,
        subtotal_amount=_i.c.subtotal,
        total_amount=_i.c.total,
        base_total_amount=_i.c.base_total,
        payment_status=_PAYMENT_STATUS,
        order_status=_ORDER_STATUS,
    ),
    _i,
    {
        "status": Filter(one_of(_i.c.status, "status"), list),
        "payment_status": Filter(_PAID_LIKE, list),
        "match_status": Filter(one_of(_i.c.match_status, "match_status"), list),
        "needs_attention": Filter(
            _i.c.needs_attention == bindparam("needs_attention", type_=Boolean)
        ),
        "supplier_id": Filter(_i.c.supplier_id == bindparam("supplier_id", type_=Uuid)),
        "purchase_order_id": Filter(
            _i.c.purchase_order_id == bindparam("purchase_order_id", type_=Uuid)
        ),
        "invoiced_from": Filter(_i.c.invoice_date >= bindparam("invoiced_from", type_=Date)),
        "invoiced_to": Filter(_i.c.invoice_date <= bindparam("invoiced_to", type_=Date)),
        "awaiting_user_id": Filter(
            _i.c.pending_approver_ids.contains(bindparam("awaiting_user_id", type_=ARRAY(Uuid))),
            lambda user_id: [user_id],
        ),
        "search": contains(_i.c.searched),
    },
    {
        PurchaseInvoiceSort.CREATED_AT: ordering(_i, "created_at", "id"),
        PurchaseInvoiceSort.UPDATED_AT: ordering(_i, "updated_at", "id"),
        PurchaseInvoiceSort.NUMBER: ordering(_i, "numbered"),
        PurchaseInvoiceSort.INVOICE_DATE: ordering(_i, "invoice_date", "id"),
        PurchaseInvoiceSort.DUE_DATE: ordering(_i, "due_date", "id"),
        PurchaseInvoiceSort.TOTAL: ordering(_i, "total_amount", "id", total_amount="total"),
    },
)
BY_ORDER = INVOICES.rows.where(one_of(_i.c.purchase_order_id)).order_by(
    _i.c.purchase_order_id, _i.c.id
)

BY_STATUS = INVOICES.rows.where(one_of(_i.c.status, "status")).order_by(_i.c.id)


def _of_invoice(part: Any) -> Any:
    return (_i.c.organization_id == part.c.organization_id) & (_i.c.id == part.c.invoice_id)


_LINES = select_row(
    PurchaseInvoiceLineRow,
    _l,
    unit_price_amount=_l.c.unit_price,
    net_amount=_l.c.net,
    total_amount=_l.c.total,
    currency=_i.c.currency,
).join_from(_l, _i, _of_invoice(_l))
LINES_BY_IDS = _LINES.where(one_of(_l.c.id))
LINES_BY_INVOICE = _LINES.where(one_of(_l.c.invoice_id)).order_by(_l.c.invoice_id, _l.c.position)
ATTACHMENTS_BY_INVOICE = (
    select_row(PurchaseInvoiceAttachmentRow, _a)
    .where(one_of(_a.c.invoice_id))
    .order_by(_a.c.invoice_id, _a.c.position)
)
PAYMENTS_BY_INVOICE = (
    select_row(PurchaseInvoicePaymentRow, _p, paid_amount=_p.c.amount, currency=_i.c.currency)
    .join_from(_p, _i, _of_invoice(_p))
    .where(one_of(_p.c.invoice_id))
    .order_by(_p.c.invoice_id, _p.c.position)
)


class SqlPurchaseInvoices:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, PurchaseInvoiceRow]:
        return keyed(await self._snapshot.rows(PurchaseInvoiceRow, INVOICES.by_ids, ids=[*ids]))

    async def by_order_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[PurchaseInvoiceRow]]:
        rows = await self._snapshot.rows(PurchaseInvoiceRow, BY_ORDER, ids=[*ids])
        return grouped(rows, by="purchase_order_id")

    async def by_statuses(
        self, statuses: Sequence[PurchaseInvoiceStatus]
    ) -> Mapping[PurchaseInvoiceStatus, Sequence[PurchaseInvoiceRow]]:
        rows = await self._snapshot.rows(PurchaseInvoiceRow, BY_STATUS, status=[*statuses])
        return grouped(rows, by="status")

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: PurchaseInvoiceFilter = PurchaseInvoiceFilter(),
        order_by: PurchaseInvoiceOrder = PurchaseInvoiceOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[PurchaseInvoiceRow]]:
        page = await INVOICES.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def by_supplier_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: PurchaseInvoiceFilter = PurchaseInvoiceFilter(),
        order_by: PurchaseInvoiceOrder = PurchaseInvoiceOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[PurchaseInvoiceRow]]:
        return await INVOICES.pages(
            self._snapshot, "supplier_id", ids, filter, order_by, first, after
        )

    async def numbered(
        self,
        filter: PurchaseInvoiceFilter,
        order_by: PurchaseInvoiceOrder,
        *,
        offset: int,
        limit: int,
    ) -> Sequence[PurchaseInvoiceRow]:
        return await INVOICES.numbered(self._snapshot, filter, order_by, offset=offset, limit=limit)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await INVOICES.counts(self._snapshot, listings)


class SqlPurchaseInvoiceLines:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, PurchaseInvoiceLineRow]:
        return keyed(await self._snapshot.rows(PurchaseInvoiceLineRow, LINES_BY_IDS, ids=[*ids]))

    async def by_invoice_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[PurchaseInvoiceLineRow]]:
        rows = await self._snapshot.rows(PurchaseInvoiceLineRow, LINES_BY_INVOICE, ids=[*ids])
        return grouped(rows, by="invoice_id")


class SqlPurchaseInvoiceAttachments:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_invoice_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[PurchaseInvoiceAttachmentRow]]:
        rows = await self._snapshot.rows(
            PurchaseInvoiceAttachmentRow, ATTACHMENTS_BY_INVOICE, ids=[*ids]
        )
        return grouped(rows, by="invoice_id")


class SqlPurchaseInvoicePayments:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_invoice_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[PurchaseInvoicePaymentRow]]:
        rows = await self._snapshot.rows(PurchaseInvoicePaymentRow, PAYMENTS_BY_INVOICE, ids=[*ids])
        return grouped(rows, by="invoice_id")
