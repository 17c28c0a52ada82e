"""Inputs are derived from the dataclasses of use cases and filters, and built back into them.

A field `name: Annotated[Type, "Description."]` becomes an input field of that type and
description; `Annotated[UUID, Supplier, "…"]` becomes an ID of that kind. A field with a default,
or one that may be left out, is nullable.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import cache
from inspect import cleandoc
from types import GenericAlias, NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    Optional,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)
from uuid import UUID

import strawberry
from strawberry.utils.str_converters import to_camel_case

from domain.kit.errors import Path
from schema.kit.enums import shown
from schema.kit.ids import from_public
from usecases.public import prefixes_of

T = TypeVar("T")
MANY: dict[Any, Any] = {list: list, tuple: tuple, get_origin(Sequence[Any]): tuple}
LEAVES = {str, int, bool, Decimal, date, datetime, time}


class Shape(NamedTuple):
    """What an annotation says: the bare type, whose id it is, and the description."""

    kind: Any
    of: Any
    description: str | None
    nullable: bool
    unset: bool  # it may be left out, which is not the same as null
    many: type[list[Any]] | type[tuple[Any, ...]] | None  # what several are kept in


class Slot(NamedTuple):
    """A field of an input: where it goes, and how it is called in GraphQL."""

    name: str
    public: str
    shape: Shape
    optional: bool


def shape_of(hint: Any) -> Shape:
    description = of = None
    if get_origin(hint) is Annotated:
        hint, *notes = get_args(hint)
        description = next((note for note in notes if isinstance(note, str)), None)
        of = next((note for note in notes if isinstance(note, type)), None)
    nullable = unset = False
    if get_origin(hint) in {Union, UnionType}:
        choices = get_args(hint)
        nullable = NoneType in choices
        unset = any(get_origin(choice) is Literal for choice in choices)
        [hint] = [c for c in choices if c is not NoneType and get_origin(c) is not Literal]
    many = MANY.get(get_origin(hint))
    if many is not None:
        hint = get_args(hint)[0]
    return Shape(hint, of, description, nullable, unset, many)


def slots_of(kind: Any) -> tuple[Slot, ...]:
    """The fields that are given, in their order."""
    return _slots(kind)


@cache
def _slots(kind: Any) -> tuple[Slot, ...]:
    hints = get_type_hints(kind, include_extras=True)
    return tuple(
        Slot(f.name, to_camel_case(f.name), shape_of(hints[f.name]), _has_default(f))
        for f in fields(kind)
        if get_origin(hints[f.name]) is Annotated
    )


def _has_default(field: "Field[Any]") -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def input_of(kind: type, name: str | None = None, *, only: Sequence[Slot] | None = None) -> type:
    """The GraphQL input type of a dataclass; `build` makes the dataclass from its values."""
    slots = tuple(slots_of(kind) if only is None else only)
    made: type = _input(kind, name or kind.__name__ + "Input", slots)
    return made


@cache
def _input(kind: type, name: str, slots: tuple[Slot, ...]) -> Any:
    members: dict[str, Any] = {"__annotations__": {}}
    for slot in slots:
        optional = slot.optional or slot.shape.nullable
        graphql = public_type(slot.shape)
        members["__annotations__"][slot.name] = Optional[graphql] if optional else graphql  # noqa: UP045 - for values
        members[slot.name] = strawberry.field(
            description=slot.shape.description,
            default=strawberry.UNSET if optional else MISSING,
        )
    described = cleandoc(kind.__doc__ or "")
    made: Any = strawberry.input(type(name, (), members), name=name, description=described)
    made.__strawberry_definition__.from_input = lambda _kind, given, _context: given
    return made


def public_type(shape: Shape) -> Any:
    """What the type is in GraphQL, not yet nullable."""
    one = _one_public_type(shape.kind)
    return GenericAlias(list, one) if shape.many else one


def _one_public_type(kind: Any) -> Any:
    if kind is UUID:
        return strawberry.ID
    if isinstance(kind, type) and issubclass(kind, Enum):
        return shown(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        return input_of(kind)
    if kind not in LEAVES:
        raise TypeError(f"{kind} has no GraphQL input type")
    return kind


def build(kind: Callable[..., T], given: Mapping[str, Any], path: Path = ()) -> T:
    """The dataclass from GraphQL's values. Raises NotFound for ids that cannot be."""
    return kind(**values_of(slots_of(kind), given, path))


def values_of(slots: Sequence[Slot], given: Mapping[str, Any], path: Path = ()) -> dict[str, Any]:
    """What was given, by the names of the dataclass; null where it means nothing is left out."""
    return {
        slot.name: _value(slot.shape, given[slot.public], (*path, slot.name))
        for slot in slots
        if slot.public in given and not (given[slot.public] is None and _means_nothing(slot))
    }


def _means_nothing(slot: Slot) -> bool:
    return slot.optional and not slot.shape.nullable and not slot.shape.unset


def _value(shape: Shape, value: Any, path: Path) -> Any:
    if value is None:
        return None
    if shape.many:
        one = shape._replace(many=None)
        return shape.many(_value(one, each, (*path, n)) for n, each in enumerate(value))
    if shape.kind is UUID:
        return from_public(value, *prefixes_of(shape.of), path=path)[1]
    if isinstance(shape.kind, type) and is_dataclass(shape.kind):
        return build(shape.kind, value, path)
    return value
