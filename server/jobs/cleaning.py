"""Cleaning: what is kept for a while only goes when its time is over."""

import logging

from persistence.cleaning import clean
from server.jobs import Job, Shift

log = logging.getLogger(__name__)


async def run(shift: Shift) -> None:
    cleaned = await clean(shift.url, shift.engine, shift.now())
    log.debug("cleaned: %s", cleaned)


CLEANING = Job(name="cleaning", every=600, run=run)
