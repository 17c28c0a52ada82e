"""Cleaning: what is kept for a while only goes when its time is over."""

import logging

from persistence.cleaning import clean
from server.jobs import Job, Shift

log = logging.getLogger(__name__)


async def run(shift: Shift) -> None:
    for organization in await shift.organizations():
        if shift.stop.is_set():
            break
        if cleaned := +await clean(shift.engine, organization.id, shift.now()):
            log.debug("cleaned in %s: %s", organization.name, dict(cleaned))


CLEANING = Job(name="cleaning", every=600, run=run)
