"""The lines of a quotation."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from domain.kit.ids import new_id


@dataclass(kw_only=True, eq=False)
class QuotationLine:
    """A part of the quotation; a line with a service becomes so many orders of it."""

    kind: ClassVar[str] = "quotation_line"
    prefix: ClassVar[str] = "qol"

    id: UUID = field(default_factory=new_id)
    quotation_id: UUID | None = None
    position: int
    description: str
    service_definition_id: UUID | None = None
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    net: Decimal
    vat_amount: Decimal
    total: Decimal
    shrkity_id: int | None = None
