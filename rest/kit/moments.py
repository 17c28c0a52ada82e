"""Times in queries: what an ISO 8601 text names, as a stretch of time."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_ISO = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ](?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,][0-9]{1,12})?"
    r"(?P<zone>[Zz]|[+ -][0-9]{2}:?[0-9]{2})?)?"
)
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)


class Stretch(NamedTuple):
    """The second, or whole day, that a text names: from its first moment to the one after it."""

    begins: datetime
    ends: datetime


def stretch(text: str) -> Stretch:
    """Without a zone it is UTC; a space before the offset was a plus that nobody escaped.

    Raises ValueError when the text names no time.
    """
    found = _ISO.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    day, clock, zone = found["day"], found["clock"], found["zone"] or "Z"
    if clock is None:
        return _from(datetime.combine(date.fromisoformat(day), time(), UTC), _DAY)
    zone = zone.upper().replace(" ", "+")
    return _from(datetime.fromisoformat(f"{day}T{clock}{zone}"), _SECOND)


def _from(begins: datetime, length: timedelta) -> Stretch:
    """At either end of time, where there is no such moment, about that."""
    try:
        begins = begins.astimezone(UTC)
        return Stretch(begins, begins + length)
    except OverflowError:
        begins = begins.replace(tzinfo=UTC)
        return Stretch(begins, begins)


def _read(value: Any) -> Stretch:
    try:
        return stretch(value)
    except (ValueError, TypeError, AttributeError):
        raise PydanticCustomError("datetime_type", "no time") from None


Moment = Annotated[Stretch, BeforeValidator(_read), WithJsonSchema({"type": "string"})]
