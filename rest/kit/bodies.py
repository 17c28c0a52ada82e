"""JSON in: an object of limited size, its numbers exact.

Not read with orjson: that makes floats of decimals, and 999999999999.123456 has more digits
than a float keeps.
"""

import json
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from starlette.requests import Request

from usecases.messages import said

MOST_BYTES = 1024 * 1024
_LONGEST_INTEGER = 20  # characters; longer ones are told from whole numbers later


class Unreadable(Exception):
    """The request's body is not the JSON object that it has to be; the template says why."""

    def __init__(self, template: str, **params: object) -> None:
        super().__init__(template)
        self.template = template
        self.params = params


async def read_object(request: Request) -> dict[str, Any]:
    """The body's JSON object, empty when there is no body. Raises Unreadable.

    Floats are decimals, and so are integers that no column holds.
    """
    raw = await _limited(request)
    if not raw.strip():
        return {}
    try:
        body = json.loads(
            raw.decode(), parse_float=_exact, parse_int=_integer, parse_constant=_refuse
        )
    except (ValueError, RecursionError):
        raise Unreadable(said("the body is no valid JSON")) from None
    if not isinstance(body, dict):
        raise Unreadable(said("the body must be a JSON object"))
    return body


async def _limited(request: Request) -> bytes:
    """The body, no further than it may go."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MOST_BYTES:
            raise Unreadable(said("the body is larger than {most} bytes"), most=MOST_BYTES)
    return bytes(raw)


def _exact(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent of twenty digits
        return Decimal("Infinity")


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= _LONGEST_INTEGER else Decimal(text)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
