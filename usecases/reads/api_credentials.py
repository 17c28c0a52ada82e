"""API credentials, without their secrets."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.callers import Channel, Permission
from usecases.reads.kit import Listing, Page, Whole


class ApiCredentialRow(NamedTuple):
    id: UUID
    version: int
    user_id: UUID
    name: str
    channel: Channel
    hint: str
    permissions: list[Permission] | None
    expires_at: datetime | None
    revoked_at: datetime | None
    networks: list[str]
    waqti_id: int
    created_at: datetime


class ApiCredentials(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ApiCredentialRow]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        search: str | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[ApiCredentialRow]]: ...

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...
