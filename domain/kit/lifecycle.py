"""State machines as data: a table of moves that code, docs and tests all read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from domain.callers import Caller, Permission
from domain.kit.errors import DomainError, IllegalMove

Status = TypeVar("Status", bound=StrEnum)


@dataclass(frozen=True)
class Move(Generic[Status]):
    """From any of `sources` to the one of `targets` that the aggregate's rules choose.

    A move without targets leaves the status alone; one that `ends` removes the record.
    `input` names what the command cannot do without. What needs no permission (`None`) is no
    command of anybody's: the system does it when its time has come, or with something else.
    """

    action: str
    sources: frozenset[Status]
    targets: tuple[Status, ...]
    needs: Permission | None
    guards: tuple["Guard", ...] = ()
    input: tuple[str, ...] = ()
    ends: bool = False

    def __init__(
        self,
        action: str,
        sources: Iterable[Status],
        *targets: Status,
        needs: Permission | None,
        guards: Sequence["Guard"] = (),
        input: Sequence[str] = (),
        ends: bool = False,
    ) -> None:
        object.__setattr__(self, "action", action)
        object.__setattr__(self, "sources", frozenset(sources))
        object.__setattr__(self, "targets", targets)
        object.__setattr__(self, "needs", needs)
        object.__setattr__(self, "guards", tuple(guards))
        object.__setattr__(self, "input", tuple(input))
        object.__setattr__(self, "ends", ends)


class Transition(NamedTuple):
    """What a record's user could do next, and what stands in the way."""

    name: str
    blockers: tuple[DomainError, ...]
    required_input: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        return not self.blockers


class HasStatus(Protocol):
    @property
    def status(self) -> Any: ...


Guard = Callable[[Any, Caller], DomainError | None]


class Lifecycle(Generic[Status]):
    """All the moves of one kind of record.

    A guard looks at the facts (the aggregate, or a row of a list) and at the caller, and
    returns what stands in the way. Commands raise what it returns, `transitions` shows it.
    """

    def __init__(self, *, initial: Status, moves: Iterable[Move[Status]]) -> None:
        self.initial = initial
        self.moves = {move.action: move for move in moves}

    def needs(self, action: str) -> Permission:
        """What the command takes. A move of the system has none: asking is a bug."""
        needed = self.moves[action].needs
        if needed is None:
            raise ValueError(f"{action} is done by the system")
        return needed

    def after(self, status: Status, action: str, target: Status | None = None) -> Status:
        """The status `action` leads to; `target` says which where the table leaves a choice."""
        move = self.moves[action]
        if target is None:
            target = move.targets[0] if move.targets else status
        elif target not in move.targets:
            raise ValueError(f"{action} never leads to {target}")
        return target

    def blockers(self, facts: HasStatus, action: str, by: Caller) -> tuple[DomainError, ...]:
        """Everything that keeps `by` from doing `action` now: commands raise the first."""
        move = self.moves[action]
        if facts.status not in move.sources:
            return (
                IllegalMove("cannot {action} while {status}", action=action, status=facts.status),
            )
        missing = None if move.needs is None else by.may(move.needs)
        found = (missing, *(guard(facts, by) for guard in move.guards))
        return tuple(blocker for blocker in found if blocker is not None)

    def transitions(self, facts: HasStatus, by: Caller) -> list[Transition]:
        """Those that users can do."""
        return [
            Transition(action, self.blockers(facts, action, by), move.input)
            for action, move in self.moves.items()
            if move.needs is not None
        ]

    def reachable(self) -> set[Status]:
        seen, frontier = set[Status](), {self.initial}
        while frontier:
            seen |= frontier
            moves = [move for move in self.moves.values() if move.sources & seen]
            frontier = {target for move in moves for target in move.targets} - seen
        return seen

    def mermaid(self) -> str:
        arrows = (
            f"    {source} --> {target}: {move.action}"
            for move in self.moves.values()
            for source in sorted(move.sources)
            for target in (move.targets or (("[*]",) if move.ends else ()))
        )
        return "\n".join(["stateDiagram-v2", f"    [*] --> {self.initial}", *arrows])
