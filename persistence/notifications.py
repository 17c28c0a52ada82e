"""Hearing at once of what other processes have committed: PostgreSQL's LISTEN."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import asyncpg

from persistence.engines import APPLICATION_ROLE

log = logging.getLogger(__name__)

CONNECT_SECONDS = 10
RECONNECT_SECONDS = (0.0, 0.5, 1.0, 2.0, 5.0)
# A connection can be dead without either side knowing: only a question shows it. The driver
# fails on an empty one.
PING = "SELECT 1"
PING_SECONDS = 30.0
_LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


async def keep_listening(
    url: str,
    channel: str,
    *,
    heard: Callable[[str], object],
    listening: Callable[[], object],
    lost: Callable[[], object] = lambda: None,
) -> None:
    """`listen` until it is cancelled, connecting again whenever the connection is lost.

    `listening` is called each time, and then `lost`: what is said between the two is not heard.
    """
    tries = 0

    def connected() -> None:
        nonlocal tries
        tries = 0
        listening()

    while True:
        try:
            await listen(url, channel, heard=heard, listening=connected)
        except Exception:  # a bug in what is called: others have to be heard all the same
            log.exception("listening to %s failed", channel)
        lost()
        await asyncio.sleep(RECONNECT_SECONDS[min(tries, len(RECONNECT_SECONDS) - 1)])
        tries += 1


async def listen(
    url: str,
    channel: str,
    *,
    heard: Callable[[str], object],
    listening: Callable[[], object],
    ping_seconds: float = PING_SECONDS,
) -> None:
    """Call `listening` once every payload will reach `heard`; return when the connection is lost.

    It takes a connection of its own, beside the application's.
    """
    lost = asyncio.Event()
    try:
        connection = await asyncpg.connect(
            url,
            timeout=CONNECT_SECONDS,
            server_settings={"role": APPLICATION_ROLE, "application_name": "backoffice-listener"},
        )
    except _LOST:
        return
    try:
        connection.add_termination_listener(lambda _connection: lost.set())

        def hear(_connection: Any, _pid: int, _channel: str, payload: object) -> None:
            heard(str(payload))

        await connection.add_listener(channel, hear)
        listening()
        while not await _within(lost, ping_seconds):
            await connection.execute(PING, timeout=CONNECT_SECONDS)
    except _LOST:
        return
    finally:
        connection.terminate()


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
