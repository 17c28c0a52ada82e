"""Which stories of orders the demo organizations tell, how often, and when."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from random import Random

from server.demo.casts import Cast
from server.demo.fulfilments import Fulfilment
from server.demo.orders import Story
from server.demo.stages import Stage

DAYS = 350  # over which the orders are spread
SETTLED_DAYS = 12  # before the end: every step that follows finds room

Plot = Callable[[Fulfilment], Awaitable[None]]

# How often each story is told. The last ones are still going on, so they are of late.
SETTLED: dict[Plot, int] = {
    Story.approved: 12,
    Story.approved_in_two_rounds: 7,
    Story.decided_by_all: 2,
    Story.amended: 3,
    Story.amended_and_approved_again: 3,
    Story.rejected: 11,
    Story.cloned: 5,
    Story.completed: 6,
    Story.cancelled_as_draft: 4,
    Story.cancelled_while_pending: 4,
    Story.cancelled_after_approval: 3,
    Story.deleted: 3,
    Fulfilment.delivery_noted: 2,
    Fulfilment.partly_received: 4,
    Fulfilment.received: 2,
    Fulfilment.received_in_two_parts: 2,
    Fulfilment.partly_rejected: 3,
    Fulfilment.receipt_reversed: 2,
    Fulfilment.invoiced_before_delivery: 2,
    Fulfilment.invoice_waiting: 3,
    Fulfilment.invoice_mismatched: 3,
    Fulfilment.invoice_cancelled: 2,
    Fulfilment.invoice_overridden: 3,
    Fulfilment.partly_invoiced: 3,
    Fulfilment.owed: 4,
    Fulfilment.partly_paid: 3,
    Fulfilment.paid: 5,
    Fulfilment.replaced_and_paid: 2,
}
OPEN: dict[Plot, int] = {
    Story.draft: 10,
    Story.pending: 19,
    Story.returned: 4,
    Story.recalled: 2,
    Story.waiting_for_most: 2,
    Story.waiting_for_all: 2,
    Story.escalated: 2,
}
LATEST: list[Plot] = [Story.waiting_in_time, Story.waiting_in_time]
LATEST_DAYS = 2  # before the end: time enough is left to decide
OTHER: dict[Plot, int] = {Story.draft: 2, Story.pending: 2, Story.approved: 3, Story.rejected: 1}


def told(plots: dict[Plot, int], random: Random) -> list[Plot]:
    """Each as often as it is to be told, in any order."""
    stories = [plot for plot, times in plots.items() for _ in range(times)]
    random.shuffle(stories)
    return stories


async def play(stage: Stage, cast: Cast, plots: list[Plot], end: datetime, random: Random) -> None:
    """One story after the other, the last one some days before `end`."""
    for number, plot in enumerate(plots):
        days = SETTLED_DAYS + (len(plots) - number) * (DAYS - SETTLED_DAYS) // len(plots)
        at = end - timedelta(days=days) + timedelta(minutes=random.randint(300, 720))
        await plot(Fulfilment(stage, cast, at, random))


async def play_latest(stage: Stage, cast: Cast, end: datetime, random: Random) -> None:
    """What is to be decided in time, while there is time."""
    for hours, plot in enumerate(LATEST):
        at = end - timedelta(days=LATEST_DAYS) + timedelta(hours=hours)
        await plot(Fulfilment(stage, cast, at, random))
