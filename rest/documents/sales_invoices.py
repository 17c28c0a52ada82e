"""A sales invoice as it is printed, in English or Arabic."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.kit.money import minor_units
from domain.sales_invoices import SalesInvoiceStatus
from rest.kit.typesetting import typeset
from usecases import formats
from usecases.messages import term
from usecases.organizations import own_organization
from usecases.reads import Reads
from usecases.reads.customers import CustomerRow
from usecases.reads.organizations import OrganizationRow
from usecases.reads.sales_invoices import (
    InvoiceLanguage,
    SalesInvoiceLineRow,
    SalesInvoiceRow,
)

_TEMPLATE = Path(__file__).parent / "sales_invoice.typ"
_ROOT = Path(__file__).parents[1]


class _Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def name_ar(self) -> str | None: ...


class SalesInvoiceDocument(NamedTuple):
    """Everything that is printed; `order_number` is that of the order or the quotation."""

    language: InvoiceLanguage
    seller: OrganizationRow
    customer: CustomerRow | None
    invoice: SalesInvoiceRow
    lines: tuple[SalesInvoiceLineRow, ...]
    order_number: str | None


async def sales_invoice(
    read: Reads, id: UUID, language: InvoiceLanguage
) -> SalesInvoiceDocument | None:
    """The document of an invoice; None when there is none."""
    invoice = (await read.sales_invoices.by_ids([id])).get(id)
    if invoice is None:
        return None
    customers = [invoice.customer_id] if invoice.customer_id else []
    lines = await read.sales_invoice_lines.by_invoice_ids([id])
    return SalesInvoiceDocument(
        language=language,
        seller=await own_organization(read),
        customer=next(iter((await read.customers.by_ids(customers)).values()), None),
        invoice=invoice,
        lines=tuple(lines[id]),
        order_number=await _ordered(read, invoice),
    )


async def _ordered(read: Reads, invoice: SalesInvoiceRow) -> str | None:
    """The number of what it bills, where that has one."""
    if invoice.order_id is not None:
        return (await read.service_orders.by_ids([invoice.order_id]))[invoice.order_id].number
    if invoice.quotation_id is not None:
        return (await read.quotations.by_ids([invoice.quotation_id]))[invoice.quotation_id].number
    return None


def render(document: SalesInvoiceDocument) -> bytes:
    """The document as PDF. Takes tens of milliseconds: call it in a thread."""
    at = datetime.combine(document.invoice.issued_on, time(), UTC)
    return typeset(_TEMPLATE, _printed(document), at=at, root=_ROOT)


def _printed(document: SalesInvoiceDocument) -> dict[str, object]:
    """What the template prints: every number and date as text, absent fields as null."""
    invoice, language = document.invoice, document.language
    labels = _labels(language)
    digits = minor_units(invoice.currency)
    void = invoice.status is SalesInvoiceStatus.VOID
    return {
        "locale": language,
        "labels": labels,
        "warning": labels["void"] if void else None,
        "number": invoice.number,
        "status": labels[invoice.status.lower()],
        "seller": _party(document.seller, language, document.seller.address),
        "customer": _buyer(document.customer, language),
        "facts": _facts(document, labels),
        "lines": [_line(line, digits, language) for line in document.lines],
        "totals": [
            [labels["subtotal"], formats.amount(invoice.subtotal.amount, digits, language)],
            [labels["vat"], formats.amount(invoice.vat_amount, digits, language)],
        ],
        "total": formats.money(invoice.total.amount, invoice.currency, digits, language),
        "currency": formats.currency_name(invoice.currency, language),
        "currency_code": invoice.currency,
    }


def _facts(document: SalesInvoiceDocument, labels: Mapping[str, str]) -> list[list[str]]:
    invoice = document.invoice
    ordered = "quotation" if invoice.order_id is None else "service_order"
    facts = {
        "date": _day(invoice.issued_on, document.language),
        "due_on": _day(invoice.due_on, document.language),
        "paid_on": _day(invoice.paid_on, document.language),
        ordered: document.order_number,
    }
    return [[labels[name], value] for name, value in facts.items() if value]


def _party(
    who: OrganizationRow | CustomerRow, language: InvoiceLanguage, address: str | None
) -> dict[str, str | None]:
    return {
        "name": _name(who, language),
        "address": address,
        "vat_number": who.tax_id,
        "email": None if isinstance(who, OrganizationRow) else who.email,
    }


def _buyer(customer: CustomerRow | None, language: InvoiceLanguage) -> dict[str, str | None] | None:
    return None if customer is None else _party(customer, language, _address(customer))


def _address(customer: CustomerRow) -> str | None:
    """Where the first of their addresses is; else the city, where that is known."""
    if not customer.addresses:
        return customer.city
    at = customer.addresses[0]
    town = " ".join(filter(None, (at.city, at.postal_code)))
    return "\n".join(filter(None, (at.street, town)))


def _name(who: _Named, language: InvoiceLanguage) -> str:
    return (who.name_ar if language is InvoiceLanguage.AR else None) or who.name


def _line(line: SalesInvoiceLineRow, digits: int, language: InvoiceLanguage) -> dict[str, str]:
    arabic = line.description_ar if language is InvoiceLanguage.AR else None
    return {
        "position": str(line.position),
        "description": arabic or line.description,
        "quantity": formats.quantity(line.quantity, language),
        "unit_price": formats.price(line.unit_price.amount, digits, language),
        "vat_rate": formats.percent(line.vat_rate, language),
        "vat": formats.amount(line.vat_amount, digits, language),
        "total": formats.amount(line.total.amount, digits, language),
    }


def _day(value: date | None, language: InvoiceLanguage) -> str | None:
    return None if value is None else formats.day(value, language)


def _labels(locale: str) -> dict[str, str]:
    return {
        "title": term("document", "Invoice", locale),
        "issued": term("document", "Issued", locale),
        "paid": term("document", "Paid", locale),
        "void": term("document", "Void", locale),
        "nothing_owed": term("document", "This invoice is void: nothing is owed.", locale),
        "date": term("document", "Date", locale),
        "due_on": term("document", "Due on", locale),
        "paid_on": term("document", "Paid on", locale),
        "service_order": term("document", "Service order", locale),
        "quotation": term("document", "Quotation", locale),
        "customer": term("document", "Customer", locale),
        "vat_number": term("document", "VAT number", locale),
        "email": term("document", "Email", locale),
        "description": term("document", "Description", locale),
        "quantity": term("document", "Quantity", locale),
        "unit_price": term("document", "Unit price", locale),
        "vat": term("document", "VAT", locale),
        "vat_rate": term("document", "VAT rate", locale),
        "line_total": term("document", "Total incl. VAT", locale),
        "subtotal": term("document", "Subtotal", locale),
        "total": term("document", "Total", locale),
        "all_amounts_in": term("document", "All amounts in", locale),
        "page": term("document", "Page", locale),
        "of": term("document", "of", locale),
        "quote_number": term(
            "document", "Please quote the invoice number with your payment.", locale
        ),
    }
