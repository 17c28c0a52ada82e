"""The worker: does all jobs, each at its own pace, until it is told to stop. Any number may run."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

import asyncpg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from persistence.engines import owner_engine
from persistence.notifications import keep_listening
from persistence.storage import SqlStorage
from server.jobs import Job, Shift, utc_now
from server.jobs.cleaning import CLEANING
from server.jobs.clocks import CLOCKS
from server.jobs.deliveries import DELIVERIES
from server.jobs.escalations import ESCALATIONS
from server.jobs.quotations import QUOTATIONS
from server.jobs.sandboxes import SANDBOXES
from server.jobs.subscriptions import SUBSCRIPTIONS
from server.settings import Settings

log = logging.getLogger(__name__)

JOBS = (ESCALATIONS, CLOCKS, CLEANING, QUOTATIONS, SANDBOXES, DELIVERIES, SUBSCRIPTIONS)

FIRST_PAUSE = 1.0  # seconds after a failure; each further one doubles it
LONGEST_PAUSE = 300.0
# What a database that is away or busy raises: no bug of a job.
_AWAY = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


async def run_worker(
    url: str,
    engine: AsyncEngine,
    settings: Settings,
    stop: asyncio.Event,
    *,
    jobs: Sequence[Job] = JOBS,
    now: Callable[[], datetime] = utc_now,
) -> None:
    """Work until `stop`; what is under way then gets as long as open requests do.

    `url` is the owner's, the engine the application's.
    """
    owner = owner_engine(url)
    shift = Shift(
        url=url,
        owner=owner,
        engine=engine,
        storage=SqlStorage(engine),
        settings=settings,
        stop=stop,
        now=now,
    )
    desks = [_Desk(job, shift) for job in jobs]
    tasks = [asyncio.create_task(desk.work(), name=desk.job.name) for desk in desks]
    try:
        await stop.wait()
        for desk in desks:
            desk.awake.set()
        if tasks:
            await asyncio.wait(tasks, timeout=settings.shutdown_timeout)
    finally:
        for task in tasks:
            if task.cancel():
                log.warning("%s was still at work when the worker had to stop", task.get_name())
        await asyncio.gather(*tasks, return_exceptions=True)
        await owner.dispose()


class _Desk:
    """Where one job is done, whatever becomes of the others."""

    def __init__(self, job: Job, shift: Shift) -> None:
        self.job = job
        self.awake = asyncio.Event()
        self._shift = shift
        self._failures = 0

    async def work(self) -> None:
        listening = None
        if self.job.woken_by is not None:
            listening = asyncio.create_task(self._listen(self.job.woken_by))
        try:
            while not self._shift.stop.is_set():
                self.awake.clear()
                await self._do()
        finally:
            if listening is not None:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def _do(self) -> None:
        """Once, and the pause that follows."""
        try:
            sooner = await self.job.run(self._shift)
            pause = self.job.every if sooner is None else min(self.job.every, max(sooner, 0))
        except _AWAY as error:
            log.warning("%s failed, to be tried again: %r", self.job.name, error)
            await self._pause_after_failure()
        except Exception:  # a bug: it shows in the log, and the other jobs go on
            log.exception("%s failed, to be tried again", self.job.name)
            await self._pause_after_failure()
        else:
            self._failures = 0
            await _within(self.awake, pause)

    async def _pause_after_failure(self) -> None:
        # Nothing but the end cuts it short: a job that fails is not to be hurried by every event.
        pause = min(FIRST_PAUSE * 2 ** min(self._failures, 16), self.job.every, LONGEST_PAUSE)
        self._failures += 1
        await _within(self._shift.stop, pause)

    async def _listen(self, channel: str) -> None:
        await keep_listening(
            self._shift.url,
            channel,
            heard=lambda _payload: self.awake.set(),
            listening=self.awake.set,  # whatever was said while nobody listened
        )


async def _within(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
