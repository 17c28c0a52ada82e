"""Keys, pages and cursors: what every list has in common."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from json import dumps, loads
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from domain.kit.errors import RuleBroken

R = TypeVar("R")
LARGEST_INTEGER = 2**63 - 1
LARGEST = 40  # digits of a number in a cursor: more than any column holds


class Direction(StrEnum):
    """Ascending or descending."""

    ASC = "ASC"
    DESC = "DESC"


class Whole(Enum):
    """The key of a list that belongs to no record."""

    ORGANIZATION = "organization"


@dataclass(frozen=True)
class Search:
    """The filter of lists that are only searched."""

    search: str | None = None


class Listing(NamedTuple):
    """Which list this is: whose, and filtered how. It is the key of the list's count."""

    parent: object
    filter: object = None


class Edge(NamedTuple, Generic[R]):
    node: R
    cursor: str


class PageInfo(NamedTuple):
    has_next_page: bool
    end_cursor: str | None


class Page(NamedTuple, Generic[R]):
    """Part of a list. `order` names the columns its cursors are made of."""

    nodes: list[R]
    has_next_page: bool
    order: tuple[str, ...]
    listing: Listing

    @property
    def edges(self) -> list[Edge[R]]:
        return [Edge(row, to_cursor(row, self.order)) for row in self.nodes]

    @property
    def page_info(self) -> PageInfo:
        last = to_cursor(self.nodes[-1], self.order) if self.nodes else None
        return PageInfo(self.has_next_page, last)


def to_cursor(row: object, order: tuple[str, ...]) -> str:
    values = [_plain(getattr(row, name)) for name in order]
    return urlsafe_b64encode(dumps([".".join(order), *values]).encode()).decode()


def from_cursor(cursor: str, order: Sequence[str], kinds: Sequence[type]) -> list[Any]:
    """The values of a cursor. Raises RuleBroken when it is none, or of another ordering."""
    try:
        ordering, *values = loads(urlsafe_b64decode(cursor.encode()))
        parsed = [_PARSE[kind](value) for kind, value in zip(kinds, values, strict=True)]
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise RuleBroken("no cursor of this list", path=("after",)) from error
    if ordering != ".".join(order):
        raise RuleBroken("no cursor of this list", path=("after",))
    return parsed


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _stored(value: str) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    value.encode()
    return value


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment.astimezone(UTC)


def _number(value: str) -> Decimal:
    number = Decimal(_stored(value))
    if not number.is_finite() or abs(number.adjusted()) > LARGEST:
        raise ValueError(value)
    return number


def _integer(value: str) -> int:
    number = int(_stored(value))
    if abs(number) > LARGEST_INTEGER:
        raise ValueError(value)
    return number


_PARSE: dict[type, Any] = {
    int: _integer,
    str: _stored,
    UUID: lambda value: UUID(_stored(value)),
    Decimal: _number,
    datetime: _moment,
    date: lambda value: date.fromisoformat(_stored(value)),
}
