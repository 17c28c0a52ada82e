"""The service definition itself: drafted, published, archived."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from domain.business_calendars import BusinessCalendar
from domain.callers import Permission
from domain.kit.record import Record
from domain.service_definitions.steps import ServiceStep, SlaTarget
from domain.service_definitions.terms import EligibilityCheck, PriceOption


class ServiceStatus(StrEnum):
    """Only a PUBLISHED service can be ordered."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    ARCHIVED = "ARCHIVED"


@dataclass(kw_only=True, eq=False)
class ServiceDefinition(Record):
    """Facts S-20 to S-23. Orders keep the steps they were placed with."""

    kind = "service_definition"
    prefix = "svc"
    managed_with = Permission.SERVICES_WRITE

    code: Annotated[str, "Short code, unique in the organization."]
    name: Annotated[str, "What it is called."]
    name_ar: Annotated[str | None, "The same in Arabic."] = None
    description: Annotated[str | None, "What it is, for customers to read."] = None
    description_ar: Annotated[str | None, "The same in Arabic."] = None
    category: Annotated[str | None, "A label of yours, to group services by."] = None
    price: Annotated[Decimal, "What it costs without options and tax, in the base currency."]
    vat_rate: Annotated[Decimal | None, "Percent; the organization's usual rate without it."] = None
    requires_company: Annotated[bool, "Whether it is done for a company."] = False
    requires_worker: Annotated[bool, "Whether it is done for one of the company's workers."] = False
    calendar_id: Annotated[
        UUID | None, BusinessCalendar, "When work is done; the organization's without it."
    ] = None
    targets: Annotated[list[SlaTarget], "How long an order may take."] = field(default_factory=list)
    steps: Annotated[list[ServiceStep], "The workflow; replaces the list."] = field(
        default_factory=list
    )
    eligibility: Annotated[list[EligibilityCheck], "What must be so; replaces the list."] = field(
        default_factory=list
    )
    options: Annotated[list[PriceOption], "What may be chosen; replaces the list."] = field(
        default_factory=list
    )
    currency: str
    status: ServiceStatus = ServiceStatus.DRAFT
    shrkity_id: int | None = None
