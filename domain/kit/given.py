"""Partial input: a field that was not given is not the same as one given as null."""

from enum import Enum
from typing import Any, Final, Literal, TypeVar, Union

T = TypeVar("T")


class _Missing(Enum):
    UNSET = "UNSET"

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = _Missing.UNSET
Maybe = Union[T, Literal[_Missing.UNSET]]  # noqa: UP007 - `X | Y` takes no TypeVar alias in 3.11


def given(values: dict[str, Any]) -> dict[str, Any]:
    """Only what was given."""
    return {name: value for name, value in values.items() if value is not UNSET}
