"""Service definitions."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Boolean, bindparam

from persistence import tables as t
from persistence.reads.kit import Snapshot, keyed, one_of, select_row
from persistence.reads.lists import Filter, Listed, contains, ordering
from usecases.reads.kit import Listing, Page, Whole
from usecases.reads.service_definitions import (
    ServiceDefinitionFilter,
    ServiceDefinitionOrder,
    ServiceDefinitionRow,
    ServiceDefinitionSort,
)

_s = t.service_definitions

SERVICES = Listed(
    ServiceDefinitionRow,
    select_row(ServiceDefinitionRow, _s, price_amount=_s.c.price, price_options=_s.c.options),
    _s,
    {
        "status": Filter(one_of(_s.c.status, "status"), list),
        "category": Filter(_s.c.category == bindparam("category")),
        "requires_company": Filter(
            _s.c.requires_company == bindparam("requires_company", type_=Boolean)
        ),
        "search": contains(_s.c.searched),
    },
    {
        ServiceDefinitionSort.NAME: ordering(_s, "name", "id"),
        ServiceDefinitionSort.PRICE: ordering(_s, "price_amount", "id", price_amount="price"),
        ServiceDefinitionSort.CREATED_AT: ordering(_s, "created_at", "id"),
    },
)


class SqlServiceDefinitions:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ServiceDefinitionRow]:
        return keyed(await self._snapshot.rows(ServiceDefinitionRow, SERVICES.by_ids, ids=[*ids]))

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: ServiceDefinitionFilter = ServiceDefinitionFilter(),
        order_by: ServiceDefinitionOrder = ServiceDefinitionOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[ServiceDefinitionRow]]:
        page = await SERVICES.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def numbered(
        self,
        filter: ServiceDefinitionFilter,
        order_by: ServiceDefinitionOrder,
        *,
        offset: int,
        limit: int,
    ) -> Sequence[ServiceDefinitionRow]:
        return await SERVICES.numbered(self._snapshot, filter, order_by, offset=offset, limit=limit)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await SERVICES.counts(self._snapshot, listings)
