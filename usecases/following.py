"""Following the events of an organization: from a cursor to the newest, and on as they come."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.callers import Caller
from usecases.ports import Storage
from usecases.reads.events import EventFilter, EventRow, Position, Told

MOST_AT_ONCE = 100  # rows in memory for each who follows, however far behind they are


class Ear(Protocol):
    async def rung(self) -> None:
        """Wait until the bell rings; no longer when it has since the last time."""


class Bell(Protocol):
    """Rings when events were written or somebody's rights were changed, or both may be."""

    def heard_in(self, organization_id: UUID) -> AbstractContextManager[Ear]: ...


class Heard(NamedTuple):
    """An event, and the caller as whom it is read: with the rights of this moment."""

    caller: Caller
    event: EventRow


Wanted = Callable[[Caller], EventFilter]


@dataclass(frozen=True, kw_only=True)
class Follower:
    """Somebody who wants to hear of events. `enter` passes the gate again; or Unauthenticated."""

    storage: Storage
    bell: Bell
    enter: Callable[[], Awaitable[Caller]]

    async def begin(self, after: str | None, wanted: Wanted) -> int:
        """The position after which to follow: a cursor's, or the newest. Raises RuleBroken."""
        position = Position.at(after).position if after is not None else None
        caller = await self.enter()
        told = await self._read(caller, position, wanted(caller), most=1)
        return told.newest if position is None else position

    async def follow(self, position: int, wanted: Wanted) -> AsyncIterator[Heard]:
        """Every event after the position that is wanted, once, in order, without end.

        What is read comes in small pages and holds no connection while it is waited for, so a
        slow reader costs nobody anything: the table waits.
        """
        caller = await self.enter()
        with self.bell.heard_in(caller.organization_id) as ear:
            while True:
                told = await self._read(caller, position, wanted(caller), most=MOST_AT_ONCE)
                for event in told.rows:
                    caller = await self.enter()
                    if event.kind in wanted(caller).kinds:
                        yield Heard(caller, event)
                position = told.position
                if position == told.newest:
                    await ear.rung()
                caller = await self.enter()

    async def _read(
        self, caller: Caller, position: int | None, filter: EventFilter, *, most: int
    ) -> Told:
        reads = self.storage.reads(caller)
        try:
            return await reads.events.after(position, filter, most=most)
        finally:
            await reads.close()
