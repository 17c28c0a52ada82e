"""Clocks: service orders whose time runs out are told of, and keep to calendars that change."""

from datetime import datetime

from server.jobs.rounds import MOST, Due, rounds
from usecases.reads import Reads
from usecases.reads.kit import Whole
from usecases.service_orders.clocks import TellServiceOrderClocks

_ALL = Whole.ORGANIZATION


async def due(read: Reads, now: datetime) -> Due:
    told = (await read.sla_clocks.to_tell([_ALL], now, MOST))[_ALL]
    moved = (await read.sla_clocks.outdated([_ALL], MOST))[_ALL]
    following = (await read.sla_clocks.next_to_tell([_ALL], now)).get(_ALL)
    return Due(
        [TellServiceOrderClocks(id=id) for id in dict.fromkeys((*told, *moved))],
        more=max(len(told), len(moved)) == MOST,
        next_at=following.tell_at if following else None,
    )


CLOCKS = rounds("clocks", every=30, due=due)
