"""Packages: services that are sold together, for a time (fact S-43)."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from domain.callers import Permission
from domain.kit.record import Record
from domain.service_definitions import ServiceDefinition


@dataclass(frozen=True, kw_only=True)
class PackageItem:
    """How often a package covers a service within a period."""

    service_definition_id: Annotated[UUID, ServiceDefinition, "The service."]
    quantity: Annotated[int | None, "How many orders it covers; any number without it."] = None


@dataclass(kw_only=True, eq=False)
class Package(Record):
    kind = "package"
    prefix = "pkg"
    managed_with = Permission.PACKAGES_WRITE

    code: Annotated[str, "Short code, unique in the organization."]
    name: Annotated[str, "What it is called."]
    name_ar: Annotated[str | None, "The same in Arabic."] = None
    description: Annotated[str | None, "What it is, for customers to read."] = None
    price: Annotated[Decimal, "What a period costs without tax, in the base currency."]
    vat_rate: Annotated[Decimal | None, "Percent; the organization's usual rate without it."] = None
    duration_days: Annotated[int, "How long a period lasts."]
    renewable: Annotated[bool, "Whether another period can follow."] = True
    active: Annotated[bool, "Only active packages are sold."] = True
    items: Annotated[list[PackageItem], "What it covers; replaces the list."] = field(
        default_factory=list
    )
    currency: str
    shrkity_id: int | None = None
