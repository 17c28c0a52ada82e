"""Plans a case: which mutation, by whom, on which order, for each event. Pure, no server asked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from replay.events import Case, Event, Kind, Role
from replay.moves import (
    EFFECTS,
    ENTERING,
    LAST_MOVES,
    MOVES,
    STEP_APPROVED,
    WITHDRAWING,
    Effect,
    Move,
    Status,
)
from replay.routes import NO_ROUTE, Route, RouteUnknown, routes_of

CURRENCY: Final = "SAR"
_CENT: Final = Decimal("0.01")
# How the log writes that a case has no project.
_NO_PROJECT: Final = "UNKNOWN"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One mutation of a case: `order` counts the case's orders, a clone being the next one.

    `key` is the same in every run: case, position of the event, and number of the step in it.
    """

    key: str
    ends_event: bool
    move: Move
    effect: Effect
    role: Role
    order: int
    route: Route
    at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """What became of the events of one action, for the report."""

    action: str
    moves: tuple[Move, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    case: Case
    steps: tuple[Step, ...]
    mapped: Counter[Mapped]

    @property
    def department(self) -> str:
        return self.case.unit

    @property
    def project(self) -> str | None:
        return None if self.case.project == _NO_PROJECT else self.case.project

    @property
    def price(self) -> Decimal:
        return self.case.amount.quantize(_CENT, ROUND_HALF_UP)

    @property
    def routes(self) -> set[Route]:
        return {step.route for step in self.steps}


@dataclass(frozen=True, kw_only=True)
class Unmapped:
    """A case that no sequence of moves can tell, and why, in words shared by all of its kind."""

    case: Case
    kind: str


def plan(case: Case) -> Plan | Unmapped:
    try:
        routes = routes_of(case.events)
    except RouteUnknown:
        return Unmapped(case=case, kind="a submission that nobody brought to an end")
    planning = _Planning(case, routes)
    for position, event in enumerate(case.events):
        if not planning.follow(position, event):
            return Unmapped(case=case, kind=f"{event.label} while {planning.status or 'no order'}")
    return Plan(case=case, steps=tuple(planning.steps), mapped=planning.mapped)


class _Planning:
    """Follows one case event by event; holds where its order stands after each."""

    def __init__(self, case: Case, routes: Sequence[Route]) -> None:
        self.case = case
        self.status: Status | None = None
        self.steps: list[Step] = []
        self.mapped: Counter[Mapped] = Counter()
        self._coming = list(routes)
        self._order = 0
        self._route = NO_ROUTE
        self._decided = 0
        self._invoiced = False
        self._last = len(case.events) - 1

    def follow(self, position: int, event: Event) -> bool:
        """Adds the steps of an event; False where it has no counterpart."""
        situation = (event.kind, self.status)
        moves = MOVES.get(situation)
        if position == self._last:
            moves = LAST_MOVES.get(situation, moves)
        if moves is None or event.role is None:
            return False
        wanted = self._wanted(event)
        taken = tuple(move for move in moves if self._called_for(move, wanted))
        for number, move in enumerate(taken):
            effect = self._effect(move, wanted)
            self.steps.append(
                Step(
                    key=f"{self.case.id}:{position}.{number}",
                    ends_event=move is taken[-1],
                    move=move,
                    effect=effect,
                    role=effect.by or event.role,
                    order=self._order,
                    route=self._route,
                    at=event.at,
                    text=f"{event.label} on {event.at.isoformat()}",
                )
            )
        self.mapped[Mapped(action=event.label, moves=taken)] += 1
        return True

    def _wanted(self, event: Event) -> Route:
        """The route the order should be on after this event."""
        if event.kind is Kind.SUBMIT:
            return self._coming.pop(0)
        if event.kind is Kind.SAVE and self.status is None and self._coming:
            return self._coming[0]
        return self._route

    def _called_for(self, move: Move, wanted: Route) -> bool:
        if move in ENTERING:
            return not self._invoiced
        if move in WITHDRAWING:
            return self._invoiced
        return move is not Move.REROUTE or wanted != self._route

    def _effect(self, move: Move, wanted: Route) -> Effect:
        """What a move does here, and the order as it is after it."""
        effect = EFFECTS[move]
        if move in {Move.CREATE, Move.REROUTE}:
            self._route = wanted
        elif move is Move.CLONE:
            self._order += 1
        elif move is Move.SUBMIT:
            self._decided = 0
        elif move in ENTERING | WITHDRAWING:
            self._invoiced = move in ENTERING
        elif move is Move.APPROVE:
            self._decided += 1
            if self._decided < len(self._route):
                effect = STEP_APPROVED
        self.status = effect.status
        return effect
