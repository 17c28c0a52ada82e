"""Requests that are answered once: what was answered is kept with what was done, for a day.

Use cases of such a request share one transaction, and whatever is asked meanwhile is answered from
inside it, so that the answer tells of exactly what is committed with it (facts S-16 and S-17).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from domain.callers import Caller
from domain.kit.aggregate import Aggregate
from domain.kit.errors import raise_first
from usecases.kit import Done, UseCase, join, no_key
from usecases.network import Network
from usecases.ports import Answer, Storage, UnitOfWork
from usecases.reads import Reads

A = TypeVar("A", bound=Aggregate)


@dataclass(frozen=True, kw_only=True)
class Once:
    """`answer` is what the request was answered before; then nothing is left to be done."""

    answer: Answer | None
    _key: str
    _fingerprint: bytes
    _uow: UnitOfWork
    _network: Network

    @property
    def reads(self) -> Reads:
        return self._uow.reads

    async def run(self, usecase: UseCase[A]) -> Done[A]:
        """As `run` does, but nothing has happened before the answer is kept."""
        return await join(usecase, self._uow, self._network)

    async def keep(self, answer: Answer) -> None:
        """Commit what was done, and with it what the request will be answered from now on."""
        await self._uow.keep_answer(self._key, self._fingerprint, answer)
        await self._uow.commit()


@asynccontextmanager
async def once(key: str, request: str, caller: Caller, storage: Storage) -> AsyncIterator[Once]:
    """One request with this key, of this caller; `request` tells it from others.

    Raises IdempotencyInFlight while another is being answered, and IdempotencyMismatch when the
    key was used for another request. What is not kept has not happened.
    """
    raise_first(no_key(key))
    fingerprint = sha256(request.encode(errors="surrogatepass")).digest()
    async with storage.begin(caller) as uow:
        yield Once(
            answer=await uow.answered(key, fingerprint),
            _key=key,
            _fingerprint=fingerprint,
            _uow=uow,
            _network=storage.network,
        )
