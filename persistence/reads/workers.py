"""Workers of companies."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Boolean, Uuid, bindparam

from persistence import tables as t
from persistence.reads.kit import Snapshot, keyed, select_row
from persistence.reads.lists import Filter, Listed, contains, ordering
from usecases.reads.kit import Listing, Page, Whole
from usecases.reads.workers import WorkerFilter, WorkerOrder, WorkerRow, WorkerSort

_w = t.workers

WORKERS = Listed(
    WorkerRow,
    select_row(WorkerRow, _w),
    _w,
    {
        "company_id": Filter(_w.c.company_id == bindparam("company_id", type_=Uuid)),
        "include_removed": Filter(
            _w.c.removed_at.is_(None) | bindparam("include_removed", type_=Boolean)
        ),
        "search": contains(_w.c.searched),
    },
    {
        WorkerSort.NAME: ordering(_w, "name", "id"),
        WorkerSort.CREATED_AT: ordering(_w, "created_at", "id"),
    },
)


class SqlWorkers:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, WorkerRow]:
        return keyed(await self._snapshot.rows(WorkerRow, WORKERS.by_ids, ids=[*ids]))

    async def by_company_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: WorkerFilter = WorkerFilter(),
        order_by: WorkerOrder = WorkerOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[WorkerRow]]:
        return await WORKERS.pages(
            self._snapshot, "company_id", ids, filter, order_by, first, after
        )

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: WorkerFilter = WorkerFilter(),
        order_by: WorkerOrder = WorkerOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[WorkerRow]]:
        page = await WORKERS.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def numbered(
        self, filter: WorkerFilter, order_by: WorkerOrder, *, offset: int, limit: int
    ) -> Sequence[WorkerRow]:
        return await WORKERS.numbered(self._snapshot, filter, order_by, offset=offset, limit=limit)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await WORKERS.counts(self._snapshot, listings)
