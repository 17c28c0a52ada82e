"""Sales invoices as Shrkity clients see them: fact S-59."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, NamedTuple

from domain.sales_invoices import SalesInvoiceStatus
from rest.kit.answers import one_of_these, plain
from rest.shrkity.wire.customers import customer_ids
from usecases.reads.customers import CustomerRow
from usecases.reads.sales_invoices import SalesInvoiceLineRow, SalesInvoiceRow

OVERDUE = "overdue"
STATUSES = {status: status.lower() for status in SalesInvoiceStatus}


class Billed(NamedTuple):
    """The ids that clients know of what an invoice bills."""

    order_id: int | None
    subscription_id: int | None
    quotation_id: int | None


@dataclass(slots=True)
class Item:
    description: str
    description_ar: str | None
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    net: Decimal
    vat: Decimal
    total: Decimal

    @classmethod
    def of(cls, row: SalesInvoiceLineRow) -> "Item":
        return cls(
            description=row.description,
            description_ar=row.description_ar,
            quantity=plain(row.quantity),
            unit_price=row.unit_price.amount,
            vat_rate=plain(row.vat_rate),
            net=row.net.amount,
            vat=row.vat.amount,
            total=row.total.amount,
        )


@dataclass(slots=True)
class Invoice:
    id: int
    number: str
    status: Annotated[str, one_of_these([*STATUSES.values(), OVERDUE])]
    company_id: int | None
    client_id: int | None
    order_id: int | None
    subscription_id: int | None
    quotation_id: int | None
    items: list[Item]
    net: Decimal
    vat: Decimal
    total: Decimal
    currency: str
    issued_on: date
    due_on: date
    paid_on: date | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(
        cls,
        row: SalesInvoiceRow,
        *,
        customer: CustomerRow | None,
        billed: Billed,
        lines: Sequence[SalesInvoiceLineRow],
    ) -> "Invoice":
        return cls(
            id=row.shrkity_id,
            number=row.number,
            status=OVERDUE if row.overdue else STATUSES[row.status],
            **customer_ids(customer),
            **billed._asdict(),
            items=[*map(Item.of, lines)],
            net=row.subtotal.amount,
            vat=row.vat.amount,
            total=row.total.amount,
            currency=row.currency,
            issued_on=row.issued_on,
            due_on=row.due_on,
            paid_on=row.paid_on,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
