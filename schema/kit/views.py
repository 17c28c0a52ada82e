"""GraphQL types as views of rows: plain fields are read off the row, nothing is copied."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import strawberry

from domain.callers import Caller, Permission
from schema.kit.ids import to_public

T = TypeVar("T", bound=type)


class OfKind(NamedTuple):
    """What it takes to read records of several kinds that are shown as one.

    One record takes the permission of the kind that it turns out to be, several those of all.
    """

    of: Callable[[Any], Permission]
    all: tuple[Permission, ...]


class Kind(NamedTuple):
    """How ids that begin with a prefix are found again, and who may look."""

    load: Callable[[Any], Any]
    needs: Permission | OfKind | None


VIEWS: dict[type, Any] = {}
KINDS: dict[str, Kind] = {}
PREFIXES: dict[Any, str] = {}


def plain(description: str, **options: Any) -> Any:
    """A field that is read off the row as it is."""
    return strawberry.field(description=description, **options)


def view_of(row_class: Any, prefix: str | None = None) -> Callable[[T], T]:
    """Says which row a type shows; with a prefix, how its ids begin."""
    if prefix is not None:
        PREFIXES[row_class] = prefix

    def attach(graphql_class: T) -> T:
        VIEWS[graphql_class] = row_class
        return graphql_class

    return attach


def node_of(
    row_class: Any, prefix: str, load: Callable[[Any], Any], *, needs: Permission | None
) -> Callable[[T], T]:
    """A view with a global id, which `node(id)` finds again."""
    KINDS[prefix] = Kind(load, needs)

    def attach(graphql_class: T) -> T:
        definition: Any = graphql_class.__strawberry_definition__  # type: ignore[attr-defined]
        definition.is_type_of = lambda value, _info: isinstance(value, row_class)
        return view_of(row_class, prefix)(graphql_class)

    return attach


def kinds_of(
    row_class: Any, prefix: str, load: Callable[[Any], Any], *, needs: OfKind
) -> Callable[[T], T]:
    """A view of rows of several kinds, which have ids of their own; it finds those of each."""
    KINDS[prefix] = Kind(load, needs)
    return view_of(row_class, prefix)


def to_id(row: Any, _caller: Caller) -> str:
    return to_public(PREFIXES[type(row)], row.id)
