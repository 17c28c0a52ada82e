"""Lists that count their pages: `page` and `per_page` in, totals and links out."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlencode

from rest.kit.calls import Asked
from usecases.reads.kit import Listing, Whole

F_contra = TypeVar("F_contra", contravariant=True)
O_contra = TypeVar("O_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)
F = TypeVar("F")
O = TypeVar("O")  # noqa: E741 - the order
R = TypeVar("R")
S = TypeVar("S")


class Counted(Protocol[F_contra, O_contra, R_co]):
    """Questions about a list that can be read by the numbers of its pages."""

    async def numbered(
        self, filter: F_contra, order_by: O_contra, *, offset: int, limit: int
    ) -> Sequence[R_co]: ...

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...


@dataclass(frozen=True, kw_only=True)
class NumberedPage(Generic[S]):
    """One page of a list; the first has the number 1."""

    items: Sequence[S]
    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page; an empty list has one (fact W-14)."""
        return max(1, -(-self.total // self.size))


async def numbered(
    questions: Counted[F, O, R], filter: F, order_by: O, *, number: int, size: int
) -> tuple[Sequence[R], int]:
    """The rows of one page, and how many there are on all of them."""
    listing = Listing(Whole.ORGANIZATION, filter)
    total = (await questions.counts([listing]))[listing]
    skipped = (number - 1) * size
    if skipped >= total:
        return [], total
    return await questions.numbered(filter, order_by, offset=skipped, limit=size), total


class Paged(Protocol):
    """The parameters of a list: which page, and how many a page."""

    @property
    def page(self) -> int: ...
    @property
    def size(self) -> int: ...


async def page_of(
    questions: Counted[F, O, R],
    filter: F,
    order_by: O,
    given: Paged,
    shaped: Callable[[Sequence[R]], Awaitable[Sequence[S]]],
) -> NumberedPage[S]:
    """The page that was asked for, its rows in the shapes that `shaped` makes of them together."""
    number, size = given.page, given.size
    rows, total = await numbered(questions, filter, order_by, number=number, size=size)
    items = await shaped(rows) if rows else []
    return NumberedPage(items=items, number=number, size=size, total=total)


def links(page: NumberedPage[Any], asked: Asked) -> dict[str, str | None]:
    """Absolute URLs of the pages around this one, with everything else that was asked for."""

    def to(number: int) -> str:
        kept = [(name, value) for name, value in asked.query if name != "page"]
        return f"{asked.url}?{urlencode([*kept, ('page', number)])}"

    return {
        "first": to(1),
        "last": to(page.last),
        "next": to(page.number + 1) if page.number < page.last else None,
        "prev": to(page.number - 1) if page.number > 1 else None,
    }
