"""JSON out: dataclasses and dicts as they are, decimals digit by digit, times in UTC with Z."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
from pydantic import WithJsonSchema

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS


@dataclass(frozen=True)
class File:
    """An answer that is not JSON: a document to download."""

    content: bytes
    media_type: str
    name: str


@dataclass(frozen=True)
class Redirect:
    """An answer that is found elsewhere."""

    location: str


def to_json(shape: Any) -> bytes:
    return orjson.dumps(shape, default=_literal, option=_OPTIONS)


def one_of_these(words: Iterable[str]) -> WithJsonSchema:
    """Says, in the annotation of a text, which texts there are: `Annotated[str, …]`."""
    return WithJsonSchema({"type": "string", "enum": [*words]})


def plain(value: Decimal) -> Decimal:
    """With as many digits as it has: a quantity of 100.000000 is 100."""
    return value.normalize()


def _literal(value: Any) -> orjson.Fragment:
    """A decimal as a JSON number with exactly its own digits (fact W-19)."""
    if isinstance(value, Decimal):
        return orjson.Fragment(f"{value:f}".encode())
    raise TypeError(type(value))
