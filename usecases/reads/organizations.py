"""Organizations, as they see themselves."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.organizations import Plan, Sandbox, ServicePlan
from usecases.reads.kit import Whole


class OrganizationRow(NamedTuple):
    id: UUID
    version: int
    name: str
    name_ar: str | None
    plan: Plan
    service_plan: ServicePlan
    monthly_order_limit: int | None
    calendar_id: UUID | None
    base_currency: str
    vat_rate: Decimal
    tax_id: str | None
    address: str | None
    time_zone: str
    own_approval: bool
    over_receipt_tolerance: Decimal
    amendment_tolerance: Decimal
    match_quantity_tolerance: Decimal
    match_price_tolerance: Decimal
    match_tax_tolerance: Decimal
    sandbox: Sandbox | None
    reset_on: date | None
    created_at: datetime


class Organizations(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, OrganizationRow]: ...

    async def own(self, whole: Sequence[Whole]) -> Mapping[Whole, OrganizationRow]:
        """The one whose records are read."""
