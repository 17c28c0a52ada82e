"""JSON out: dataclasses and dicts as they are, decimals digit by digit, times in UTC with Z."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS


@dataclass(frozen=True)
class File:
    """An answer that is not JSON: a document to download."""

    content: bytes
    media_type: str
    name: str


def to_json(shape: Any) -> bytes:
    return orjson.dumps(shape, default=_literal, option=_OPTIONS)


def plain(value: Decimal) -> Decimal:
    """With as many digits as it has: a quantity of 100.000000 is 100."""
    return value.normalize()


def _literal(value: Any) -> orjson.Fragment:
    """A decimal as a JSON number with exactly its own digits (fact W-19)."""
    if isinstance(value, Decimal):
        return orjson.Fragment(f"{value:f}".encode())
    raise TypeError(type(value))
