"""Connections of clients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from domain.connection_requests import ConnectionStatus
from domain.customers import Client
from usecases.reads.kit import Direction, Listing, Page, Whole


class ConnectionRequestRow(NamedTuple):
    """What is said of the client is for lists that ask nothing more."""

    id: UUID
    version: int
    client_id: UUID
    client_name: str
    client_email: str | None
    client_shrkity_id: int
    status: ConnectionStatus
    message: str | None
    reason: str | None
    decided_at: datetime | None
    decided_by_id: UUID | None
    revoked_at: datetime | None
    revoked_by_id: UUID | None
    shrkity_id: int
    created_at: datetime
    updated_at: datetime


class ConnectionRequestSort(StrEnum):
    """What lists of connection requests can be sorted by."""

    CREATED_AT = "CREATED_AT"


@dataclass(frozen=True, kw_only=True)
class ConnectionRequestFilter:
    """All that is given must hold."""

    status: Annotated[tuple[ConnectionStatus, ...] | None, "One of these statuses."] = None
    client_id: Annotated[UUID | None, Client, "Of this client."] = None


@dataclass(frozen=True, kw_only=True)
class ConnectionRequestOrder:
    """By what to sort, and which way. Ties are broken by creation."""

    field: Annotated[ConnectionRequestSort, "What to sort by."] = ConnectionRequestSort.CREATED_AT
    direction: Annotated[Direction, "Which way."] = Direction.DESC


class ConnectionRequests(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ConnectionRequestRow]: ...

    async def latest_by_client_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, ConnectionRequestRow]:
        """The last one of each, which is the one that is pending or active if there is one."""

    async def by_client_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: ConnectionRequestFilter = ConnectionRequestFilter(),
        order_by: ConnectionRequestOrder = ConnectionRequestOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[ConnectionRequestRow]]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: ConnectionRequestFilter = ConnectionRequestFilter(),
        order_by: ConnectionRequestOrder = ConnectionRequestOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[ConnectionRequestRow]]: ...

    async def numbered(
        self,
        filter: ConnectionRequestFilter,
        order_by: ConnectionRequestOrder,
        *,
        offset: int,
        limit: int,
    ) -> Sequence[ConnectionRequestRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...
