"""What Shoplazza's clients send: facts P-4 to P-7."""

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from domain.purchase_orders import ProcurementState
from rest.kit.inputs import Query, Whole, one_of
from rest.kit.moments import Moment
from rest.shoplazza.wire import words

LARGEST = 2**31 - 1
MOST_PER_PAGE = 99

_ID = "^([0-9]{1,30}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$"


def _digits(value: Any) -> Any:
    """In a JSON array an id may be a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Page = Annotated[Whole, Field(ge=1, le=LARGEST)]
Limit = Annotated[Whole, Field(ge=1, le=MOST_PER_PAGE)]
Id = Annotated[str, BeforeValidator(_digits), Field(pattern=_ID)]


class Procurements(Query):
    lists: ClassVar[frozenset[str]] = frozenset({"ids"})

    page: Page = 1
    limit: Limit = 10
    ids: tuple[Id, ...] | None = None
    state: Annotated[ProcurementState, one_of(words.inverse(words.STATES))] | None = None
    created_at_min: Moment | None = None
    created_at_max: Moment | None = None
    updated_at_min: Moment | None = None
    updated_at_max: Moment | None = None
