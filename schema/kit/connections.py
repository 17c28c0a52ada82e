"""Relay connections: a page of a list, with cursors to go on from."""

from typing import Generic, TypeVar

import strawberry

from schema.kit.views import plain, view_of
from usecases.reads import kit

N = TypeVar("N")


@view_of(kit.PageInfo)
@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = plain("Whether there is more after this page.")
    end_cursor: str | None = plain("Give it as `after` to go on; null on an empty page.")


@view_of(kit.Edge)
@strawberry.type(description="A record in a list.")
class Edge(Generic[N]):
    node: N = plain("The record.")
    cursor: str = plain("Where it stands in the list.")


@view_of(kit.Page)
@strawberry.type(description="A page of a list.")
class Connection(Generic[N]):
    nodes: list[N] = plain("The records of the page.")
    edges: list[Edge[N]] = plain("The same, each with its cursor.")
    page_info: PageInfo = plain("How to go on.")
