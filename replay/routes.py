"""The route of each submission: the roles that decided on it, in the order they did."""

from collections.abc import Iterator
from typing import Final

from replay.events import Event, Kind, Role

Route = tuple[Role, ...]

# The route of an order that nobody ever submitted: its supplier has no workflow.
NO_ROUTE: Final[Route] = ()

_DECISIONS: Final = frozenset({Kind.APPROVE, Kind.FINAL_APPROVE, Kind.RETURN})


class RouteUnknown(Exception):
    """A submission that nobody brought to an end, and no later one tells how it would have gone."""


def routes_of(events: tuple[Event, ...]) -> list[Route]:
    """One route for every submission of a case, or RouteUnknown.

    A submission that stopped short (returned, taken back, or overtaken by another) was on its way
    somewhere: it takes the route of the next one where that begins with the same roles. Else it
    ends with whoever returned it; and where nobody did, nothing tells how it would have gone on.
    """
    routes: list[Route] = []
    following: Route = NO_ROUTE
    for decisions in reversed(list(_rounds(events))):
        route = tuple(event.role for event in decisions if event.role is not None)
        kinds = {event.kind for event in decisions}
        if Kind.FINAL_APPROVE not in kinds:
            returned = Kind.RETURN in kinds
            goes_on = following[: len(route)] == route and (returned or following != route)
            if goes_on:
                route = following
            elif not returned:
                raise RouteUnknown
        routes.append(route)
        following = route
    return routes[::-1]


def _rounds(events: tuple[Event, ...]) -> Iterator[list[Event]]:
    decisions: list[Event] | None = None
    for event in events:
        if event.kind is Kind.SUBMIT:
            if decisions is not None:
                yield decisions
            decisions = []
        elif decisions is not None and event.kind in _DECISIONS:
            decisions.append(event)
    if decisions is not None:
        yield decisions
