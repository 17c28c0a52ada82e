"""Packages as Shrkity clients see them: fact S-43."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from usecases.reads.packages import PackageRow
from usecases.reads.service_definitions import ServiceDefinitionRow


@dataclass(slots=True)
class Item:
    service_definition_id: int
    quantity: int | None
    unlimited: bool


@dataclass(slots=True)
class Package:
    id: int
    code: str
    name: str
    name_ar: str | None
    description: str | None
    price: Decimal
    currency: str
    duration_days: int
    renewable: bool
    items: list[Item]

    @classmethod
    def of(cls, row: PackageRow, services: Mapping[UUID, ServiceDefinitionRow]) -> "Package":
        return cls(
            id=row.shrkity_id,
            code=row.code,
            name=row.name,
            name_ar=row.name_ar,
            description=row.description,
            price=row.price.amount,
            currency=row.currency,
            duration_days=row.duration_days,
            renewable=row.renewable,
            items=[
                Item(
                    service_definition_id=services[item.service_definition_id].shrkity_id,
                    quantity=item.quantity,
                    unlimited=item.quantity is None,
                )
                for item in row.items
            ],
        )
