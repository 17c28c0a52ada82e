"""Sales invoices and their lines."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.types import Boolean, Date, Uuid

from domain.sales_invoices import SalesInvoiceStatus
from persistence import tables as t
from persistence.reads.days import TODAY
from persistence.reads.kit import Snapshot, grouped, keyed, one_of, select_row
from persistence.reads.lists import Filter, Listed, contains, ordering
from usecases.reads.kit import Listing, Page, Whole
from usecases.reads.sales_invoices import (
    SalesInvoiceFilter,
    SalesInvoiceLineRow,
    SalesInvoiceOrder,
    SalesInvoiceRow,
    SalesInvoiceSort,
)

_i, _l = t.sales_invoices, t.sales_invoice_lines
_OVERDUE = (_i.c.status == SalesInvoiceStatus.ISSUED) & (_i.c.due_on < TODAY)
_other = _i.alias("other")
# What is looked at before it is issued again: of no interest in any other status. EXISTS would be
# worked out for all invoices at once, however few are shown.
_REPLACED = (_i.c.status == SalesInvoiceStatus.VOID) & or_(
    *(
        select(_other.c.id)
        .where(
            _other.c.organization_id == _i.c.organization_id,
            _other.c[name] == _i.c[name],
            _other.c.status != SalesInvoiceStatus.VOID,
        )
        .limit(1)
        .scalar_subquery()
        .is_not(None)
        for name in ("order_id", "period_id", "quotation_id")
    )
)

INVOICES = Listed(
    SalesInvoiceRow,
    select_row(
        SalesInvoiceRow,
        _i,
        overdue=_OVERDUE,
        replaced=_REPLACED,
        net_amount=_i.c.net,
        total_amount=_i.c.total,
    ),
    _i,
    {
        "status": Filter(one_of(_i.c.status, "status"), list),
        # By columns that are kept, so that an index finds those that are.
        "overdue": Filter(
            or_(
                bindparam("overdue", type_=Boolean) & _OVERDUE,
                ~bindparam("overdue", type_=Boolean) & ~_OVERDUE,
            )
        ),
        "customer_id": Filter(_i.c.customer_id == bindparam("customer_id", type_=Uuid)),
        "issued_from": Filter(_i.c.issued_on >= bindparam("issued_from", type_=Date)),
        "issued_to": Filter(_i.c.issued_on <= bindparam("issued_to", type_=Date)),
        "search": contains(_i.c.searched),
    },
    {
        SalesInvoiceSort.CREATED_AT: ordering(_i, "created_at", "id"),
        SalesInvoiceSort.ISSUED_ON: ordering(_i, "issued_on", "id"),
        SalesInvoiceSort.DUE_ON: ordering(_i, "due_on", "id"),
        SalesInvoiceSort.TOTAL: ordering(_i, "total_amount", "id", total_amount="total"),
    },
)


def _of(column: Any) -> Any:
    return INVOICES.rows.where(one_of(column)).order_by(column, _i.c.created_at, _i.c.id)


def _of_invoice(part: Any) -> Any:
    return (_i.c.organization_id == part.c.organization_id) & (_i.c.id == part.c.invoice_id)


BY_ORDER, BY_SUBSCRIPTION = _of(_i.c.order_id), _of(_i.c.subscription_id)
BY_QUOTATION = _of(_i.c.quotation_id)
LINES_BY_INVOICE = (
    select_row(
        SalesInvoiceLineRow,
        _l,
        unit_price_amount=_l.c.unit_price,
        net_amount=_l.c.net,
        total_amount=_l.c.total,
        currency=_i.c.currency,
    )
    .join_from(
        _l, _i, (_i.c.organization_id == _l.c.organization_id) & (_i.c.id == _l.c.invoice_id)
    )
    .where(one_of(_l.c.invoice_id))
    .order_by(_l.c.invoice_id, _l.c.position)
)


class SqlSalesInvoices:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, SalesInvoiceRow]:
        return keyed(await self._snapshot.rows(SalesInvoiceRow, INVOICES.by_ids, ids=[*ids]))

    async def by_order_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[SalesInvoiceRow]]:
        rows = await self._snapshot.rows(SalesInvoiceRow, BY_ORDER, ids=[*ids])
        return grouped(rows, by="order_id")

    async def by_subscription_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[SalesInvoiceRow]]:
        rows = await self._snapshot.rows(SalesInvoiceRow, BY_SUBSCRIPTION, ids=[*ids])
        return grouped(rows, by="subscription_id")

    async def by_quotation_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[SalesInvoiceRow]]:
        rows = await self._snapshot.rows(SalesInvoiceRow, BY_QUOTATION, ids=[*ids])
        return grouped(rows, by="quotation_id")

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: SalesInvoiceFilter = SalesInvoiceFilter(),
        order_by: SalesInvoiceOrder = SalesInvoiceOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[SalesInvoiceRow]]:
        page = await INVOICES.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def by_customer_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: SalesInvoiceFilter = SalesInvoiceFilter(),
        order_by: SalesInvoiceOrder = SalesInvoiceOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[SalesInvoiceRow]]:
        return await INVOICES.pages(
            self._snapshot, "customer_id", ids, filter, order_by, first, after
        )

    async def numbered(
        self,
        filter: SalesInvoiceFilter,
        order_by: SalesInvoiceOrder,
        *,
        offset: int,
        limit: int,
    ) -> Sequence[SalesInvoiceRow]:
        return await INVOICES.numbered(self._snapshot, filter, order_by, offset=offset, limit=limit)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await INVOICES.counts(self._snapshot, listings)


class SqlSalesInvoiceLines:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_invoice_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[SalesInvoiceLineRow]]:
        rows = await self._snapshot.rows(SalesInvoiceLineRow, LINES_BY_INVOICE, ids=[*ids])
        return grouped(rows, by="invoice_id")
