"""The streams of this process: each credential may have so many, and all end when it does."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from domain.callers import Caller
from domain.kit.errors import RateLimited

STREAMS = "streams"  # where an application's state holds them, for whoever ends the server
MOST_STREAMS = 100
END_SECONDS = 2.0  # for whoever reads their last words


class Streams:
    """Event streams and sockets that are open. `ending` is set once no new ones are wanted."""

    def __init__(self) -> None:
        self.ending = asyncio.Event()
        self._open: Counter[UUID | None] = Counter()
        self._nothing_open = asyncio.Event()
        self._nothing_open.set()

    def count(self) -> int:
        """How many are open."""
        return self._open.total()

    @contextmanager
    def opened(self, caller: Caller) -> Iterator[None]:
        """One more of the caller's credential; or RateLimited."""
        key = caller.credential_id
        if self._open[key] >= MOST_STREAMS:
            raise RateLimited(
                "at most {most} streams of a credential may be open", most=MOST_STREAMS
            )
        with self.counted(key):
            yield

    @contextmanager
    def counted(self, key: UUID | None = None) -> Iterator[None]:
        """Something to wait for at the end."""
        self._open[key] += 1
        self._nothing_open.clear()
        try:
            yield
        finally:
            self._open[key] -= 1
            self._open += Counter()  # forgets what is not there any more
            if not self._open:
                self._nothing_open.set()

    async def end(self) -> None:
        """Say so to all of them, and wait until they have told their readers."""
        self.ending.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(END_SECONDS):
                await self._nothing_open.wait()
