"""Who waits for events hears of them at once: one connection that listens, for the whole process.

Nothing is kept for anybody: a bell says that there is something to read, and whoever hears it
reads the table from where they are.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self
from uuid import UUID

from persistence.notifications import keep_listening
from persistence.storage import EVENTS_WRITTEN

LOOK_SECONDS = 30.0  # after which everybody looks, rung for or not: credentials expire silently
DEAF_SECONDS = 1.0  # the same while nothing is heard


class _Ear:
    def __init__(self, bell: "EventBell") -> None:
        self._bell = bell
        self.rang = asyncio.Event()

    async def rung(self) -> None:
        with suppress(TimeoutError):
            seconds = LOOK_SECONDS if self._bell.listening else DEAF_SECONDS
            async with asyncio.timeout(seconds):
                await self.rang.wait()
        self.rang.clear()


class EventBell:
    """Implements usecases.following.Bell. As a context manager it hears what is committed.

    `url` is the database's.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._ears: defaultdict[UUID, set[_Ear]] = defaultdict(set)
        self.listening = False

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_exception: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    @contextmanager
    def heard_in(self, organization_id: UUID) -> Iterator[_Ear]:
        ear = _Ear(self)
        self._ears[organization_id].add(ear)
        try:
            yield ear
        finally:
            self._ears[organization_id].discard(ear)
            if not self._ears[organization_id]:
                del self._ears[organization_id]

    def ring(self, organization_id: UUID | None = None) -> None:
        """In one organization, or in all of them."""
        organizations = [*self._ears] if organization_id is None else [organization_id]
        for each in organizations:
            for ear in self._ears.get(each, ()):
                ear.rang.set()

    async def _listen(self) -> None:
        await keep_listening(
            self._url,
            EVENTS_WRITTEN,
            heard=lambda payload: self.ring(UUID(payload)),
            listening=lambda: self._hears(yes=True),
            lost=lambda: self._hears(yes=False),
        )

    def _hears(self, *, yes: bool) -> None:
        self.listening = yes
        self.ring()  # for whatever was said while nobody listened, or to look more often
