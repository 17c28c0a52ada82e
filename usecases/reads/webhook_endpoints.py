"""Webhook endpoints without their secrets, their deliveries, and every attempt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from domain.webhook_endpoints import WebhookDeliveryStatus, WebhookDisabledReason, WebhookForm
from usecases.reads.kit import Direction, Listing, Page, Search, Whole


class WebhookEndpointRow(NamedTuple):
    id: UUID
    version: int
    name: str
    url: str
    events: list[str]
    form: WebhookForm
    is_active: bool
    disabled_reason: WebhookDisabledReason | None
    previous_secret_until: datetime | None
    failure_count: int
    failing_since: datetime | None
    last_triggered_at: datetime | None
    waqti_id: int
    created_at: datetime
    updated_at: datetime


class WebhookDeliveryRow(NamedTuple):
    """`number` counts the endpoint's deliveries, `position` the organization's events."""

    id: UUID
    endpoint_id: UUID
    number: int
    position: int
    event_id: UUID
    type: str
    status: WebhookDeliveryStatus
    attempt_count: int
    created_at: datetime
    next_attempt_at: datetime | None
    ended_at: datetime | None
    body: str | None
    response_status: int | None
    response_body: str | None
    error: str | None
    duration_ms: int | None


class WebhookAttemptRow(NamedTuple):
    id: UUID
    delivery_id: UUID
    number: int
    at: datetime
    response_status: int | None
    response_body: str | None
    error: str | None
    duration_ms: int


@dataclass(frozen=True, kw_only=True)
class WebhookDeliveryFilter:
    """All that is given must hold."""

    status: Annotated[tuple[WebhookDeliveryStatus, ...] | None, "One of these statuses."] = None


class WebhookEndpointSort(StrEnum):
    """What lists of endpoints can be sorted by."""

    CREATED_AT = "CREATED_AT"


class NewestFirst(NamedTuple):
    field: WebhookEndpointSort = WebhookEndpointSort.CREATED_AT
    direction: Direction = Direction.DESC


class WebhookEndpoints(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, WebhookEndpointRow]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        search: str | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[WebhookEndpointRow]]: ...

    async def numbered(
        self, filter: Search, order_by: NewestFirst, *, offset: int, limit: int
    ) -> Sequence[WebhookEndpointRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...

    async def last_positions(self, organization_ids: Sequence[UUID]) -> Mapping[UUID, int]:
        """The position of the organization's newest event; nothing before the first one."""


class WebhookDeliveries(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, WebhookDeliveryRow]: ...

    async def by_endpoint_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: WebhookDeliveryFilter = WebhookDeliveryFilter(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[WebhookDeliveryRow]]:
        """The newest first."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...

    async def attempts_by_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[WebhookAttemptRow]]: ...
