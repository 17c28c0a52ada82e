"""Aggregates: loaded whole, locked, added, removed. Lists and look-ups are in `reads`."""

from collections.abc import Collection
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper, class_mapper, joinedload, selectinload

from domain.kit.aggregate import Aggregate
from domain.kit.errors import Path
from persistence.mapping import AGGREGATES
from usecases.ports import Parts

A = TypeVar("A", bound=Aggregate)


class SqlRepository(Generic[A]):
    def __init__(
        self, session: AsyncSession, kind: type[A], claimed: dict[Aggregate, None]
    ) -> None:
        self._session = session
        self._kind = kind
        self._claimed = claimed

    async def get(
        self, id: UUID, *, expected: int | None = None, parts: Parts = None, path: Path = ("id",)
    ) -> A:
        found = await self.get_many([id], parts=parts)
        if not found:
            raise self._kind.missing(id, path)
        [record] = found
        record.expect(expected)
        return record

    async def get_many(self, ids: Collection[UUID], *, parts: Parts = None) -> list[A]:
        # What has changed since the last flush is locked already; the database knows less of it.
        ours = {a.id: a for a in self._claimed if isinstance(a, self._kind) and a.untold}
        others = [id for id in ids if id not in ours]
        found = [ours[id] for id in dict.fromkeys(ids) if id in ours]
        if others:
            query = _locking(class_mapper(self._kind), parts)
            found += await self._session.scalars(query, {"ids": others})
        self._claimed.update(dict.fromkeys(found))
        return sorted(found, key=lambda each: each.id)

    def add(self, aggregate: A) -> None:
        self._session.add(aggregate)
        self._claimed[aggregate] = None

    async def remove(self, aggregate: A) -> None:
        await self._session.delete(aggregate)


@cache
def _locking(mapper: "Mapper[Any]", parts: Parts) -> Select[Any]:
    """One statement for the record, and one for each kind of its parts with their own parts."""
    table = AGGREGATES[mapper.class_]
    wanted = mapper.relationships.keys() if parts is None else parts
    relations = [mapper.relationships[name] for name in wanted]
    return (
        select(mapper.class_)
        .where(table.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
        .order_by(table.c.id)
        .options(
            *(
                selectinload(relation.class_attribute).options(*_joined(relation.mapper))
                for relation in relations
            )
        )
        # Whoever only refers to it need not wait: with the positions of events taken already,
        # they would wait in a circle.
        .with_for_update(of=table, key_share=True)
        .execution_options(populate_existing=True)
    )


def _joined(mapper: "Mapper[Any]") -> list[Any]:
    """Parts of parts are few: they come with the rows that they are parts of."""
    return [
        joinedload(relation.class_attribute).options(*_joined(relation.mapper))
        for relation in mapper.relationships
    ]
