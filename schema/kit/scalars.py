"""Scalars: exact decimals, moments in UTC, currency codes. All travel as strings."""

from datetime import UTC, date, datetime, time
from decimal import Decimal, DecimalException
from typing import NewType

from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition, scalar

CurrencyCode = NewType("CurrencyCode", str)
BigInt = NewType("BigInt", int)
LONGEST_NUMBER = 40  # more than any column holds, and no work to parse


def _moment(value: datetime) -> str:
    """RFC 3339 in UTC; microseconds only where there are any."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _parsed_moment(value: object) -> datetime:
    wanted = "a time in RFC 3339 with its offset, like 2026-01-31T09:30:00Z"
    try:
        moment = datetime.fromisoformat(_text(value, wanted))
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise _refused(value, wanted)


def _parsed_date(value: object) -> date:
    wanted = "a date, like 2026-01-31"
    try:
        return date.fromisoformat(_text(value, wanted))
    except ValueError:
        raise _refused(value, wanted) from None


def _parsed_time(value: object) -> time:
    wanted = "a time of day without an offset, like 09:30"
    try:
        shown = time.fromisoformat(_text(value, wanted))
        if shown.tzinfo is None:
            return shown
    except ValueError:
        pass
    raise _refused(value, wanted)


def _parsed_decimal(value: object) -> Decimal:
    wanted = 'a decimal number, best as a string: "12.50"'
    text = str(value)
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise _refused(value, wanted)
    try:
        number = Decimal(text) if len(text) <= LONGEST_NUMBER else Decimal("NaN")
    except DecimalException:
        raise _refused(value, wanted) from None
    if not number.is_finite() or abs(number.adjusted()) > LONGEST_NUMBER:
        raise _refused(value, wanted)
    return number


def _text(value: object, wanted: str) -> str:
    if not isinstance(value, str):
        raise _refused(value, wanted)
    return value


def _refused(value: object, wanted: str) -> StrawberryInputCoercionError:
    return StrawberryInputCoercionError(f"{str(value)[:64]!r} is not {wanted}.")


def _plain_decimal(value: Decimal) -> str:
    return f"{value:f}"


def _code(value: object) -> str:
    return _text(value, "an ISO 4217 currency code, like SAR")


def _big(value: object) -> int:
    if not isinstance(value, str) or not value.removeprefix("-").isdigit():
        raise _refused(value, "a whole number as a string")
    return int(value)


SCALARS: dict[object, ScalarDefinition] = {
    Decimal: scalar(
        name="Decimal",
        description="An exact decimal number, as a string: `12.50`. Numbers are taken as well.",
        serialize=_plain_decimal,
        parse_value=_parsed_decimal,
    ),
    datetime: scalar(
        name="DateTime",
        description="A moment in UTC, RFC 3339: `2026-01-31T09:30:00Z`. Any offset is taken.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=_moment,
        parse_value=_parsed_moment,
    ),
    date: scalar(
        name="Date",
        description="A calendar day: `2026-01-31`.",
        serialize=date.isoformat,
        parse_value=_parsed_date,
    ),
    time: scalar(
        name="Time",
        description="What clocks show, `09:30` or `09:30:00`; wherever the record says they are.",
        serialize=time.isoformat,
        parse_value=_parsed_time,
    ),
    CurrencyCode: scalar(
        name="CurrencyCode",
        description="A currency, ISO 4217: `SAR`.",
        serialize=str,
        parse_value=_code,
    ),
    BigInt: scalar(
        name="BigInt",
        description="A whole number that may not fit an Int, as a string.",
        serialize=str,
        parse_value=_big,
    ),
    JSON: scalar(
        name="JSON",
        description="Any JSON value.",
        serialize=lambda value: value,
        parse_value=lambda value: value,
    ),
}
