"""Quotations as Shrkity clients send and see them: fact S-58."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from domain.quotations import MOST_LINES, QuotationStatus
from rest.kit.answers import one_of_these, plain
from rest.kit.inputs import Day, Id, Input, Number
from rest.shrkity.wire.customers import ForCustomer, customer_ids
from rest.shrkity.wire.extras import fields_of
from usecases.reads.customers import CustomerRow
from usecases.reads.quotations import QuotationLineRow, QuotationRow

STATUSES = {status: status.lower() for status in QuotationStatus}


class Item(Input):
    description: str
    service_definition_id: Id | None = None
    quantity: Number
    unit_price: Number
    vat_rate: Number | None = None


class Withdrawal(Input):
    reason: str | None = None


@dataclass(slots=True)
class ShownItem:
    id: int
    description: str
    service_definition_id: int | None
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    net: Decimal
    vat: Decimal
    total: Decimal

    @classmethod
    def of(cls, row: QuotationLineRow, service_definition_id: int | None) -> "ShownItem":
        return cls(
            id=row.shrkity_id,
            description=row.description,
            service_definition_id=service_definition_id,
            quantity=plain(row.quantity),
            unit_price=row.unit_price.amount,
            vat_rate=plain(row.vat_rate),
            net=row.net.amount,
            vat=row.vat.amount,
            total=row.total.amount,
        )


@dataclass(slots=True)
class ShownQuotation:
    id: int
    number: str
    status: Annotated[str, one_of_these(STATUSES.values())]
    company_id: int | None
    client_id: int | None
    items: list[ShownItem]
    net: Decimal
    vat: Decimal
    total: Decimal
    currency: str
    valid_until: date | None
    notes: str | None
    sent_at: datetime | None
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(
        cls, row: QuotationRow, *, customer: CustomerRow, items: Sequence[ShownItem]
    ) -> "ShownQuotation":
        return cls(
            id=row.shrkity_id,
            number=row.number,
            status=STATUSES[row.status],
            **customer_ids(customer),
            items=[*items],
            net=row.subtotal.amount,
            vat=row.vat.amount,
            total=row.total.amount,
            currency=row.currency,
            valid_until=row.valid_until,
            notes=row.notes,
            sent_at=row.sent_at,
            metadata=row.metadata,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


class Quotation(ForCustomer):
    shown = fields_of(ShownQuotation)

    items: Annotated[list[Item], Field(min_length=1, max_length=MOST_LINES)]
    valid_until: Day | None = None
    notes: str | None = None
