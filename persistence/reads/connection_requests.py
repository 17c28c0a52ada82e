"""Connections of clients."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Uuid, bindparam
from sqlalchemy.dialects.postgresql import distinct_on

from persistence import tables as t
from persistence.reads.kit import Snapshot, keyed, one_of, select_row
from persistence.reads.lists import Filter, Listed, ordering
from usecases.reads.connection_requests import (
    ConnectionRequestFilter,
    ConnectionRequestOrder,
    ConnectionRequestRow,
    ConnectionRequestSort,
)
from usecases.reads.kit import Listing, Page, Whole

_r, _c = t.connection_requests, t.customers

REQUESTS = Listed(
    ConnectionRequestRow,
    select_row(
        ConnectionRequestRow,
        _r,
        client_name=_c.c.name,
        client_email=_c.c.email,
        client_shrkity_id=_c.c.shrkity_id,
    ).join_from(
        _r, _c, (_c.c.organization_id == _r.c.organization_id) & (_c.c.id == _r.c.client_id)
    ),
    _r,
    {
        "status": Filter(one_of(_r.c.status, "status"), list),
        "client_id": Filter(_r.c.client_id == bindparam("client_id", type_=Uuid)),
    },
    {ConnectionRequestSort.CREATED_AT: ordering(_r, "created_at", "id")},
)
LATEST = (
    REQUESTS.rows.where(one_of(_r.c.client_id))
    .order_by(_r.c.client_id, _r.c.created_at.desc(), _r.c.id.desc())
    .ext(distinct_on(_r.c.client_id))
)


class SqlConnectionRequests:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ConnectionRequestRow]:
        return keyed(await self._snapshot.rows(ConnectionRequestRow, REQUESTS.by_ids, ids=[*ids]))

    async def latest_by_client_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, ConnectionRequestRow]:
        rows = await self._snapshot.rows(ConnectionRequestRow, LATEST, ids=[*ids])
        return keyed(rows, by="client_id")

    async def by_client_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: ConnectionRequestFilter = ConnectionRequestFilter(),
        order_by: ConnectionRequestOrder = ConnectionRequestOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[ConnectionRequestRow]]:
        return await REQUESTS.pages(
            self._snapshot, "client_id", ids, filter, order_by, first, after
        )

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: ConnectionRequestFilter = ConnectionRequestFilter(),
        order_by: ConnectionRequestOrder = ConnectionRequestOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[ConnectionRequestRow]]:
        page = await REQUESTS.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def numbered(
        self,
        filter: ConnectionRequestFilter,
        order_by: ConnectionRequestOrder,
        *,
        offset: int,
        limit: int,
    ) -> Sequence[ConnectionRequestRow]:
        return await REQUESTS.numbered(self._snapshot, filter, order_by, offset=offset, limit=limit)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await REQUESTS.counts(self._snapshot, listings)
