"""Workers of companies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, Protocol
from uuid import UUID

from domain.customers import Company
from usecases.reads.kit import Direction, Listing, Page, Whole


class WorkerRow(NamedTuple):
    id: UUID
    version: int
    company_id: UUID
    name: str
    name_ar: str | None
    iqama_number: str | None
    passport_number: str | None
    nationality: str | None
    job_title: str | None
    birth_date: date | None
    email: str | None
    phone: str | None
    removed_at: datetime | None
    metadata: dict[str, Any]
    shrkity_id: int
    created_at: datetime
    updated_at: datetime


class WorkerSort(StrEnum):
    """What lists of workers can be sorted by."""

    NAME = "NAME"
    CREATED_AT = "CREATED_AT"


@dataclass(frozen=True, kw_only=True)
class WorkerFilter:
    """All that is given must hold. Those who were removed are left out unless asked for."""

    company_id: Annotated[UUID | None, Company, "Of this company."] = None
    include_removed: Annotated[bool, "Whether to show those who were removed, too."] = False
    search: Annotated[str | None, "Part of the name, residence permit or passport number."] = None


@dataclass(frozen=True, kw_only=True)
class WorkerOrder:
    """By what to sort, and which way. Ties are broken by creation."""

    field: Annotated[WorkerSort, "What to sort by."] = WorkerSort.CREATED_AT
    direction: Annotated[Direction, "Which way."] = Direction.ASC


class Workers(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, WorkerRow]:
        """Those who were removed, too: what was ordered for them goes on naming them."""

    async def by_company_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: WorkerFilter = WorkerFilter(),
        order_by: WorkerOrder = WorkerOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[WorkerRow]]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: WorkerFilter = WorkerFilter(),
        order_by: WorkerOrder = WorkerOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[WorkerRow]]: ...

    async def numbered(
        self, filter: WorkerFilter, order_by: WorkerOrder, *, offset: int, limit: int
    ) -> Sequence[WorkerRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...
