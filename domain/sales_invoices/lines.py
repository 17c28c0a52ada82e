"""The lines of a sales invoice."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from domain.kit.ids import new_id


@dataclass(kw_only=True, eq=False)
class SalesInvoiceLine:
    """A part of the invoice; discounts are lines with a negative price."""

    kind: ClassVar[str] = "sales_invoice_line"
    prefix: ClassVar[str] = "sil"

    id: UUID = field(default_factory=new_id)
    invoice_id: UUID | None = None
    position: int
    description: str
    description_ar: str | None = None
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    net: Decimal
    vat_amount: Decimal
    total: Decimal
