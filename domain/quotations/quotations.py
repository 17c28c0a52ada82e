"""The quotation itself: drafted, sent, accepted, converted."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.kit.aggregate import Aggregate
from domain.quotations.lines import QuotationLine


class QuotationStatus(StrEnum):
    """Fact S-58. Only a SENT one can be accepted, and only an ACCEPTED one becomes orders."""

    DRAFT = "DRAFT"
    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    CONVERTED = "CONVERTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


@dataclass(kw_only=True, eq=False)
class Quotation(Aggregate):
    kind = "quotation"
    prefix = "quo"

    number: str = ""
    status: QuotationStatus = QuotationStatus.DRAFT
    customer_id: UUID
    currency: str
    valid_until: date | None = None
    notes: str | None = None
    net: Decimal = Decimal(0)
    vat_amount: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    created_by_id: UUID
    sent_at: datetime | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    shrkity_id: int | None = None
    lines: list[QuotationLine] = field(default_factory=list)
