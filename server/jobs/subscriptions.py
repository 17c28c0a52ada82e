"""Subscriptions: those whose time has come begin, those whose time is over expire."""

from datetime import datetime, timedelta

from server.jobs.rounds import MOST, Due, rounds
from usecases.package_subscriptions import AdvancePackageSubscription
from usecases.reads import Reads
from usecases.reads.kit import Whole

EVERY = 60.0  # seconds


async def due(read: Reads, now: datetime) -> Due:
    """The first one first; those until the next round tell when to look again."""
    until = now + timedelta(seconds=EVERY)
    asked = read.package_subscriptions.due
    found = (await asked([Whole.ORGANIZATION], until, MOST))[Whole.ORGANIZATION]
    ripe = [each for each in found if each.due_at <= now]
    return Due(
        [AdvancePackageSubscription(id=each.id) for each in ripe],
        more=len(ripe) == MOST,
        next_at=found[len(ripe)].due_at if len(ripe) < len(found) else None,
    )


SUBSCRIPTIONS = rounds("subscriptions", every=EVERY, due=due)
