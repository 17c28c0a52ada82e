"""Business calendars."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.business_calendars import SpecialDays, WorkingHours
from usecases.reads.kit import Listing, Page, Whole


class BusinessCalendarRow(NamedTuple):
    id: UUID
    version: int
    name: str
    time_zone: str
    hours: list[WorkingHours]
    special_days: list[SpecialDays]
    archived: bool
    created_at: datetime
    updated_at: datetime


class BusinessCalendars(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, BusinessCalendarRow]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        search: str | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[BusinessCalendarRow]]: ...

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...
