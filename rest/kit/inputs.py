"""Input shapes: pydantic models whose errors come out as the domain's own, all at once."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationError,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError

from domain.kit.errors import RuleBroken
from domain.kit.given import UNSET
from rest.kit.calls import LARGEST_ID

ABSENT: Any = UNSET  # the default of what may be left out but not be null

_WHOLE = re.compile("[+-]?[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")
_INDEX = re.compile(r"\[[0-9]*\]$")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Input(BaseModel):
    """What a client sends. Unknown fields are ignored, empty strings are null."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_null(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: None if part == "" else part for name, part in value.items()}

    @classmethod
    def of_query(cls, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """What a URL's parameters say, to be validated; of a repeated one the last counts."""
        return dict(pairs)

    def sent(self) -> dict[str, Any]:
        """What was sent, in the order of the model."""
        names = type(self).model_fields
        return {name: getattr(self, name) for name in names if name in self.model_fields_set}


class Nothing(Input):
    """The input of requests that carry none."""


class Query(Input):
    """Parameters of a URL; an empty one counts as left out.

    Those named in `lists` may be repeated, be called `name[]`, hold commas, or be a JSON array.
    """

    lists: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, value: Mapping[str, Any]) -> dict[str, Any]:
        return {name: part for name, part in value.items() if part not in ("", [])}

    @classmethod
    def of_query(cls, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
        found: dict[str, Any] = dict(pairs)
        for name in cls.lists:
            values = [value for key, value in pairs if _INDEX.sub("", key) == name]
            found[name] = [part for value in values for part in _listed(value)]
        return found


def _listed(value: str) -> list[Any]:
    """The parts of a list; what should be a JSON array and is none stays whole."""
    if not value.strip().startswith("["):
        return [part.strip() for part in value.split(",") if part.strip()]
    try:
        parts: list[Any] = json.loads(value)
    except (ValueError, RecursionError):
        return [value]
    return parts


def _whole(value: Any) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, Decimal) and abs(value) <= LARGEST_ID and value == int(value):
        return int(value)
    raise PydanticCustomError("int_type", "no whole number")


def _number(value: Any) -> Decimal:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    raise PydanticCustomError("decimal_type", "no number")


def _day(value: Any) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("date_type", "no date")


@dataclass(frozen=True, slots=True)
class _Words(BeforeValidator):
    """Documented as the words that clients write."""

    words: tuple[str, ...] = ()

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "enum": [*self.words]}


def one_of(words: Mapping[str, Any]) -> BeforeValidator:
    """The words of an old API, each with what it stands for here."""

    def read(value: Any) -> Any:
        if isinstance(value, str) and value in words:
            return words[value]
        raise PydanticCustomError("enum", "no such word", {"expected": ", ".join(words)})

    return _Words(read, words=tuple(words))


Whole = Annotated[int, BeforeValidator(_whole)]
Id = Annotated[Whole, Field(ge=1, le=LARGEST_ID)]
Number = Annotated[Decimal, BeforeValidator(_number)]
Day = Annotated[date, BeforeValidator(_day)]


_Said = Callable[[Mapping[str, Any]], RuleBroken]  # out of what pydantic knows of the error


def _empty(_: Mapping[str, Any]) -> RuleBroken:
    return RuleBroken("this must not be empty")


def _no_integer(_: Mapping[str, Any]) -> RuleBroken:
    return RuleBroken("this must be a whole number")


def _no_number(_: Mapping[str, Any]) -> RuleBroken:
    return RuleBroken("this is not a number")


def _otherwise(_: Mapping[str, Any]) -> RuleBroken:
    return RuleBroken("this is not valid")


_RULES: Mapping[str, _Said] = {
    "missing": _empty,
    "too_short": _empty,
    "string_too_short": _empty,
    "string_type": lambda _: RuleBroken("this must be a text"),
    "string_unicode": lambda _: RuleBroken("this holds characters that cannot be stored"),
    "string_too_long": lambda context: RuleBroken(
        "this is longer than {most} characters", most=context["max_length"]
    ),
    "string_pattern_mismatch": lambda _: RuleBroken("this does not have the right form"),
    "int_type": _no_integer,
    "int_parsing_size": _no_integer,
    "decimal_type": _no_number,
    "finite_number": _no_number,
    "decimal_max_places": lambda context: RuleBroken(
        "this has more than {scale} decimals", scale=context["decimal_places"]
    ),
    "greater_than": lambda context: RuleBroken(
        "this must be greater than {least}", least=context["gt"]
    ),
    "greater_than_equal": lambda context: RuleBroken(
        "this must be {least} or more", least=context["ge"]
    ),
    "less_than_equal": lambda context: RuleBroken(
        "this must be {most} or less", most=context["le"]
    ),
    "date_type": lambda _: RuleBroken("this is no date: write YYYY-MM-DD"),
    "datetime_type": lambda _: RuleBroken("this is no time: write YYYY-MM-DDThh:mm:ssZ"),
    "enum": lambda context: RuleBroken(
        "this must be one of {expected}", expected=context["expected"]
    ),
    "list_type": lambda _: RuleBroken("this must be a list"),
    "too_long": lambda context: RuleBroken(
        "at most {most} are possible", most=context["max_length"]
    ),
    "model_type": lambda _: RuleBroken("this must be an object"),
}


def broken_rules(invalid: ValidationError) -> list[RuleBroken]:
    """Everything that pydantic found, as the domain says it."""
    return [_broken(error) for error in invalid.errors(include_url=False)]


def _broken(error: ErrorDetails) -> RuleBroken:
    """Null where it may not be is a field left out."""
    say = _empty if error["input"] is None else _RULES.get(error["type"], _otherwise)
    broken = say(error.get("ctx", {}))
    broken.path = error["loc"]
    return broken
