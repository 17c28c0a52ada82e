"""Packages."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Boolean, bindparam

from persistence import tables as t
from persistence.reads.kit import Snapshot, keyed, select_row
from persistence.reads.lists import Filter, Listed, contains, ordering
from usecases.reads.kit import Listing, Page, Whole
from usecases.reads.packages import PackageFilter, PackageOrder, PackageRow, PackageSort

_p = t.packages

PACKAGES = Listed(
    PackageRow,
    select_row(PackageRow, _p, price_amount=_p.c.price),
    _p,
    {
        "active": Filter(_p.c.active == bindparam("active", type_=Boolean)),
        "search": contains(_p.c.searched),
    },
    {
        PackageSort.NAME: ordering(_p, "name", "id"),
        PackageSort.PRICE: ordering(_p, "price_amount", "id", price_amount="price"),
        PackageSort.CREATED_AT: ordering(_p, "created_at", "id"),
    },
)


class SqlPackages:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, PackageRow]:
        return keyed(await self._snapshot.rows(PackageRow, PACKAGES.by_ids, ids=[*ids]))

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: PackageFilter = PackageFilter(),
        order_by: PackageOrder = PackageOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[PackageRow]]:
        page = await PACKAGES.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def numbered(
        self, filter: PackageFilter, order_by: PackageOrder, *, offset: int, limit: int
    ) -> Sequence[PackageRow]:
        return await PACKAGES.numbered(self._snapshot, filter, order_by, offset=offset, limit=limit)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await PACKAGES.counts(self._snapshot, listings)
