"""Service definitions, as they are offered now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from domain.kit.money import Money
from domain.service_definitions import (
    EligibilityCheck,
    PriceOption,
    ServiceDocument,
    ServiceStatus,
    ServiceStep,
    SlaTarget,
    required_documents,
)
from usecases.reads.kit import Direction, Listing, Page, Whole


class PricedOption(NamedTuple):
    """Something that may be chosen with an order."""

    key: str
    name: str
    name_ar: str | None
    price: Money


class ServiceDefinitionRow(NamedTuple):
    id: UUID
    version: int
    code: str
    name: str
    name_ar: str | None
    description: str | None
    description_ar: str | None
    category: str | None
    price_amount: Decimal
    currency: str
    vat_rate: Decimal | None
    requires_company: bool
    requires_worker: bool
    calendar_id: UUID | None
    targets: list[SlaTarget]
    steps: list[ServiceStep]
    eligibility: list[EligibilityCheck]
    price_options: list[PriceOption]
    status: ServiceStatus
    shrkity_id: int
    created_at: datetime
    updated_at: datetime

    @property
    def price(self) -> Money:
        return Money.of(self.price_amount, self.currency)

    @property
    def starts_at_price(self) -> bool:
        """Whether the price depends on what is chosen with the order (fact S-22)."""
        return bool(self.price_options)

    @property
    def options(self) -> list[PricedOption]:
        return [
            PricedOption(each.key, each.name, each.name_ar, Money.of(each.price, self.currency))
            for each in self.price_options
        ]

    @property
    def required_documents(self) -> list[ServiceDocument]:
        return required_documents(self.steps)


class ServiceDefinitionSort(StrEnum):
    """What lists of services can be sorted by."""

    NAME = "NAME"
    PRICE = "PRICE"
    CREATED_AT = "CREATED_AT"


@dataclass(frozen=True, kw_only=True)
class ServiceDefinitionFilter:
    """All that is given must hold."""

    status: Annotated[tuple[ServiceStatus, ...] | None, "One of these statuses."] = None
    category: Annotated[str | None, "Exactly this category."] = None
    requires_company: Annotated[bool | None, "Done for a company, or not."] = None
    search: Annotated[str | None, "Part of the name, the Arabic name or the code."] = None


@dataclass(frozen=True, kw_only=True)
class ServiceDefinitionOrder:
    """By what to sort, and which way. Ties are broken by creation."""

    field: Annotated[ServiceDefinitionSort, "What to sort by."] = ServiceDefinitionSort.NAME
    direction: Annotated[Direction, "Which way."] = Direction.ASC


class ServiceDefinitions(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ServiceDefinitionRow]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: ServiceDefinitionFilter = ServiceDefinitionFilter(),
        order_by: ServiceDefinitionOrder = ServiceDefinitionOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[ServiceDefinitionRow]]: ...

    async def numbered(
        self,
        filter: ServiceDefinitionFilter,
        order_by: ServiceDefinitionOrder,
        *,
        offset: int,
        limit: int,
    ) -> Sequence[ServiceDefinitionRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...
