"""Departments."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from usecases.reads.kit import Listing, Page, Whole


class DepartmentRow(NamedTuple):
    id: UUID
    version: int
    code: str
    name: str
    name_ar: str | None
    head_id: UUID | None
    archived: bool
    waqti_id: int
    created_at: datetime


class Departments(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, DepartmentRow]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        search: str | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[DepartmentRow]]: ...

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...
