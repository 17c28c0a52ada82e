"""Packages, as they are sold now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from domain.kit.money import Money
from domain.packages import PackageItem
from usecases.reads.kit import Direction, Listing, Page, Whole


class PackageRow(NamedTuple):
    id: UUID
    version: int
    code: str
    name: str
    name_ar: str | None
    description: str | None
    price_amount: Decimal
    currency: str
    vat_rate: Decimal | None
    duration_days: int
    renewable: bool
    active: bool
    items: list[PackageItem]
    shrkity_id: int
    created_at: datetime
    updated_at: datetime

    @property
    def price(self) -> Money:
        return Money.of(self.price_amount, self.currency)


class PackageSort(StrEnum):
    """What lists of packages can be sorted by."""

    NAME = "NAME"
    PRICE = "PRICE"
    CREATED_AT = "CREATED_AT"


@dataclass(frozen=True, kw_only=True)
class PackageFilter:
    """All that is given must hold."""

    active: Annotated[bool | None, "Sold, or not any more."] = None
    search: Annotated[str | None, "Part of the name, the Arabic name or the code."] = None


@dataclass(frozen=True, kw_only=True)
class PackageOrder:
    """By what to sort, and which way. Ties are broken by creation."""

    field: Annotated[PackageSort, "What to sort by."] = PackageSort.NAME
    direction: Annotated[Direction, "Which way."] = Direction.ASC


class Packages(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, PackageRow]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: PackageFilter = PackageFilter(),
        order_by: PackageOrder = PackageOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[PackageRow]]: ...

    async def numbered(
        self, filter: PackageFilter, order_by: PackageOrder, *, offset: int, limit: int
    ) -> Sequence[PackageRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...
