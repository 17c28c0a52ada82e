"""Subscriptions: those whose time has come begin, those whose time is over expire."""

import logging
from datetime import timedelta
from uuid import UUID

from domain.kit.errors import DomainError
from server.jobs import Job, Shift
from usecases.package_subscriptions import AdvancePackageSubscription
from usecases.reads.kit import Whole
from usecases.reads.package_subscriptions import DueSubscription

log = logging.getLogger(__name__)

EVERY = 60.0  # seconds
MOST = 500  # subscriptions of an organization in one go
AGAIN = 1.0  # seconds, when there were more


async def run(shift: Shift) -> float | None:
    """One after the other, each locked: of several workers, the others find it done.

    Returns when the next one is due, where that is sooner than the usual round.
    """
    pauses: list[float] = []
    for organization in await shift.organizations():
        now = shift.now()
        found = await _due(shift, organization.id)
        due = [each for each in found if each.due_at <= now]
        done = 0
        for each in due:
            if shift.stop.is_set():
                return None
            done += await _advance(shift, organization.id, each.id)
        pauses += [(each.due_at - now).total_seconds() for each in found[len(due) :][:1]]
        if len(found) == MOST and done:
            pauses.append(AGAIN)
    return min(pauses, default=None)


async def _due(shift: Shift, organization_id: UUID) -> list[DueSubscription]:
    """Until the round after this one; the first one first."""
    reads = shift.storage.reads(shift.caller(organization_id))
    until = shift.now() + timedelta(seconds=EVERY)
    try:
        found = await reads.package_subscriptions.due([Whole.ORGANIZATION], until, MOST)
    finally:
        await reads.close()
    return [*found[Whole.ORGANIZATION]]


async def _advance(shift: Shift, organization_id: UUID, id: UUID) -> bool:
    """Whether it could be; the others go on when it could not."""
    try:
        await shift.perform(AdvancePackageSubscription(id=id), organization_id)
    except DomainError as refused:
        log.warning("subscription %s does not move on: %s", id, refused)
        return False
    return True


SUBSCRIPTIONS = Job(name="subscriptions", every=EVERY, run=run)
