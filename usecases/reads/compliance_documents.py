"""Compliance documents and their types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from domain.compliance_documents import (
    ComplianceDocumentType,
    DocumentHolder,
    DocumentStatus,
    status_on,
)
from domain.customers import Company
from domain.workers import Worker
from usecases.reads.kit import Direction, Listing, Page, Whole


class ComplianceDocumentTypeRow(NamedTuple):
    id: UUID
    version: int
    code: str
    name: str
    name_ar: str | None
    holder: DocumentHolder
    renewal_window_days: int
    archived: bool
    shrkity_id: int
    created_at: datetime
    updated_at: datetime


class ComplianceDocumentRow(NamedTuple):
    """`today` is the organization's; the window is the type's where it has none of its own."""

    id: UUID
    version: int
    type_id: UUID
    type_name: str
    type_name_ar: str | None
    type_shrkity_id: int
    company_id: UUID
    company_shrkity_id: int
    worker_id: UUID | None
    worker_shrkity_id: int | None
    number: str | None
    issued_on: date | None
    expires_on: date | None
    ends_on: date
    renewal_window_days: int
    renews_on: date | None
    file_url: str | None
    revoked_at: datetime | None
    today: date
    shrkity_id: int
    created_at: datetime
    updated_at: datetime

    @property
    def status(self) -> DocumentStatus:
        return status_on(self.today, self)


class GoingByType(NamedTuple):
    """A document that is to be renewed when its type says so."""

    id: UUID


class ComplianceDocumentSort(StrEnum):
    """What lists of documents can be sorted by. What never runs out is the last to expire."""

    CREATED_AT = "CREATED_AT"
    EXPIRES_ON = "EXPIRES_ON"


@dataclass(frozen=True, kw_only=True)
class ComplianceDocumentFilter:
    """All that is given must hold."""

    company_id: Annotated[UUID | None, Company, "Of this company or its workers."] = None
    worker_id: Annotated[UUID | None, Worker, "Of this worker."] = None
    type_id: Annotated[UUID | None, ComplianceDocumentType, "Of this type."] = None
    status: Annotated[tuple[DocumentStatus, ...] | None, "One of these, as of today."] = None
    expiring_soon: Annotated[bool | None, "Whether it is within its renewal window today."] = None
    expires_from: Annotated[date | None, "Its last day is this one or later."] = None
    expires_to: Annotated[date | None, "Its last day is this one or earlier."] = None
    search: Annotated[str | None, "Part of its number."] = None


@dataclass(frozen=True, kw_only=True)
class ComplianceDocumentOrder:
    """By what to sort, and which way. Ties are broken by creation."""

    field: Annotated[ComplianceDocumentSort, "What to sort by."] = ComplianceDocumentSort.CREATED_AT
    direction: Annotated[Direction, "Which way."] = Direction.DESC


class ComplianceDocumentTypes(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ComplianceDocumentTypeRow]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        search: str | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[ComplianceDocumentTypeRow]]: ...

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...


class ComplianceDocuments(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ComplianceDocumentRow]: ...

    async def going_by_type_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[GoingByType]]:
        """Of each type the documents without a renewal window of their own."""

    async def by_company_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: ComplianceDocumentFilter = ComplianceDocumentFilter(),
        order_by: ComplianceDocumentOrder = ComplianceDocumentOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[ComplianceDocumentRow]]: ...

    async def by_worker_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: ComplianceDocumentFilter = ComplianceDocumentFilter(),
        order_by: ComplianceDocumentOrder = ComplianceDocumentOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[ComplianceDocumentRow]]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: ComplianceDocumentFilter = ComplianceDocumentFilter(),
        order_by: ComplianceDocumentOrder = ComplianceDocumentOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[ComplianceDocumentRow]]: ...

    async def numbered(
        self,
        filter: ComplianceDocumentFilter,
        order_by: ComplianceDocumentOrder,
        *,
        offset: int,
        limit: int,
    ) -> Sequence[ComplianceDocumentRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...
