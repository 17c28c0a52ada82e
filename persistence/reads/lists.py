"""Lists: filters, orderings and pages of one table, for the organization or for many parents.

A list is described once by its filters and orderings; its statements follow from which of them
are given, one text each, so that values never make a new one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Numeric,
    Select,
    Table,
    bindparam,
    column,
    func,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from domain.kit import checks
from domain.kit.errors import RuleBroken, raise_first
from persistence.reads.kit import ORGANIZATION, Counted, Snapshot, grouped, one_of
from usecases.reads.kit import Direction, Listing, Page, Whole, from_cursor

R = TypeVar("R")
MAX_FIRST = 100
MOST_SEARCHED = 1000
FARTHEST = 100  # digits: beyond any amount


class Chosen(Protocol):
    """By what to sort a list, and which way."""

    @property
    def field(self) -> Any: ...
    @property
    def direction(self) -> Direction: ...


class Fixed(NamedTuple):
    """The ordering of lists that offer no other; its key among the orderings is None."""

    field: None = None
    direction: Direction = Direction.ASC


class Ordering(NamedTuple):
    """Columns that are unique together within the organization, so that cursors are exact.

    `names` are the row's fields, `columns` the table's.
    """

    names: tuple[str, ...]
    columns: tuple[ColumnElement[Any], ...]


def ordering(table: Table, *names: str, **derived: str) -> Ordering:
    """By these fields of the row; `derived` says which column a field of another name is."""
    return Ordering(names, tuple(table.c[derived.get(name, name)] for name in names))


class Filter(NamedTuple):
    """A condition on the table, and how the given value becomes its parameter."""

    condition: ColumnElement[bool]
    value: Callable[[Any], Any] = lambda given: given


@dataclass(frozen=True, eq=False)
class Listed(Generic[R]):
    """A table's lists. Where `rows` are only some of the table's, `counted` says which."""

    row: type[R]
    rows: Select[*tuple[Any, ...]]
    table: Table
    filters: Mapping[str, Filter]
    orderings: Mapping[Any, Ordering]
    counted: ColumnElement[bool] = true()  # noqa: RUF009 - never changed

    @cached_property
    def by_ids(self) -> Select[*tuple[Any, ...]]:
        """The rows with these ids."""
        return self.rows.where(one_of(self.table.c.id))

    async def page(
        self,
        snapshot: Snapshot,
        filter: Any,
        order_by: Chosen,
        first: int,
        after: str | None,
    ) -> Page[R]:
        """One page of the organization's list."""
        order = self.orderings[order_by.field]
        values = self._values(filter) | self._paging(order, first, after)
        statement = self._listed(
            self._names(filter), order_by.field, order_by.direction, after=after is not None
        )
        rows = await snapshot.rows(self.row, statement, **values)
        return Page(
            rows[:first], len(rows) > first, order.names, Listing(Whole.ORGANIZATION, filter)
        )

    async def pages(
        self,
        snapshot: Snapshot,
        parent: str,
        ids: Sequence[UUID],
        filter: Any,
        order_by: Chosen,
        first: int,
        after: str | None,
    ) -> dict[UUID, Page[R]]:
        """The first page of every parent, in one statement."""
        order, further = self.orderings[order_by.field], after is not None
        values = self._values(filter) | self._paging(order, first, after)
        statement = self._listed_by(
            parent, self._names(filter), order_by.field, order_by.direction, after=further
        )
        found = grouped(await snapshot.rows(self.row, statement, ids=[*ids], **values), by=parent)
        return {
            id: Page(
                found[id][:first],
                len(found[id]) > first,
                order.names,
                Listing((parent, id), filter),
            )
            for id in ids
        }

    async def numbered(
        self, snapshot: Snapshot, filter: Any, order_by: Chosen, *, offset: int, limit: int
    ) -> list[R]:
        statement = self._numbered(self._names(filter), order_by.field, order_by.direction)
        values = self._values(filter)
        return await snapshot.rows(self.row, statement, skipped=offset, n=limit, **values)

    async def counts(self, snapshot: Snapshot, listings: Sequence[Listing]) -> dict[Listing, int]:
        """One statement for all the lists that are filtered alike."""
        counted: dict[Listing, int] = {}
        alike: dict[tuple[str | None, Any], list[Listing]] = {}
        for listing in listings:
            parent = None if listing.parent is Whole.ORGANIZATION else listing.parent[0]  # type: ignore[index]
            alike.setdefault((parent, listing.filter), []).append(listing)
        for (parent, filter), ours in alike.items():
            statement = self._counted(parent, self._names(filter))
            values = self._values(filter)
            if parent is None:
                [record] = await snapshot.records(statement, **values)
                counted |= dict.fromkeys(ours, record[0])
            else:
                ids = [listing.parent[1] for listing in ours]  # type: ignore[index]
                rows = await snapshot.rows(Counted, statement, ids=ids, **values)
                found = {row.parent: row.number for row in rows}
                counted |= {listing: found.get(listing.parent[1], 0) for listing in ours}  # type: ignore[index]
        return counted

    # Values

    def _names(self, filter: Any) -> tuple[str, ...]:
        return tuple(_given(filter))

    def _values(self, filter: Any) -> dict[str, Any]:
        given = _given(filter)
        raise_first(checks.found(*(_unaskable(name, value) for name, value in given.items())))
        return {name: self.filters[name].value(value) for name, value in given.items()}

    def _paging(self, order: Ordering, first: int, after: str | None) -> dict[str, Any]:
        """One row more than asked, to know of a next."""
        if not 1 <= first <= MAX_FIRST:
            raise RuleBroken("first is between 1 and {most}", path=("first",), most=MAX_FIRST)
        kinds = [_python_type(column) for column in order.columns]
        key = from_cursor(after, order.names, kinds) if after is not None else []
        return {"n": first + 1} | {f"after_{n}": v for n, v in enumerate(key)}

    # Statements: one per shape

    @cached_property
    def _listed(self) -> Callable[..., Select[*tuple[Any, ...]]]:
        return lru_cache(maxsize=500)(self._build_listed)

    @cached_property
    def _listed_by(self) -> Callable[..., Select[*tuple[Any, ...]]]:
        return lru_cache(maxsize=500)(self._build_listed_by)

    @cached_property
    def _numbered(self) -> Callable[..., Select[*tuple[Any, ...]]]:
        return lru_cache(maxsize=500)(self._build_numbered)

    @cached_property
    def _counted(self) -> Callable[..., Select[*tuple[Any, ...]]]:
        return lru_cache(maxsize=500)(self._build_counted)

    def _where(self, given: tuple[str, ...]) -> list[ColumnElement[bool]]:
        return [self.filters[name].condition for name in given]

    def _sorted(self, sort: Any, direction: Direction) -> list[ColumnElement[Any]]:
        columns = self.orderings[sort].columns
        return [c.desc() if direction is Direction.DESC else c.asc() for c in columns]

    def _build_listed(
        self, given: tuple[str, ...], sort: Any, direction: Direction, *, after: bool
    ) -> Select[*tuple[Any, ...]]:
        page = self.rows.where(*self._where(given)).order_by(*self._sorted(sort, direction))
        if after:
            columns = self.orderings[sort].columns
            keys = tuple_(*(bindparam(f"after_{n}", type_=_wide(c)) for n, c in enumerate(columns)))
            here = tuple_(*columns)
            page = page.where(here < keys if direction is Direction.DESC else here > keys)
        return page.limit(bindparam("n", type_=Integer))

    def _build_listed_by(
        self, parent: str, given: tuple[str, ...], sort: Any, direction: Direction, *, after: bool
    ) -> Select[*tuple[Any, ...]]:
        """The first N of every parent: a LATERAL subquery per key."""
        ids = func.unnest(bindparam("ids", type_=ARRAY(Uuid))).table_valued(column("id", Uuid))
        keys = ids.render_derived(name="keys")
        page = self._build_listed(given, sort, direction, after=after)
        top = page.where(self.table.c[parent] == keys.c.id).lateral("top")
        ordered = [
            top.c[name].desc() if direction is Direction.DESC else top.c[name]
            for name in self.orderings[sort].names
        ]
        return select(*top.c).select_from(keys.join(top, true())).order_by(*ordered)

    def _build_numbered(
        self, given: tuple[str, ...], sort: Any, direction: Direction
    ) -> Select[*tuple[Any, ...]]:
        page = self._build_listed(given, sort, direction, after=False)
        return page.offset(bindparam("skipped", type_=Integer))

    def _build_counted(
        self, parent: str | None, given: tuple[str, ...]
    ) -> Select[*tuple[Any, ...]]:
        ours = self.table.c.organization_id == ORGANIZATION
        mine = [ours, self.counted, *self._where(given)]
        if parent is None:
            return select(func.count()).select_from(self.table).where(*mine)
        key = self.table.c[parent]
        counted = select(key.label("parent"), func.count().label("number")).group_by(key)
        return counted.where(*mine, one_of(key))


def _given(filter: Any) -> dict[str, Any]:
    """What is filtered by. An empty text is an empty search box: it asks for nothing."""
    if filter is None:
        return {}
    values = {f.name: getattr(filter, f.name) for f in fields(filter)}
    return {name: value for name, value in values.items() if value not in (None, "")}


def _unaskable(name: str, value: Any) -> RuleBroken | None:
    """What PostgreSQL would answer with an error."""
    if isinstance(value, str):
        return checks.text(value, (name,), most=MOST_SEARCHED)
    if isinstance(value, Decimal) and not (value.is_finite() and abs(value.adjusted()) <= FARTHEST):
        return RuleBroken("this is not a number", path=(name,))
    return None


def _python_type(column: ColumnElement[Any]) -> type:
    kind = column.type.python_type
    return Decimal if kind is float else kind


def _wide(column: ColumnElement[Any]) -> Any:
    """A type that takes whatever can be compared with the column, not only what fits in it."""
    return Numeric() if isinstance(column.type, Numeric) else column.type


def containing(value: str) -> str:
    """A LIKE pattern for the value anywhere, whatever characters it has."""
    for special in "\\%_":
        value = value.replace(special, f"\\{special}")
    return f"%{value.lower()}%"


def contains(text: ColumnElement[str]) -> Filter:
    """The text holds what is searched for, whatever its case."""
    return Filter(text.like(bindparam("search", type_=text.type)), containing)


def moment(given: datetime) -> datetime:
    """The same in UTC; at either end of time, where there is no such moment, about the same."""
    try:
        return given.astimezone(UTC)
    except OverflowError:
        return given.replace(tzinfo=UTC)
