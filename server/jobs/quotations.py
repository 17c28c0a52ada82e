"""Quotations that the customer said nothing to: they expire after their last day."""

from datetime import datetime

from server.jobs.rounds import MOST, Due, rounds
from usecases.quotations import ExpireQuotation
from usecases.reads import Reads
from usecases.reads.kit import Whole


async def due(read: Reads, now: datetime) -> Due:
    found = (await read.quotations.lapsed([Whole.ORGANIZATION], now, MOST))[Whole.ORGANIZATION]
    return Due([ExpireQuotation(id=id) for id in found], more=len(found) == MOST)


QUOTATIONS = rounds("quotations", every=300, due=due)
