"""What Shrkity clients send in every list (fact S-13)."""

from typing import Annotated

from pydantic import Field

from rest.kit.calls import LARGEST_ID
from rest.kit.inputs import Query, Whole

MOST_PER_PAGE = 200

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
