"""Clocks: service orders whose time runs out are told of, and keep to calendars that change."""

from datetime import datetime, timedelta

from server.jobs.rounds import MOST, Due, rounds
from usecases.reads import Reads
from usecases.reads.kit import Whole
from usecases.service_orders.clocks import TellServiceOrderClocks

EVERY = 30.0  # seconds
_ALL = Whole.ORGANIZATION


async def due(read: Reads, now: datetime) -> Due:
    """What is due now, and what is next: that is looked for until the round after this one."""
    until = now + timedelta(seconds=EVERY)
    found = (await read.sla_clocks.to_tell([_ALL], until, MOST))[_ALL]
    moved = (await read.sla_clocks.outdated([_ALL], MOST))[_ALL]
    told = [clock.order_id for clock in found if clock.tell_at < now]
    return Due(
        [TellServiceOrderClocks(id=id) for id in dict.fromkeys((*told, *moved))],
        more=max(len(told), len(moved)) == MOST,
        next_at=found[len(told)].tell_at if len(told) < len(found) else None,
    )


CLOCKS = rounds("clocks", every=EVERY, due=due)
