"""Input shapes: pydantic models whose errors come out as the domain's own, all at once."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from domain.kit.errors import RuleBroken
from domain.kit.given import UNSET
from rest.kit.calls import LARGEST_ID
from usecases.messages import said

ABSENT: Any = UNSET  # the default of what may be left out but not be null

_WHOLE = re.compile("[+-]?[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")
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

    def sent(self) -> dict[str, Any]:
        """What was sent, in the order of the model."""
        names = type(self).model_fields
        return {name: getattr(self, name) for name in names if name in self.model_fields_set}


class Nothing(Input):
    """The input of requests that carry none."""


class Query(Input):
    """Parameters of a URL; an empty one counts as left out."""

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, value: Mapping[str, str]) -> dict[str, str]:
        return {name: part for name, part in value.items() if part != ""}


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


def one_of(words: Mapping[str, Any]) -> BeforeValidator:
    """The words of an old API, each with what it stands for here."""

    def read(value: Any) -> Any:
        if isinstance(value, str) and value in words:
            return words[value]
        raise PydanticCustomError("enum", "no such word", {"expected": ", ".join(words)})

    return BeforeValidator(read)


Whole = Annotated[int, BeforeValidator(_whole)]
Id = Annotated[Whole, Field(ge=1, le=LARGEST_ID)]
Number = Annotated[Decimal, BeforeValidator(_number)]
Day = Annotated[date, BeforeValidator(_day)]


class _Wording(NamedTuple):
    """A message of the domain's kind; `params` says where pydantic keeps its parameters."""

    template: str
    params: Mapping[str, str] = {}


_EMPTY = _Wording(said("this must not be empty"))
_WHOLE_WORDING = _Wording(said("this must be a whole number"))
_NUMBER_WORDING = _Wording(said("this is not a number"))
_WORDINGS: Mapping[str, _Wording] = {
    "missing": _EMPTY,
    "too_short": _EMPTY,
    "string_too_short": _EMPTY,
    "string_type": _Wording(said("this must be a text")),
    "string_unicode": _Wording(said("this holds characters that cannot be stored")),
    "string_too_long": _Wording(
        said("this is longer than {most} characters"), {"most": "max_length"}
    ),
    "string_pattern_mismatch": _Wording(said("this does not have the right form")),
    "int_type": _WHOLE_WORDING,
    "int_parsing_size": _WHOLE_WORDING,
    "decimal_type": _NUMBER_WORDING,
    "finite_number": _NUMBER_WORDING,
    "decimal_max_places": _Wording(
        said("this has more than {scale} decimals"), {"scale": "decimal_places"}
    ),
    "greater_than": _Wording(said("this must be greater than {least}"), {"least": "gt"}),
    "greater_than_equal": _Wording(said("this must be {least} or more"), {"least": "ge"}),
    "less_than_equal": _Wording(said("this must be {most} or less"), {"most": "le"}),
    "date_type": _Wording(said("this is no date: write YYYY-MM-DD")),
    "enum": _Wording(said("this must be one of {expected}"), {"expected": "expected"}),
    "list_type": _Wording(said("this must be a list")),
    "too_long": _Wording(said("at most {most} are possible"), {"most": "max_length"}),
    "model_type": _Wording(said("this must be an object")),
}
_OTHERWISE = _Wording(said("this is not valid"))


def broken_rules(invalid: ValidationError) -> list[RuleBroken]:
    """Everything that pydantic found, as the domain says it."""
    found = invalid.errors(include_url=False)
    return [_broken(error) for error in found]


def _broken(error: ErrorDetails) -> RuleBroken:
    absent = error["input"] is None
    wording = _EMPTY if absent else _WORDINGS.get(error["type"], _OTHERWISE)
    context = error.get("ctx", {})
    params = {name: context[where] for name, where in wording.params.items()}
    return RuleBroken(wording.template, path=error["loc"], **params)
