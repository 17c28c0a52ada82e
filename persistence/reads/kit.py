"""One snapshot per request, and the statement every read starts from.

Statements are built with SQLAlchemy Core, once per shape: as constants, or by functions
under `@cache` whose arguments say which parts there are. Values always arrive as bound
parameters. So the text is compiled once, prepared once per connection, and runs on the
driver itself, which costs less than half of the same statement through SQLAlchemy.
"""

import logging
from asyncio import Lock
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Executable, Select, Table, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY, asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeDecorator, Uuid

R = TypeVar("R")
Groups = Mapping[Any, list[R]]
log = logging.getLogger("backoffice.sql")
DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call]
ORGANIZATION: ColumnElement[UUID] = bindparam("organization_id", type_=Uuid)
BEGIN = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
    "SELECT set_config('app.organization', '{}', true)"
)


class Snapshot:
    """One connection, one read-only REPEATABLE READ transaction, statements in turn.

    Opened by the first statement: a request that reads nothing takes no connection. Closed for
    good: whoever asks later, like a loader whose request was cancelled, gets no other connection.
    """

    def __init__(self, engine: AsyncEngine, organization_id: UUID) -> None:
        self._engine = engine
        self._organization_id = organization_id
        self._connection: AsyncConnection | None = None
        self._driver: Any = None
        self._closed = False
        self._turn = Lock()

    async def rows(self, kind: type[R], statement: Executable, **values: Any) -> list[R]:
        return [*map(maker(kind), await self.records(statement, **values))]

    async def groups(self, kind: type[R], statement: Executable, **values: Any) -> Groups[R]:
        """Rows under the key that the statement selects after their fields."""
        make, groups = maker(kind), defaultdict[Any, list[R]](list)
        for record in await self.records(statement, **values):
            groups[record[-1]].append(make(record[:-1]))
        return groups

    async def records(self, statement: Executable, **values: Any) -> Sequence[Any]:
        sql, names, constants = _compiled(statement)
        values = {**constants, **values, "organization_id": self._organization_id}
        async with self._turn:
            if self._closed:
                raise RuntimeError("this snapshot is closed")
            if self._driver is None:
                await self._open()
            log.debug(sql)
            records: Sequence[Any] = await self._driver.fetch(sql, *[values[n] for n in names])
            return records

    async def _open(self) -> None:
        connection = await self._engine.connect()
        try:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.execute(BEGIN.format(self._organization_id))
        except BaseException:
            await connection.invalidate()
            await connection.close()
            raise
        self._connection, self._driver = connection, driver

    async def close(self) -> None:
        async with self._turn:
            self._closed = True
            if self._connection is None:
                return
            connection, self._connection, driver = self._connection, None, self._driver
            self._driver = None
            try:
                await driver.execute("COMMIT")
            except BaseException:
                await connection.invalidate()  # the pool does not know of our transaction
                raise
            finally:
                await connection.close()


class TransactionSnapshot(Snapshot):
    """The same questions from inside a unit of work, which sees what it has flushed."""

    def __init__(self, session: AsyncSession, organization_id: UUID) -> None:
        self._session = session
        self._organization_id = organization_id
        self._driver = None
        self._closed = False
        self._turn = Lock()

    async def _open(self) -> None:
        connection = await self._session.connection()
        self._driver = (await connection.get_raw_connection()).driver_connection

    async def close(self) -> None:
        """Whoever began the transaction ends it."""
        async with self._turn:
            self._closed = True


@lru_cache(maxsize=2000)  # bounded, in case someone builds a statement per request after all
def _compiled(statement: Executable) -> tuple[str, list[str], dict[str, Any]]:
    compiled: Any = statement.compile(dialect=DIALECT)  # type: ignore[attr-defined]
    return str(compiled), compiled.positiontup, compiled.params


def _reader(hint: Any) -> Callable[[Any], Any] | None:
    """How a value of the driver becomes one of the row's type; None when it is one already."""
    if get_origin(hint) in {Union, UnionType}:
        [hint] = [choice for choice in get_args(hint) if choice is not NoneType]
    if get_origin(hint) is list:
        return _list_reader(hint, *get_args(hint))
    if hint is Decimal:
        return Decimal.normalize  # 33, not 33.000000; money gets its digits from its currency
    if is_dataclass(hint):
        return TypeAdapter[Any](hint).validate_python
    return _members(hint).__getitem__ if _is_enum(hint) else None


def _list_reader(hint: Any, item: Any) -> Callable[[Any], Any] | None:
    if _is_enum(item):
        members = _members(item)
        return lambda words: [members[word] for word in words]
    return TypeAdapter[Any](hint).validate_python if is_dataclass(item) else None


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _members(kind: Any) -> dict[Any, Enum]:
    return {member.value: member for member in kind}


def maker(kind: type[R]) -> Callable[[Any], R]:
    """As the driver made it, except for words of an enum and what is kept as JSON."""
    known: Callable[[Any], R] | None = _MAKERS.get(kind)
    if known is None:
        known = _MAKERS[kind] = _new_maker(kind)
    return known


_MAKERS: dict[Any, Callable[[Any], Any]] = {}


def _new_maker(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = [
        (place, reader)
        for place, name in enumerate(kind._fields)
        if (reader := _reader(hints[name])) is not None
    ]
    if not readers:
        make: Callable[[Any], Any] = kind._make
        return make

    def read(record: Any) -> Any:
        values = [*record]
        for place, reader in readers:
            if values[place] is not None:
                values[place] = reader(values[place])
        return kind._make(values)

    return read


def select_row(kind: Any, table: Table, /, **derived: Any) -> Select[*tuple[Any, ...]]:
    """One column per field of the row, in its order; always one organization's rows."""
    columns = [derived[n].label(n) if n in derived else table.c[n] for n in kind._fields]
    return select(*columns).where(table.c.organization_id == ORGANIZATION)


def one_of(column: ColumnElement[Any], name: str = "ids") -> ColumnElement[bool]:
    """`= ANY($1)`: one text, hence one prepared statement, for any number of keys."""
    return column == any_(bindparam(name, type_=ARRAY(_kept(column))))


def _kept(column: ColumnElement[Any]) -> Any:
    return column.type.impl if isinstance(column.type, TypeDecorator) else column.type


def keyed(rows: Iterable[R], by: str = "id") -> dict[Any, R]:
    key = attrgetter(by)
    return {key(row): row for row in rows}


def grouped(rows: Iterable[R], by: str) -> Groups[R]:
    groups = defaultdict[Any, list[R]](list)
    key = attrgetter(by)
    for row in rows:
        groups[key(row)].append(row)
    return groups


class Counted(NamedTuple):
    """A parent's key and how many there are under it."""

    parent: Any
    number: int
