"""The sales invoice itself: issued, paid or voided."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.kit.aggregate import Aggregate
from domain.sales_invoices.lines import SalesInvoiceLine


class SalesInvoiceStatus(StrEnum):
    """An ISSUED one that is due before today is overdue, which is reckoned, not kept."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    PAID = "PAID"
    VOID = "VOID"


@dataclass(kw_only=True, eq=False)
class SalesInvoice(Aggregate):
    """Fact S-59. For an order or a period of a subscription, each at most once unless voided.

    A simplified invoice has no customer.
    """

    kind = "sales_invoice"
    prefix = "sin"

    number: str | None = None
    status: SalesInvoiceStatus = SalesInvoiceStatus.DRAFT
    customer_id: UUID | None
    order_id: UUID | None = None
    period_id: UUID | None = None
    subscription_id: UUID | None = None
    currency: str
    issued_on: date | None = None
    due_on: date | None = None
    net: Decimal = Decimal(0)
    vat_amount: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    paid_at: datetime | None = None
    payment_reference: str | None = None
    voided_at: datetime | None = None
    void_reason: str | None = None
    shrkity_id: int | None = None
    lines: list[SalesInvoiceLine] = field(default_factory=list)
