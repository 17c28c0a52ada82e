"""Suppliers' invoices: facts W-61 to W-64. They are approved and paid in the graph."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.callers import Locale, Permission
from domain.kit.errors import Path
from domain.purchase_invoices import (
    NewPurchaseInvoiceAttachment,
    NewPurchaseInvoiceLine,
    PurchaseInvoice,
)
from domain.purchase_orders import PurchaseOrder, PurchaseOrderLine
from domain.suppliers import Supplier
from rest.kit import Call, Endpoint, NumberedPage
from rest.kit.calls import the
from rest.kit.inputs import Nothing
from rest.kit.pages import numbered
from rest.waqti.wire import inputs
from rest.waqti.wire import invoices as wire
from usecases.purchase_invoices import CreatePurchaseInvoice
from usecases.reads import Reads
from usecases.reads.legacy_ids import LegacyId
from usecases.reads.purchase_invoices import (
    PurchaseInvoiceFilter,
    PurchaseInvoiceOrder,
    PurchaseInvoiceRow,
)

NOBODY = UUID(int=0)  # no record has this id


async def index(call: Call[inputs.Invoices]) -> NumberedPage[wire.ListedInvoice]:
    given = call.given
    rows, total = await numbered(
        call.read.purchase_invoices,
        await _filter(call),
        PurchaseInvoiceOrder(field=given.sort, direction=given.order),
        number=given.page,
        size=given.size,
    )
    mentioned = await _mentioned(call.read, rows)
    items = [wire.ListedInvoice.of(row, mentioned, call.asked.locale) for row in rows]
    return NumberedPage(items=items, number=given.page, size=given.size, total=total)


async def _filter(call: Call[inputs.Invoices]) -> PurchaseInvoiceFilter:
    """An id that names nobody has no invoices."""
    given = call.given
    vendor = LegacyId(Supplier.kind, call.system, given.vendor_id or 0)
    order = LegacyId(PurchaseOrder.kind, call.system, given.purchase_order_id or 0)
    named = [legacy for legacy in (vendor, order) if legacy.value]
    ids = await call.read.legacy_ids.to_ids(named) if named else {}
    return PurchaseInvoiceFilter(
        status=(given.status,) if given.status else None,
        match_status=(given.match_status,) if given.match_status else None,
        supplier_id=ids.get(vendor, NOBODY) if given.vendor_id else None,
        purchase_order_id=ids.get(order, NOBODY) if given.purchase_order_id else None,
        invoiced_from=given.from_date,
        invoiced_to=given.to_date,
        search=given.search,
    )


async def create(call: Call[inputs.Invoice]) -> wire.Invoice:
    given = call.given
    named: dict[Path, tuple[str, int | None]] = {
        ("vendor_id",): (Supplier.kind, given.vendor_id),
        ("purchase_order_id",): (PurchaseOrder.kind, given.purchase_order_id),
        **{
            ("items", n, "po_item_id"): (PurchaseOrderLine.kind, item.po_item_id)
            for n, item in enumerate(given.items)
        },
    }
    ids = await call.mentioned(named)
    done = await call.run(
        CreatePurchaseInvoice(
            vendor_invoice_number=given.vendor_invoice_number,
            supplier_id=ids["vendor_id",],
            purchase_order_id=ids.get(("purchase_order_id",)),
            invoice_date=given.invoice_date,
            due_date=given.due_date,
            currency=given.currency,
            exchange_rate=given.exchange_rate,
            notes=given.notes,
            lines=[
                NewPurchaseInvoiceLine(
                    description=item.description,
                    quantity=item.quantity,
                    unit_price=item.unit_price,
                    vat_rate=item.vat_rate,
                    order_line_id=ids.get(("items", n, "po_item_id")),
                )
                for n, item in enumerate(given.items)
            ],
            attachments=[
                NewPurchaseInvoiceAttachment(**dict(each)) for each in given.attachments or ()
            ],
        )
    )
    return await detail(call.read, done.id, call.asked.locale)


async def show(call: Call[Nothing]) -> wire.Invoice:
    return await detail(call.read, await call.id(PurchaseInvoice.kind), call.asked.locale)


async def detail(read: Reads, id: UUID, locale: Locale) -> wire.Invoice:
    row = the(await read.purchase_invoices.by_ids([id]), id)
    lines = (await read.purchase_invoice_lines.by_invoice_ids([id])).get(id, ())
    billed = {line.order_line_id for line in lines if line.order_line_id is not None}
    ordered = await read.purchase_order_lines.by_ids([*billed])
    attachments = (await read.purchase_invoice_attachments.by_invoice_ids([id])).get(id, ())
    parts = wire.InvoiceParts(lines, ordered, attachments)
    return wire.Invoice.detailed(row, await _mentioned(read, [row]), parts, locale)


async def _mentioned(read: Reads, rows: Sequence[PurchaseInvoiceRow]) -> wire.Mentioned:
    orders = {row.purchase_order_id for row in rows if row.purchase_order_id is not None}
    suppliers = {row.supplier_id for row in rows}
    return wire.Mentioned(
        await read.suppliers.by_ids([*suppliers]), await read.purchase_orders.by_ids([*orders])
    )


_READ = Permission.PURCHASE_INVOICES_READ

ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/invoices", index, inputs.Invoices, needs=_READ),
    Endpoint("POST", "/invoices", create, inputs.Invoice, status=201),
    Endpoint("GET", "/invoices/{id}", show, Nothing, needs=_READ),
]
