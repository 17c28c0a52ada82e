"""Whom a secret belongs to: looked up once, then known to this process for a while.

A change of organizations, users, roles or credentials is heard of at once and forgets what is
known. While that connection is down, nothing is believed for longer than `TRUSTED` seconds.
"""

import asyncio
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterable
from hmac import compare_digest
from typing import Any, NamedTuple, Self, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from domain.api_credentials import FORMS, hashed
from domain.callers import Channel
from domain.kit.errors import Unauthenticated
from persistence.credentials import KnownCredential, find
from persistence.notifications import keep_listening
from persistence.storage import CALLERS_CHANGED

log = logging.getLogger(__name__)

TRUSTED = 60.0  # seconds for which a look-up is believed
DOUBTED = 5.0  # and one that found nothing
MOST_KNOWN = 10_000
MOST_UNKNOWN = 10_000  # apart, so that guesses never crowd out who is known

Clock = Callable[[], float]
T = TypeVar("T")


def _pattern(forms: Iterable[str]) -> re.Pattern[str]:
    patterns = [
        re.escape(form)
        .replace(r"\{secret\}", "[A-Za-z0-9]{40}")
        .replace(r"\{number\}", "[0-9]{1,19}")
        for form in dict.fromkeys(forms)
    ]
    return re.compile("|".join(patterns))


# What is not of the form of its API is not looked up (fact S-3); GraphQL takes them all.
WELL_FORMED = {channel: _pattern([form]) for channel, form in FORMS.items()} | {
    Channel.GRAPHQL: _pattern(FORMS.values())
}


class _Believed(NamedTuple):
    known: KnownCredential | None
    since: float


class _Memory:
    """The look-ups of the last while, at most `most` of them; the oldest go first."""

    def __init__(self, most: int, seconds: float, clock: Clock) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._entries: OrderedDict[bytes, _Believed] = OrderedDict()

    def get(self, digest: bytes) -> _Believed | None:
        found = self._entries.get(digest)
        # A clock that was set back makes nothing last longer.
        if found is not None and not 0 <= self._clock() - found.since < self._seconds:
            del self._entries[digest]
            return None
        return found

    def put(self, digest: bytes, known: KnownCredential | None) -> None:
        self._entries[digest] = _Believed(known, self._clock())
        self._entries.move_to_end(digest)
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)

    def forget(self, organization_id: UUID | None = None) -> None:
        """Everything, or what belongs to one organization."""
        if organization_id is None:
            self._entries.clear()
            return
        gone = [
            digest
            for digest, (known, _) in self._entries.items()
            if known is None or known.organization_id == organization_id
        ]
        for digest in gone:
            del self._entries[digest]


class Authenticator:
    """`url` is where it listens for changes; as a context manager it does.

    `forgot` is told of which organization nothing is known any more; None is all of them.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        url: str,
        *,
        clock: Clock = time.time,
        forgot: Callable[[UUID | None], object] = lambda _: None,
    ) -> None:
        self._engine, self._url, self._clock, self._forgot = engine, url, clock, forgot
        self._known = _Memory(MOST_KNOWN, TRUSTED, clock)
        self._unknown = _Memory(MOST_UNKNOWN, DOUBTED, clock)
        self._asked: dict[bytes, asyncio.Task[KnownCredential | None]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._changes = 0
        self.listening = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._start(self._listen())
        return self

    async def __aexit__(self, *_exception: object) -> None:
        tasks = [*self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def credential(self, secret: str | None, channel: Channel) -> KnownCredential:
        """The credential that this secret is, if it is for the channel; or Unauthenticated.

        Whether it still works is for the gate to see: that changes by itself.
        """
        known = None
        if secret is not None and WELL_FORMED[channel].fullmatch(secret):
            known = await self._find(hashed(secret))
        if known is None or channel not in {known.channel, Channel.GRAPHQL}:
            raise Unauthenticated("a valid credential is needed")
        return known

    async def _find(self, digest: bytes) -> KnownCredential | None:
        believed = self._known.get(digest) or self._unknown.get(digest)
        if believed is not None:
            return believed.known
        task = self._asked.get(digest)
        if task is None:
            # One look-up for everybody who asks meanwhile, whoever of them goes away.
            task = self._asked[digest] = self._start(self._look_up(digest, self._changes))
        return await asyncio.shield(task)

    async def _look_up(self, digest: bytes, changes: int) -> KnownCredential | None:
        try:
            known = await find(self._engine, digest)
        finally:
            if changes == self._changes:
                del self._asked[digest]
        if known is not None and not compare_digest(known.secret_hash, digest):
            known = None
        # What changed meanwhile may have changed this: good for now, but not to be kept.
        if changes == self._changes:
            (self._unknown if known is None else self._known).put(digest, known)
        return known

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """A task that is held until it is done."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def forget(self, organization_id: UUID | None = None) -> None:
        """Look everything up anew, or what belongs to one organization."""
        self._changes += 1
        self._known.forget(organization_id)
        self._unknown.forget(organization_id)
        self._asked.clear()
        self._forgot(organization_id)

    async def _listen(self) -> None:
        await keep_listening(
            self._url,
            CALLERS_CHANGED,
            heard=lambda payload: self.forget(UUID(payload)),
            listening=self._hears,
            lost=self._hears_no_more,
        )

    def _hears(self) -> None:
        self.forget()  # whatever was said while nobody listened
        self.listening.set()

    def _hears_no_more(self) -> None:
        if self.listening.is_set():
            log.warning("lost the connection that tells of changed credentials: reconnecting")
        self.listening.clear()
