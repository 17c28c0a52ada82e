"""Master data that is only looked up and searched: one class for every kind of it."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Table

from persistence.reads.kit import Snapshot, keyed, select_row
from persistence.reads.lists import Fixed, Listed, contains, ordering
from usecases.reads.kit import Listing, Page, Search, Whole

R = TypeVar("R")


def searched_list(row: type[R], table: Table) -> Listed[R]:
    """In the order of creation, filtered by a search alone."""
    return Listed(
        row,
        select_row(row, table),
        table,
        {"search": contains(table.c.searched)},
        {None: ordering(table, "created_at", "id")},
    )


class SqlRecords(Generic[R]):
    listed: ClassVar[Listed[Any]]

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, R]:
        return keyed(await self._snapshot.rows(self.listed.row, self.listed.by_ids, ids=[*ids]))

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        search: str | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[R]]:
        page: Page[R] = await self.listed.page(
            self._snapshot, Search(search), Fixed(), first, after
        )
        return dict.fromkeys(whole, page)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await self.listed.counts(self._snapshot, listings)
