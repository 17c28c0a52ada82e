"""Organizations: the companies that share the system and see nothing of each other."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.kit.aggregate import Aggregate


class Plan(StrEnum):
    """What was bought; it sets how many requests a credential may send (fact W-21)."""

    BASIC = "BASIC"
    PROFESSIONAL = "PROFESSIONAL"
    ENTERPRISE = "ENTERPRISE"


@dataclass(kw_only=True, eq=False)
class Organization(Aggregate):
    """`own_approval` lets creators approve their own orders (fact W-71: off by default)."""

    kind = "organization"
    prefix = "org"

    name: str
    name_ar: str | None = None
    plan: Plan = Plan.BASIC
    base_currency: str = "SAR"
    vat_rate: Decimal = Decimal(15)
    tax_id: str | None = None
    address: str | None = None
    own_approval: bool = False
