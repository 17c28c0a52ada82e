"""What a service order costs, line by line."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.kit.ids import new_id


class PriceLineKind(StrEnum):
    """BASE is the service, OPTION what was chosen; DISCOUNT and COVERAGE are negative."""

    BASE = "BASE"
    OPTION = "OPTION"
    DISCOUNT = "DISCOUNT"
    COVERAGE = "COVERAGE"


@dataclass(kw_only=True, eq=False)
class ServiceOrderPriceLine:
    """A part of the order: an amount without tax. `key` is an option's, or a coupon's code."""

    id: UUID = field(default_factory=new_id)
    order_id: UUID | None = None
    position: int
    line_kind: PriceLineKind
    key: str | None = None
    label: str
    label_ar: str | None = None
    amount: Decimal
