"""Suppliers' invoices as Waqti clients get them, with what their match found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from domain.callers import Locale
from domain.purchase_invoices import MatchFinding
from rest.kit.answers import plain
from rest.waqti.wire import words
from rest.waqti.wire.parts import Named, name_of
from usecases.purchase_invoices.findings import in_words
from usecases.reads.purchase_invoices import (
    PurchaseInvoiceAttachmentRow,
    PurchaseInvoiceLineRow,
    PurchaseInvoiceRow,
)
from usecases.reads.purchase_orders import PurchaseOrderLineRow, PurchaseOrderRow
from usecases.reads.suppliers import SupplierRow


class Mentioned(NamedTuple):
    """Everybody and everything that some invoices name, by id."""

    suppliers: Mapping[UUID, SupplierRow]
    orders: Mapping[UUID, PurchaseOrderRow]


@dataclass(slots=True)
class Ordered:
    id: int
    po_number: str


@dataclass(slots=True)
class ListedInvoice:
    """Fact W-62."""

    id: int
    invoice_number: str
    vendor_invoice_number: str
    status: str
    payment_status: str
    match_status: str
    currency: str
    subtotal: Decimal
    vat_amount: Decimal
    total: Decimal
    invoice_date: date
    due_date: date
    vendor: Named
    purchase_order: Ordered | None
    created_at: datetime

    @classmethod
    def values(
        cls, row: PurchaseInvoiceRow, mentioned: Mentioned, locale: Locale
    ) -> dict[str, Any]:
        supplier = mentioned.suppliers[row.supplier_id]
        id = row.purchase_order_id
        order = mentioned.orders[id] if id is not None else None
        return {
            "id": row.waqti_id,
            "invoice_number": row.number,
            "vendor_invoice_number": row.vendor_invoice_number,
            "status": words.INVOICE_STATUSES[row.status],
            "payment_status": words.PAYMENT_STATUSES[row.payment_status],
            "match_status": words.MATCH_STATUSES[row.match_status],
            "currency": row.currency,
            "subtotal": row.subtotal.amount,
            "vat_amount": row.vat.amount,
            "total": row.total.amount,
            "invoice_date": row.invoice_date,
            "due_date": row.due_date,
            "vendor": Named(supplier.waqti_id, name_of(supplier, locale)),
            "purchase_order": Ordered(order.waqti_id, order.number) if order else None,
            "created_at": row.created_at,
        }

    @classmethod
    def of(cls, row: PurchaseInvoiceRow, mentioned: Mentioned, locale: Locale) -> "ListedInvoice":
        return cls(**cls.values(row, mentioned, locale))


@dataclass(slots=True)
class MatchDetail:
    """One comparison: `field` is of the order's item, `result` match, pending_grn or mismatch."""

    field: str
    result: str
    expected: Decimal | None
    actual: Decimal | None
    message: str

    @classmethod
    def of(cls, finding: MatchFinding, locale: Locale) -> "MatchDetail":
        return cls(
            words.MATCH_FIELDS[finding.aspect],
            words.MATCH_RESULTS[finding.verdict],
            None if finding.expected is None else plain(finding.expected),
            None if finding.found is None else plain(finding.found),
            in_words(finding, locale),
        )


@dataclass(slots=True)
class InvoiceItem:
    id: int
    line_number: int
    description: str
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    vat_amount: Decimal
    total: Decimal
    po_item_id: int | None
    match_status: str
    match_details: list[MatchDetail]

    @classmethod
    def of(
        cls,
        row: PurchaseInvoiceLineRow,
        ordered: Mapping[UUID, PurchaseOrderLineRow],
        locale: Locale,
    ) -> "InvoiceItem":
        return cls(
            row.waqti_id,
            row.position,
            row.description,
            plain(row.quantity),
            row.unit_price.amount,
            plain(row.vat_rate),
            row.vat.amount,
            row.total.amount,
            ordered[row.order_line_id].waqti_id if row.order_line_id else None,
            words.MATCH_STATUSES[row.match_status],
            [MatchDetail.of(finding, locale) for finding in row.findings],
        )


@dataclass(slots=True)
class InvoiceAttachment:
    id: int
    name: str
    url: str

    @classmethod
    def of(cls, row: PurchaseInvoiceAttachmentRow) -> "InvoiceAttachment":
        return cls(row.waqti_id, row.name, row.url)


class InvoiceParts(NamedTuple):
    """What belongs to one invoice, and the order's lines that it bills."""

    lines: Sequence[PurchaseInvoiceLineRow]
    ordered: Mapping[UUID, PurchaseOrderLineRow]
    attachments: Sequence[PurchaseInvoiceAttachmentRow]


@dataclass(slots=True)
class Invoice(ListedInvoice):
    """Fact W-64: what lists show, then the rest."""

    exchange_rate: Decimal
    paid_amount: Decimal
    notes: str | None
    items: list[InvoiceItem]
    attachments: list[InvoiceAttachment]
    updated_at: datetime

    @classmethod
    def detailed(
        cls,
        row: PurchaseInvoiceRow,
        mentioned: Mentioned,
        parts: InvoiceParts,
        locale: Locale,
    ) -> "Invoice":
        return cls(
            **cls.values(row, mentioned, locale),
            exchange_rate=plain(row.exchange_rate),
            paid_amount=row.paid.amount,
            notes=row.notes,
            items=[InvoiceItem.of(line, parts.ordered, locale) for line in parts.lines],
            attachments=[*map(InvoiceAttachment.of, parts.attachments)],
            updated_at=row.updated_at,
        )
