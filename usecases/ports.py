"""What use cases need from the world outside; `persistence` gives it."""

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

from domain.callers import Caller
from domain.kit.aggregate import Aggregate
from domain.kit.errors import Path
from usecases.network import Network
from usecases.reads import Reads
from usecases.reads.organizations import OrganizationRow

A = TypeVar("A", bound=Aggregate)
Parts = tuple[str, ...] | None  # those of an aggregate that are loaded with it; None: all


class Repository(Protocol[A]):
    """The aggregates of one kind, of the caller's organization."""

    async def get(
        self, id: UUID, *, expected: int | None = None, parts: Parts = None, path: Path = ("id",)
    ) -> A:
        """The whole aggregate, its row locked until commit.

        Of its parts, those that are named, where some are: who touches another one, raises.
        Raises NotFound at `path`, and VersionConflict when it is not at version `expected`.
        """

    async def get_many(self, ids: Collection[UUID], *, parts: Parts = None) -> list[A]:
        """Those of them that there are, locked one after the other in the order of their ids."""

    def add(self, aggregate: A) -> None: ...

    async def remove(self, aggregate: A) -> None:
        """Delete a locked aggregate; its audit trail stays."""


class Answer(NamedTuple):
    """What a request was answered, to the byte."""

    status: int
    body: bytes


class UnitOfWork(Protocol):
    """One transaction of one caller. Whatever it touched is audited and announced on flush."""

    @property
    def caller(self) -> Caller: ...

    @property
    def now(self) -> datetime: ...

    @property
    def reads(self) -> Reads:
        """The usual questions, answered from inside the transaction."""

    async def organization(self) -> OrganizationRow:
        """The caller's, read once: a use case goes by one and the same, until it flushes."""

    def records(self, kind: type[A]) -> Repository[A]: ...

    def keep(self, row: object) -> None:
        """Add a row of a journal, which is only ever appended to and never loaded."""

    async def next_number(self, series: str, year: int | None = None) -> str:
        """The next document number of the year: PO-2026-0043, without gaps (fact W-32).

        Without a year, of a series that goes on and on: INV-001088 (fact W-62).
        It locks the series until the end of the transaction: take it last.
        """

    async def take_allowance(self, month: date, limit: int | None) -> bool:
        """Count one more service order of a month; False when it has as many as it may.

        `month` is its first day. Without a limit it is only counted. It locks the month until the
        end of the transaction: take it last, before the number.
        """

    async def next_legacy_id(self, counter: str) -> int:
        """The next id that an old client will know a record by."""

    async def already_done(self, key: str, fingerprint: bytes) -> UUID | None:
        """Claim an idempotency key, waiting for another holder of it.

        Returns the id of what the key's request changed when it was done before.
        Raises IdempotencyMismatch when it was done with another fingerprint.
        """

    async def remember(self, key: str, result: UUID) -> None:
        """What a claimed key did, kept with the transaction."""

    async def answered(self, key: str, fingerprint: bytes) -> Answer | None:
        """Claim an idempotency key whose request's answer is kept, without waiting for anybody.

        Returns what it was answered before. Raises IdempotencyInFlight while another request
        holds the key, and IdempotencyMismatch when it was used with another fingerprint.
        """

    async def keep_answer(self, key: str, fingerprint: bytes, answer: Answer) -> None:
        """What a claimed key's request is answered, kept with the transaction."""

    async def flush(self) -> None:
        """Write everything, with its audit entries and outbox events, still undecided."""

    async def commit(self) -> None: ...


class Storage(Protocol):
    @property
    def network(self) -> Network:
        """What use cases may ask the outside for, before they begin."""

    def begin(self, caller: Caller) -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction that is rolled back unless it is committed."""

    def reads(self, caller: Caller) -> Reads:
        """A snapshot that costs nothing until the first question."""
