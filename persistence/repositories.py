"""Aggregates: loaded whole, locked, added, removed. Lists and look-ups are in `reads`."""

from collections.abc import Collection
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Uuid, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper, class_mapper, selectinload

from domain.kit.aggregate import Aggregate
from domain.kit.errors import NotFound
from persistence.mapping import AGGREGATES

A = TypeVar("A", bound=Aggregate)


class SqlRepository(Generic[A]):
    def __init__(
        self, session: AsyncSession, kind: type[A], claimed: dict[Aggregate, None]
    ) -> None:
        self._session = session
        self._kind = kind
        self._claimed = claimed

    async def get(self, id: UUID, *, expected: int | None = None) -> A:
        found = await self.get_many([id])
        if not found:
            raise NotFound("no such record: {id}", path=("id",), id=f"{self._kind.prefix}_{id.hex}")
        [record] = found
        record.expect(expected)
        return record

    async def get_many(self, ids: Collection[UUID]) -> list[A]:
        table = AGGREGATES[self._kind]
        query = (
            select(self._kind)
            .where(table.c.id == any_(literal([*ids], ARRAY(Uuid))))
            .order_by(table.c.id)
            .options(*_whole(class_mapper(self._kind)))
            .with_for_update(of=table)
            .execution_options(populate_existing=True)
        )
        found = [*await self._session.scalars(query)]
        self._claimed.update(dict.fromkeys(found))
        return found

    def add(self, aggregate: A) -> None:
        self._session.add(aggregate)
        self._claimed[aggregate] = None

    async def remove(self, aggregate: A) -> None:
        await self._session.delete(aggregate)


@cache
def _whole(mapper: "Mapper[Any]") -> list[Any]:
    """Load every part, and the parts of the parts, with one statement each."""
    return [
        selectinload(relation.class_attribute).options(*_whole(relation.entity))
        for relation in mapper.relationships
    ]
