"""Suppliers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from domain.performances import SupplierPerformance
from domain.suppliers import SupplierContact, SupplierStatus
from usecases.reads.kit import Direction, Listing, Page, Whole


class SupplierRow(NamedTuple):
    id: UUID
    version: int
    code: str | None
    name: str
    name_ar: str | None
    status: SupplierStatus
    category: str | None
    tax_id: str | None
    registration_number: str | None
    email: str | None
    phone: str | None
    address: str | None
    payment_terms: int | None
    currency: str | None
    bank_name: str | None
    bank_account: str | None
    contacts: list[SupplierContact]
    performance_score: Decimal | None
    waqti_id: int
    wisedat_id: int
    shoplazza_id: int
    created_at: datetime
    updated_at: datetime


class SupplierTotals(NamedTuple):
    """What was ordered from a supplier and not called off again, in base currency."""

    orders: int
    spend: Decimal


class SupplierSort(StrEnum):
    """What lists of suppliers can be sorted by."""

    NAME = "NAME"
    CREATED_AT = "CREATED_AT"


@dataclass(frozen=True, kw_only=True)
class SupplierFilter:
    """All that is given must hold."""

    status: Annotated[tuple[SupplierStatus, ...] | None, "One of these statuses."] = None
    category: Annotated[str | None, "Exactly this category."] = None
    search: Annotated[str | None, "Part of the name, code, e-mail address or tax id."] = None
    min_score: Annotated[Decimal | None, "Performance score at least this."] = None


@dataclass(frozen=True, kw_only=True)
class SupplierOrder:
    """By what to sort, and which way."""

    field: Annotated[SupplierSort, "What to sort by."] = SupplierSort.NAME
    direction: Annotated[Direction, "Which way."] = Direction.ASC


class Suppliers(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, SupplierRow]: ...

    async def totals_by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, SupplierTotals]: ...

    async def performances_by_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, SupplierPerformance]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: SupplierFilter = SupplierFilter(),
        order_by: SupplierOrder = SupplierOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[SupplierRow]]: ...

    async def numbered(
        self, filter: SupplierFilter, order_by: SupplierOrder, *, offset: int, limit: int
    ) -> Sequence[SupplierRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...
