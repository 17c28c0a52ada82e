"""Enums of the domain, as GraphQL shows them: their names, described by their docstrings."""

from enum import Enum
from inspect import cleandoc
from typing import TypeVar

import strawberry

E = TypeVar("E", bound=type[Enum])
_KNOWN: set[type[Enum]] = set()


def shown(kind: E) -> E:
    """The enum as a GraphQL type; the same one however often it is asked for."""
    if kind not in _KNOWN:
        _KNOWN.add(kind)
        strawberry.enum(kind, description=cleandoc(kind.__doc__ or kind.__name__))
    return kind
