"""Sandboxes go back to what they were at 00:00 UTC, or as soon as a worker runs again."""

import logging
from datetime import UTC, datetime, time, timedelta

from domain.kit.errors import Busy
from persistence.sandboxes import due
from server.jobs import Job, Shift
from server.sandboxes import reset

log = logging.getLogger(__name__)

RETRY = 60.0  # seconds until a sandbox that could not be reset is tried again


async def run(shift: Shift) -> float:
    failed = False
    for sandbox in await due(shift.owner, shift.now().astimezone(UTC).date()):
        if shift.stop.is_set():
            break
        try:
            if await reset(shift.owner, sandbox.id, shift.now()):
                log.info("reset the sandbox %s", sandbox.name)
        except Busy:  # with somebody's changes, or another worker's reset
            failed = True
            log.info("the sandbox %s is busy: it is reset a little later", sandbox.name)
        except Exception:  # the others are reset all the same
            failed = True
            log.exception("could not reset the sandbox %s", sandbox.name)
    return RETRY if failed else _until_midnight(shift.now().astimezone(UTC))


def _until_midnight(now: datetime) -> float:
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
    return (tomorrow - now).total_seconds()


SANDBOXES = Job(name="sandboxes", every=3600, run=run)
