"""Clocks: service orders whose time runs out are told of, and keep to calendars that change."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from domain.kit.errors import DomainError
from server.jobs import Job, Shift
from usecases.reads.kit import Whole
from usecases.service_orders.clocks import TellServiceOrderClocks

log = logging.getLogger(__name__)

MOST = 500  # clocks of an organization in one go
AGAIN = 1.0  # seconds, when there were more
_ALL = Whole.ORGANIZATION


class _Due(NamedTuple):
    """The orders to look at in an organization, whether that is all, and when there is more."""

    orders: Sequence[UUID]
    all: bool
    next_at: datetime | None


async def run(shift: Shift) -> float | None:
    """One order after the other, each locked: of several workers, the others find it done."""
    pauses = []
    for organization in await shift.organizations():
        due = await _due(shift, organization.id)
        done = 0
        for order in due.orders:
            if shift.stop.is_set():
                return None
            done += await _tell(shift, organization.id, order)
        if done and not due.all:
            pauses.append(AGAIN)
        elif due.next_at is not None:
            pauses.append((due.next_at - shift.now()).total_seconds() + AGAIN)
    return min(pauses, default=None)


async def _due(shift: Shift, organization_id: UUID) -> _Due:
    reads = shift.storage.reads(shift.caller(organization_id))
    now = shift.now()
    try:
        told = (await reads.sla_clocks.to_tell([_ALL], now, MOST))[_ALL]
        moved = (await reads.sla_clocks.outdated([_ALL], MOST))[_ALL]
        following = (await reads.sla_clocks.next_to_tell([_ALL], now)).get(_ALL)
    finally:
        await reads.close()
    orders = [*dict.fromkeys((*told, *moved))]
    at = following.tell_at if following else None
    return _Due(orders, max(len(told), len(moved)) < MOST, at)


async def _tell(shift: Shift, organization_id: UUID, order: UUID) -> bool:
    """Whether it could be; the others go on when it could not."""
    try:
        await shift.perform(TellServiceOrderClocks(id=order), organization_id)
    except DomainError as refused:
        log.warning("the clocks of service order %s are not told of: %s", order, refused)
        return False
    return True


CLOCKS = Job(name="clocks", every=30, run=run)
