"""Quotations that the customer said nothing to: they expire after their last day."""

import logging
from collections.abc import Sequence
from uuid import UUID

from domain.kit.errors import DomainError
from server.jobs import Job, Shift
from usecases.quotations import ExpireQuotation
from usecases.reads.kit import Whole

log = logging.getLogger(__name__)

MOST = 500  # of an organization in one go
AGAIN = 1.0  # seconds, when there were more


async def run(shift: Shift) -> float | None:
    """One after the other, each locked: of several workers, the others find it done."""
    more = False
    for organization in await shift.organizations():
        lapsed = await _lapsed(shift, organization.id)
        done = 0
        for quotation_id in lapsed:
            if shift.stop.is_set():
                return None
            done += await _expire(shift, organization.id, quotation_id)
        more = more or (len(lapsed) == MOST and done > 0)
    return AGAIN if more else None


async def _lapsed(shift: Shift, organization_id: UUID) -> Sequence[UUID]:
    reads = shift.storage.reads(shift.caller(organization_id))
    try:
        found = await reads.quotations.lapsed([Whole.ORGANIZATION], shift.now(), MOST)
    finally:
        await reads.close()
    return found[Whole.ORGANIZATION]


async def _expire(shift: Shift, organization_id: UUID, id: UUID) -> bool:
    """Whether it could be; somebody may have been quicker."""
    try:
        await shift.perform(ExpireQuotation(id=id), organization_id)
    except DomainError as refused:
        log.info("quotation %s does not expire: %s", id, refused)
        return False
    return True


QUOTATIONS = Job(name="quotations", every=300, run=run)
