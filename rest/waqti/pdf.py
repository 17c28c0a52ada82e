"""The purchase order as a document that a buyer sends to a vendor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from rest.kit.typesetting import typeset
from usecases import formats
from usecases.messages import term

_TEMPLATE = Path(__file__).parent / "purchase_order.typ"
_ROOT = Path(__file__).parents[1]

_STATUSES: Mapping[str, str] = MappingProxyType(
    {
        "DRAFT": "draft",
        "PENDING_APPROVAL": "pending_approval",
        "APPROVED": "approved",
        "REJECTED": "rejected",
        "COMPLETED": "completed",
        "CANCELLED": "cancelled",
    }
)
# What is not in force says so across every page; an unknown status is not.
_IN_FORCE = frozenset({"approved", "completed"})
_WARNINGS: Mapping[str, str] = MappingProxyType({"pending_approval": "not_approved"})


@dataclass(frozen=True, kw_only=True)
class Party:
    """The buyer or the vendor, as the letterhead shows it."""

    name: str
    address: str | None = None
    vat_number: str | None = None
    email: str | None = None


@dataclass(frozen=True, kw_only=True)
class DocumentLine:
    position: int
    description: str
    quantity: Decimal
    unit: str | None
    unit_price: Decimal
    vat_rate: Decimal
    vat: Decimal
    total: Decimal


@dataclass(frozen=True, kw_only=True)
class DocumentApproval:
    """One step of the approval; without a date it has not been decided."""

    step: int
    name: str
    role: str | None = None
    approved_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderDocument:
    """Everything that is printed: strings, decimals and dates in the organization's zone.

    `status` is the status of the purchase order (`PENDING_APPROVAL`, in any case).
    """

    locale: Literal["en", "ar"]
    buyer: Party
    vendor: Party
    number: str
    status: str
    created_on: date
    approved_on: date | None = None
    expected_on: date | None = None
    department: str | None = None
    project: str | None = None
    delivery_address: str | None = None
    notes: str | None = None
    terms: str | None = None
    currency: str
    minor_units: int
    lines: tuple[DocumentLine, ...]
    subtotal: Decimal
    vat: Decimal
    total: Decimal
    approvals: tuple[DocumentApproval, ...] = ()


def render(document: PurchaseOrderDocument) -> bytes:
    """The document as PDF. Takes tens of milliseconds: call it in a thread."""
    dated = document.approved_on or document.created_on
    at = datetime.combine(dated, time(), UTC)
    return typeset(_TEMPLATE, _printed(document), at=at, root=_ROOT)


def _printed(document: PurchaseOrderDocument) -> dict[str, object]:
    """What the template prints: every number and date as text, absent fields as null."""
    labels = _labels(document.locale)
    status = _STATUSES.get(document.status.upper(), "not_approved")
    warning = None if status in _IN_FORCE else labels[_WARNINGS.get(status, status)]
    return {
        "locale": document.locale,
        "labels": labels,
        "warning": warning,
        "number": document.number,
        "status": labels[status],
        "buyer": vars(document.buyer),
        "vendor": vars(document.vendor),
        "delivery_address": document.delivery_address,
        "facts": _facts(document, labels),
        "lines": [_line(line, document) for line in document.lines],
        "totals": [
            [labels["subtotal"], _amount(document.subtotal, document)],
            [labels["vat"], _amount(document.vat, document)],
        ],
        "total": formats.money(
            document.total, document.currency, document.minor_units, document.locale
        ),
        "currency": formats.currency_name(document.currency, document.locale),
        "currency_code": document.currency,
        "approvals": [_approval(approval, document) for approval in document.approvals],
        "notes": document.notes,
        "terms": document.terms,
    }


def _facts(document: PurchaseOrderDocument, labels: Mapping[str, str]) -> list[list[str]]:
    facts = {
        "date": _day(document.created_on, document),
        "approved_on": _day(document.approved_on, document),
        "expected": _day(document.expected_on, document),
        "department": document.department,
        "project": document.project,
    }
    return [[labels[name], value] for name, value in facts.items() if value]


def _line(line: DocumentLine, document: PurchaseOrderDocument) -> dict[str, str | None]:
    return {
        "position": str(line.position),
        "description": line.description,
        "quantity": formats.quantity(line.quantity, document.locale),
        "unit": line.unit,
        "unit_price": formats.price(line.unit_price, document.minor_units, document.locale),
        "vat_rate": formats.percent(line.vat_rate, document.locale),
        "vat": _amount(line.vat, document),
        "total": _amount(line.total, document),
    }


def _approval(approval: DocumentApproval, document: PurchaseOrderDocument) -> dict[str, str | None]:
    return {
        "step": str(approval.step),
        "name": approval.name,
        "role": approval.role,
        "date": _day(approval.approved_on, document),
    }


def _amount(value: Decimal, document: PurchaseOrderDocument) -> str:
    return formats.amount(value, document.minor_units, document.locale)


def _day(value: date | None, document: PurchaseOrderDocument) -> str | None:
    return None if value is None else formats.day(value, document.locale)


def _labels(locale: str) -> dict[str, str]:
    return {
        "title": term("document", "Purchase order", locale),
        "draft": term("document", "Draft", locale),
        "pending_approval": term("document", "Pending approval", locale),
        "not_approved": term("document", "Not approved", locale),
        "approved": term("document", "Approved", locale),
        "rejected": term("document", "Rejected", locale),
        "completed": term("document", "Completed", locale),
        "cancelled": term("document", "Cancelled", locale),
        "not_in_force": term("document", "This document is not a valid order.", locale),
        "number": term("document", "Order number", locale),
        "status": term("document", "Status", locale),
        "date": term("document", "Date", locale),
        "approved_on": term("document", "Approved on", locale),
        "expected": term("document", "Expected delivery", locale),
        "department": term("document", "Department", locale),
        "project": term("document", "Project", locale),
        "vendor": term("document", "Vendor", locale),
        "ship_to": term("document", "Deliver to", locale),
        "vat_number": term("document", "VAT number", locale),
        "email": term("document", "Email", locale),
        "description": term("document", "Description", locale),
        "quantity": term("document", "Quantity", locale),
        "unit": term("document", "Unit", locale),
        "unit_price": term("document", "Unit price", locale),
        "vat": term("document", "VAT", locale),
        "vat_rate": term("document", "VAT rate", locale),
        "line_total": term("document", "Total incl. VAT", locale),
        "subtotal": term("document", "Subtotal", locale),
        "total": term("document", "Total", locale),
        "all_amounts_in": term("document", "All amounts in", locale),
        "approvals": term("document", "Approvals", locale),
        "step": term("document", "Step", locale),
        "name": term("document", "Name", locale),
        "role": term("document", "Role", locale),
        "pending": term("document", "Pending", locale),
        "notes": term("document", "Notes", locale),
        "terms": term("document", "Terms", locale),
        "page": term("document", "Page", locale),
        "of": term("document", "of", locale),
        "quote_number": term(
            "document",
            "Please quote the order number on every delivery note and invoice.",
            locale,
        ),
    }
