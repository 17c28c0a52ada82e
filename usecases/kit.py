"""A use case is a frozen dataclass: its fields are the input, `execute` is the story.

Its docstring and the descriptions in its annotations are what front-end developers read.
"""

import re
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields, is_dataclass
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Generic, NamedTuple, TypeVar
from uuid import UUID

from domain.callers import Caller, Permission
from domain.kit import checks
from domain.kit.aggregate import Aggregate
from domain.kit.errors import Path, RuleBroken, raise_first
from usecases.network import Network
from usecases.ports import Storage, UnitOfWork
from usecases.reads import Reads

A = TypeVar("A", bound=Aggregate)

ExpectedVersion = Annotated[
    int | None, "The version you last read; refused with VERSION_CONFLICT when it has moved on."
]


@dataclass(frozen=True, kw_only=True)
class UseCase(ABC, Generic[A]):
    requires: ClassVar[Permission]

    async def check_outside(self, network: Network) -> None:
        """Raise what the network has against it: asked before a transaction holds anything."""

    @abstractmethod
    async def execute(self, uow: UnitOfWork) -> A: ...


class Done(NamedTuple, Generic[A]):
    """`record` is None when an idempotency key found the work already done."""

    id: UUID
    record: A | None


async def run(
    usecase: UseCase[A], caller: Caller, storage: Storage, *, idempotency_key: str | None = None
) -> Done[A]:
    """The only way to change anything: allowed, atomic, audited, announced, done once.

    Raises a DomainError, and then nothing has happened.
    """
    async with _begun(usecase, caller, storage) as uow:
        done = await _perform(usecase, uow, idempotency_key)
        await uow.commit()
    return done


@asynccontextmanager
async def rehearse(
    usecase: UseCase[A], caller: Caller, storage: Storage
) -> AsyncIterator[tuple[Done[A], Reads]]:
    """The same as `run`, rolled back at the end; until then the reads see what it did."""
    async with _begun(usecase, caller, storage) as uow:
        yield await _perform(usecase, uow, None), uow.reads


@asynccontextmanager
async def _begun(
    usecase: UseCase[A], caller: Caller, storage: Storage
) -> AsyncIterator[UnitOfWork]:
    await _check(usecase, caller, storage.network)
    async with storage.begin(caller) as uow:
        yield uow


async def join(usecase: UseCase[A], uow: UnitOfWork, network: Network) -> Done[A]:
    """As `run` does, within a transaction that somebody else ends."""
    await _check(usecase, uow.caller, network)
    return await _perform(usecase, uow, None)


async def _check(usecase: UseCase[A], caller: Caller, network: Network) -> None:
    caller.require(usecase.requires)
    raise_first(unstorable(usecase))
    await usecase.check_outside(network)


async def _perform(usecase: UseCase[A], uow: UnitOfWork, key: str | None) -> Done[A]:
    if key is not None:
        raise_first(no_key(key))
        fingerprint = sha256(repr(usecase).encode()).digest()
        if (done := await uow.already_done(key, fingerprint)) is not None:
            return Done(done, None)
    record = await usecase.execute(uow)
    await uow.flush()
    if key is not None:
        await uow.remember(key, record.id)
    return Done(record.id, record)


def no_key(text: str) -> list[RuleBroken]:
    """What is wrong with an idempotency key."""
    path: Path = ("idempotency_key",)
    found = checks.found(checks.text(text, path, most=255, required=True))
    return found or unstorable(text, path)


def unstorable(value: Any, path: Path = ()) -> list[RuleBroken]:
    """Strings anywhere in `value` that PostgreSQL cannot keep: NUL, and lone surrogates."""
    broken: list[RuleBroken] = []
    # No recursion, and paths only where they are wanted: input may be as nested as it likes.
    waiting: deque[tuple[Any, _Place | None]] = deque([(value, None)])
    while waiting:
        value, place = waiting.popleft()
        parts: Iterable[tuple[str | int, Any]] = ()
        if isinstance(value, str):
            if _UNSTORABLE.search(value):
                where = (*path, *_path_to(place))
                broken.append(RuleBroken("this holds characters that cannot be stored", path=where))
        elif is_dataclass(value) and not isinstance(value, type):
            parts = ((f.name, getattr(value, f.name)) for f in fields(value))
        elif isinstance(value, dict):
            parts = value.items()
            waiting.extend((name, place) for name in value if isinstance(name, str))
        elif isinstance(value, list | tuple):
            parts = enumerate(value)
        waiting.extend(
            (part, _Place(name, place))
            for name, part in parts
            if part is not None and not isinstance(part, int | float)
        )
    return broken


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class _Place(NamedTuple):
    name: str | int
    within: "_Place | None"


def _path_to(place: _Place | None) -> Path:
    path: list[str | int] = []
    while place is not None:
        path.append(place.name)
        place = place.within
    return tuple(reversed(path))
