"""Jobs: what has to be done from time to time, whoever asks; server/workers.py does them.

Any number of workers do the same jobs at the same time: a job takes what it works on with a lock.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from domain.callers import Caller
from domain.kit.aggregate import Aggregate
from persistence.organizations import Organization, everyone
from persistence.storage import SqlStorage
from server.operators import operator
from server.settings import Settings
from usecases.kit import Done, UseCase, run

A = TypeVar("A", bound=Aggregate)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Shift:
    """What a job works with. `url` and `owner` are the owner's, `engine` is the application's.

    `stop` is set when the worker is to end: a long job looks at it between two pieces of work,
    and is cancelled when it goes on for too long.
    """

    url: str
    owner: AsyncEngine
    engine: AsyncEngine
    storage: SqlStorage
    settings: Settings
    stop: asyncio.Event
    now: Callable[[], datetime] = utc_now

    async def organizations(self) -> list[Organization]:
        """Every organization there is, by name."""
        return await everyone(self.owner)

    def caller(self, organization_id: UUID) -> Caller:
        """The system itself, in this organization: no user of it, allowed everything."""
        return operator(organization_id, request_id="worker")

    async def perform(self, usecase: UseCase[A], organization_id: UUID) -> Done[A]:
        """Run it as the system in this organization; or a DomainError."""
        return await run(usecase, self.caller(organization_id), self.storage)


@dataclass(frozen=True, kw_only=True)
class Job:
    """`run` is called at least every so many seconds, and when `woken_by` is notified.

    `run` returns the seconds after which there is something to do again, when it knows that to be
    sooner. Whatever it raises is logged, and it is tried again with growing pauses.
    """

    name: str
    every: float
    run: Callable[[Shift], Awaitable[float | None]]
    woken_by: str | None = None
