"""Packages: services that are sold together, for a time (fact S-43)."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from domain.callers import Permission
from domain.kit import checks
from domain.kit.errors import RuleBroken
from domain.kit.record import Mention, Record
from domain.service_definitions import ServiceDefinition

MOST_ITEMS = 100
LONGEST = Decimal(3660)  # days
MOST = Decimal(10**9)


@dataclass(frozen=True, kw_only=True)
class PackageItem:
    """How often a package covers a service within a period."""

    service_definition_id: Annotated[UUID, ServiceDefinition, "The service."]
    quantity: Annotated[int | None, "How many orders it covers; any number without it."] = None


@dataclass(kw_only=True, eq=False)
class Package(Record):
    """Fact S-43. Subscriptions keep what their package covered when a period began."""

    kind = "package"
    prefix = "pkg"
    managed_with = Permission.PACKAGES_WRITE
    in_base_currency = True

    code: Annotated[str, "Short code, unique in the organization."]
    name: Annotated[str, "What it is called."]
    name_ar: Annotated[str | None, "The same in Arabic."] = None
    description: Annotated[str | None, "What it is, for customers to read."] = None
    price: Annotated[Decimal, "What a period costs without tax, in the base currency."]
    vat_rate: Annotated[Decimal | None, "Percent; the organization's usual rate without it."] = None
    duration_days: Annotated[int, "How long a period lasts, in days."]
    renewable: Annotated[bool, "Whether another period can follow."] = True
    active: Annotated[bool, "Only active packages are sold."] = True
    items: Annotated[list[PackageItem], "What it covers; replaces the list."] = field(
        default_factory=list
    )
    currency: str
    shrkity_id: int | None = None

    def problems(self) -> list[RuleBroken]:
        return checks.found(
            checks.text(self.code, ("code",), most=64, required=True),
            checks.text(self.name, ("name",), most=200, required=True),
            checks.text(self.name_ar, ("name_ar",), most=200),
            checks.text(self.description, ("description",), most=5000),
            checks.amount(self.price, ("price",), self.currency),
            checks.percentage(self.vat_rate, ("vat_rate",)),
            checks.number(Decimal(self.duration_days), ("duration_days",), least=1, most=LONGEST),
            *self._item_problems(),
        )

    def _item_problems(self) -> list[RuleBroken | None]:
        if not self.items:
            return [RuleBroken("a package needs at least one service", path=("items",))]
        if len(self.items) > MOST_ITEMS:
            return [RuleBroken("at most {most} are possible", path=("items",), most=MOST_ITEMS)]
        services = [item.service_definition_id for item in self.items]
        twice = [
            RuleBroken("this is there twice", path=("items", n, "service_definition_id"))
            for n, service in enumerate(services)
            if service in services[:n]
        ]
        return [
            *twice,
            *(
                checks.number(Decimal(item.quantity), ("items", n, "quantity"), least=1, most=MOST)
                for n, item in enumerate(self.items)
                if item.quantity is not None
            ),
        ]

    def mentions(self) -> list[Mention]:
        return [
            Mention(
                ServiceDefinition, item.service_definition_id, ("items", n, "service_definition_id")
            )
            for n, item in enumerate(self.items)
        ]
