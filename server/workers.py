"""The worker: what has to be done from time to time, whoever asks. Any number may run."""

import asyncio
import logging
from datetime import UTC, datetime

import asyncpg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from persistence.cleaning import clean

log = logging.getLogger(__name__)

EVERY_SECONDS = 600.0
_FAILURES = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


async def run_worker(
    url: str, engine: AsyncEngine, stop: asyncio.Event, *, every: float = EVERY_SECONDS
) -> None:
    """Work until `stop`; what fails is logged, and tried again the next time.

    `url` is the owner's, the engine the application's.
    """
    while not stop.is_set():
        try:
            cleaned = await clean(url, engine, datetime.now(UTC))
        except _FAILURES as error:
            log.warning("cleaning failed, to be tried again: %r", error)
        else:
            log.debug("cleaned: %s", cleaned)
        try:
            async with asyncio.timeout(every):
                await stop.wait()
        except TimeoutError:
            continue
