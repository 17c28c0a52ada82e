"""Quotations as Shrkity clients send and see them: fact S-58."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from domain.customers import Client, Company
from domain.kit.errors import RuleBroken
from domain.quotations import MOST_LINES, QuotationStatus
from rest.kit.answers import one_of_these, plain
from rest.kit.inputs import Day, Id, Input, Number
from rest.shrkity.wire.inputs import Open
from usecases.reads.customers import CompanyRow, CustomerRow
from usecases.reads.quotations import QuotationLineRow, QuotationRow

STATUSES = {status: status.lower() for status in QuotationStatus}


class Recipient(NamedTuple):
    """Who is to have it: the field, the kind of record, and its id."""

    field: str
    kind: str
    id: int


class Item(Input):
    description: str
    service_definition_id: Id | None = None
    quantity: Number
    unit_price: Number
    vat_rate: Number | None = None


class Quotation(Open):
    company_id: Id | None = None
    client_id: Id | None = None
    items: Annotated[list[Item], Field(min_length=1, max_length=MOST_LINES)]
    valid_until: Day | None = None
    notes: str | None = None

    @property
    def recipient(self) -> Recipient:
        """Raises RuleBroken unless there is exactly one."""
        named = [
            Recipient(field, kind, id)
            for field, kind, id in (
                ("company_id", Company.kind, self.company_id),
                ("client_id", Client.kind, self.client_id),
            )
            if id is not None
        ]
        if len(named) != 1:
            raise RuleBroken("say either company_id or client_id", path=("company_id",))
        return named[0]


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
        cls, row: QuotationRow, *, recipient: CustomerRow, items: Sequence[ShownItem]
    ) -> "ShownQuotation":
        company = isinstance(recipient, CompanyRow)
        return cls(
            id=row.shrkity_id,
            number=row.number,
            status=STATUSES[row.status],
            company_id=recipient.shrkity_id if company else None,
            client_id=None if company else recipient.shrkity_id,
            items=[*items],
            net=row.net.amount,
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
