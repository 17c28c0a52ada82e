"""Webhook endpoints, their deliveries, and every attempt."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from persistence import tables as t
from persistence.reads.kit import ORGANIZATION, Snapshot, grouped, keyed, one_of, select_row
from persistence.reads.lists import Filter, Listed, contains, ordering
from persistence.reads.records import SqlRecords
from usecases.reads.kit import Direction, Listing, Page, Search
from usecases.reads.webhook_endpoints import (
    NewestFirst,
    WebhookAttemptRow,
    WebhookDeliveryFilter,
    WebhookDeliveryRow,
    WebhookEndpointRow,
    WebhookEndpointSort,
)

_e, _d, _a, _o = t.webhook_endpoints, t.webhook_deliveries, t.webhook_attempts, t.outbox_events

_CREATION = ordering(_e, "created_at", "id")
DELIVERIES = Listed(
    WebhookDeliveryRow,
    select_row(WebhookDeliveryRow, _d),
    _d,
    {"status": Filter(one_of(_d.c.status, "status"), list)},
    {None: ordering(_d, "number")},
)
ATTEMPTS = (
    select_row(WebhookAttemptRow, _a)
    .where(one_of(_a.c.delivery_id))
    .order_by(_a.c.delivery_id, _a.c.number)
)
LAST = (
    select(_o.c.organization_id, func.max(_o.c.position))
    .where(_o.c.organization_id == ORGANIZATION, one_of(_o.c.organization_id))
    .group_by(_o.c.organization_id)
)


class _Newest(NamedTuple):
    field: None = None
    direction: Direction = Direction.DESC


class SqlWebhookEndpoints(SqlRecords[WebhookEndpointRow]):
    listed = Listed(
        WebhookEndpointRow,
        select_row(WebhookEndpointRow, _e),
        _e,
        {"search": contains(_e.c.searched)},
        {None: _CREATION, WebhookEndpointSort.CREATED_AT: _CREATION},
    )

    async def numbered(
        self, filter: Search, order_by: NewestFirst, *, offset: int, limit: int
    ) -> Sequence[WebhookEndpointRow]:
        return await self.listed.numbered(
            self._snapshot, filter, order_by, offset=offset, limit=limit
        )

    async def last_positions(self, organization_ids: Sequence[UUID]) -> Mapping[UUID, int]:
        return dict(await self._snapshot.records(LAST, ids=[*organization_ids]))


class SqlWebhookDeliveries:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, WebhookDeliveryRow]:
        return keyed(await self._snapshot.rows(WebhookDeliveryRow, DELIVERIES.by_ids, ids=[*ids]))

    async def by_endpoint_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: WebhookDeliveryFilter = WebhookDeliveryFilter(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[WebhookDeliveryRow]]:
        return await DELIVERIES.pages(
            self._snapshot, "endpoint_id", ids, filter, _Newest(), first, after
        )

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await DELIVERIES.counts(self._snapshot, listings)

    async def attempts_by_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[WebhookAttemptRow]]:
        rows = await self._snapshot.rows(WebhookAttemptRow, ATTEMPTS, ids=[*ids])
        return grouped(rows, by="delivery_id")
