"""What Shrkity clients send in every list (fact S-13), and beyond what there is (decision S-A8)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from domain.kit.errors import RuleBroken
from rest.kit.calls import LARGEST_ID
from rest.kit.inputs import Input, Query, Whole
from rest.shrkity.wire.extras import LARGEST
from usecases.kit import unstorable

MOST_PER_PAGE = 200
DEEPEST = 20

Number = Annotated[Whole, Field(ge=1, le=LARGEST_ID)]
Searched = Annotated[str, Field(max_length=500)]


class Page(Query):
    """The parameters of a list; those with filters are made from it."""

    page: Number = 1
    per_page: Number = 10

    @property
    def size(self) -> int:
        """As many as they want, but no more than there can be."""
        return min(self.per_page, MOST_PER_PAGE)


class Open(Input):
    """Fields that nobody knows are kept with the record, beside what is sent as `metadata`."""

    model_config = ConfigDict(extra="allow", frozen=True)

    metadata: dict[str, Any] | None = None

    @property
    def further(self) -> dict[str, Any]:
        """What is to be kept. Raises RuleBroken where it cannot be."""
        extra = self.model_extra or {}
        kept: dict[str, Any] = _kept({**(self.metadata or {}), **extra}, DEEPEST)
        return kept


def _kept(value: Any, deeper: int) -> Any:
    """The same as JSON keeps it for every reader: numbers that are too large become texts."""
    if isinstance(value, Decimal):
        return float(value) if abs(value) <= LARGEST else str(value)
    if isinstance(value, int):
        return value if abs(value) <= LARGEST else str(value)
    if not isinstance(value, Mapping | list):
        return value
    if not deeper:
        raise RuleBroken("this is nested too deeply", path=("metadata",))
    if isinstance(value, list):
        return [_kept(each, deeper - 1) for each in value]
    if any(unstorable(name) for name in value):
        raise RuleBroken("this holds characters that cannot be stored", path=("metadata",))
    return {name: _kept(each, deeper - 1) for name, each in value.items()}
