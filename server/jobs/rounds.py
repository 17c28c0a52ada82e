"""Rounds: a job that looks in every organization for records whose time has come."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from domain.kit.errors import DomainError, IllegalMove
from server.jobs import Job, Shift
from usecases.kit import UseCase
from usecases.reads import Reads

log = logging.getLogger(__name__)

MOST = 500  # records of an organization in one go
AGAIN = 1.0  # seconds, when there were more


class Due(NamedTuple):
    """What is to be done in an organization, record by record.

    `more` says that this was not all of it, `next_at` when there is something to do again, where
    that is known.
    """

    usecases: Sequence[UseCase[Any]]
    more: bool = False
    next_at: datetime | None = None


Question = Callable[[Reads, datetime], Awaitable[Due]]


def rounds(name: str, *, every: float, due: Question) -> Job:
    """A job that does what is due: each alone and locked, so that other workers find it done.

    What is refused is logged and left for the next round; the others go on.
    """

    async def run(shift: Shift) -> float | None:
        pauses: list[float] = []
        for organization in await shift.organizations():
            if shift.stop.is_set():
                return None
            found = await _asked(shift, organization.id, due)
            done = await _done(name, shift, organization.id, found.usecases)
            if found.more and done:
                pauses.append(AGAIN)
            elif found.next_at is not None:
                pauses.append(max((found.next_at - shift.now()).total_seconds(), AGAIN))
        return min(pauses, default=None)

    return Job(name=name, every=every, run=run)


async def _asked(shift: Shift, organization_id: UUID, due: Question) -> Due:
    reads = shift.storage.reads(shift.caller(organization_id))
    try:
        return await due(reads, shift.now())
    finally:
        await reads.close()


async def _done(
    name: str, shift: Shift, organization_id: UUID, usecases: Sequence[UseCase[Any]]
) -> int:
    """How many of them could be done, until the worker is to end."""
    done = 0
    for usecase in usecases:
        if shift.stop.is_set():
            break
        try:
            await shift.perform(usecase, organization_id)
        except IllegalMove as refused:
            log.info("%s: somebody was faster: %s", name, refused)
        except DomainError as refused:
            log.warning("%s: %r was refused: %s", name, usecase, refused)
        else:
            done += 1
    return done
