"""Sales invoices, which the system issues: fact S-59."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.callers import Locale, Permission
from domain.sales_invoices import SalesInvoice
from rest.kit import Call, Endpoint, NumberedPage, page_of
from rest.kit.answers import Redirect
from rest.kit.calls import the
from rest.kit.inputs import Nothing
from rest.shrkity.wire import invoices as wire
from rest.shrkity.wire.inputs import Page
from usecases.reads import Reads
from usecases.reads.sales_invoices import (
    InvoiceLanguage,
    SalesInvoiceFilter,
    SalesInvoiceOrder,
    SalesInvoiceRow,
)

READ = Permission.INVOICES_READ
_LANGUAGES = {Locale.AR: InvoiceLanguage.AR}


async def index(call: Call[Page]) -> NumberedPage[wire.Invoice]:
    """The newest first."""

    async def shaped(rows: Sequence[SalesInvoiceRow]) -> list[wire.Invoice]:
        return await _invoices(call.read, rows)

    return await page_of(
        call.read.sales_invoices, SalesInvoiceFilter(), SalesInvoiceOrder(), call.given, shaped
    )


async def show(call: Call[Nothing]) -> wire.Invoice:
    id = await call.id(SalesInvoice.kind)
    row = the(await call.read.sales_invoices.by_ids([id]), id)
    [invoice] = await _invoices(call.read, [row])
    return invoice


async def pdf(call: Call[Nothing]) -> Redirect:
    """Where it is printed in the language of Accept-Language, for ten minutes."""
    id = await call.id(SalesInvoice.kind)
    language = _LANGUAGES.get(call.asked.locale, InvoiceLanguage.EN)
    links = await call.read.sales_invoice_links.by_ids([id], language=language)
    return Redirect(f"{call.asked.origin}{links[id]}")


async def _invoices(read: Reads, rows: Sequence[SalesInvoiceRow]) -> list[wire.Invoice]:
    lines = await read.sales_invoice_lines.by_invoice_ids([row.id for row in rows])
    customers = await read.customers.by_ids(_ids(rows, "customer_id"))
    orders = await read.service_orders.by_ids(_ids(rows, "order_id"))
    subscriptions = await read.package_subscriptions.by_ids(_ids(rows, "subscription_id"))
    quotations = await read.quotations.by_ids(_ids(rows, "quotation_id"))
    return [
        wire.Invoice.of(
            row,
            customer=customers[row.customer_id] if row.customer_id else None,
            billed=wire.Billed(
                order_id=orders[row.order_id].shrkity_id if row.order_id else None,
                subscription_id=subscriptions[row.subscription_id].shrkity_id
                if row.subscription_id
                else None,
                quotation_id=quotations[row.quotation_id].shrkity_id if row.quotation_id else None,
            ),
            lines=lines.get(row.id, ()),
        )
        for row in rows
    ]


def _ids(rows: Sequence[SalesInvoiceRow], name: str) -> list[UUID]:
    return [*{id for row in rows if (id := getattr(row, name)) is not None}]


ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/invoices", index, Page, needs=READ),
    Endpoint("GET", "/invoices/{id}", show, Nothing, needs=READ),
    Endpoint("GET", "/invoices/{id}/pdf", pdf, Nothing, status=302, needs=READ),
]
