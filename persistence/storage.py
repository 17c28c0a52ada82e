"""Transactions: one unit of work for writing, one snapshot for reading."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import TextClause, insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from domain.callers import Caller
from domain.kit.aggregate import Aggregate, Event
from domain.kit.ids import new_id
from persistence import allowances, audit, idempotency, numbering, sandboxes
from persistence import tables as t
from persistence.constraints import as_domain_error
from persistence.mapping import map_domain
from persistence.reads import SqlReads
from persistence.reads.kit import Snapshot, TransactionSnapshot
from persistence.repositories import SqlRepository
from persistence.tables.metadata import plain
from usecases.network import Network
from usecases.organizations import own_organization
from usecases.ports import Answer
from usecases.reads.organizations import OrganizationRow

A = TypeVar("A", bound=Aggregate)

LOCK_TIMEOUT = "10s"
# The channels on which processes hear, with each commit, which organization it concerns.
CALLERS_CHANGED = "backoffice_callers"
EVENTS_WRITTEN = "backoffice_events"
_WHO_MAY_WHAT = {"organization", "user", "role", "api_credential"}
_SETTINGS = (
    "set_config('app.organization', :organization, true),"
    " set_config('lock_timeout', :lock_timeout, true)"
)
_OURS = "hashtextextended('writers of ' || :organization, 0)"
# Writers of an organization do not hinder each other, but wait for one who is to be alone.
_BESIDE_OTHERS = text(f"SELECT {_SETTINGS}, pg_advisory_xact_lock_shared({_OURS})")
_ALONE = text(f"SELECT {_SETTINGS}, pg_advisory_xact_lock({_OURS})")


class ChangedWithoutLock(RuntimeError):
    """A use case changed an aggregate it did not `get` or `add`."""


class SqlUnitOfWork:
    def __init__(self, session: AsyncSession, caller: Caller) -> None:
        self._session = session
        self._claimed: dict[Aggregate, None] = {}  # in order, held strongly until commit
        self.caller = caller
        self.now = datetime.now(UTC)
        self._organization: OrganizationRow | None = None
        self.reads = SqlReads(TransactionSnapshot(session, caller.organization_id))

    async def organization(self) -> OrganizationRow:
        if self._organization is None:
            self._organization = await own_organization(self.reads)
        return self._organization

    def records(self, kind: type[A]) -> SqlRepository[A]:
        return SqlRepository(self._session, kind, self._claimed)

    def keep(self, row: object) -> None:
        self._session.add(row)

    async def next_number(self, series: str, year: int | None = None) -> str:
        return await numbering.take_number(self._session, series, year)

    async def take_allowance(self, month: date, limit: int | None) -> bool:
        return await allowances.take(self._session, month, limit)

    async def next_legacy_id(self, counter: str) -> int:
        return (await numbering.count(self._session, {counter: 1}))[counter]

    async def already_done(self, key: str, fingerprint: bytes) -> UUID | None:
        return await idempotency.claim(self._session, self.caller, key, fingerprint, self.now)

    async def remember(self, key: str, result: UUID) -> None:
        await idempotency.remember(self._session, self.caller, key, result)

    async def answered(self, key: str, fingerprint: bytes) -> Answer | None:
        return await idempotency.answered(self._session, self.caller, key, fingerprint, self.now)

    async def keep_answer(self, key: str, fingerprint: bytes, answer: Answer) -> None:
        await idempotency.keep_answer(
            self._session, self.caller, key, fingerprint, answer, self.now
        )

    async def flush(self) -> None:
        session = self._session
        stray = {e for e in session.dirty if isinstance(e, Aggregate)} - self._claimed.keys()
        if stray:
            raise ChangedWithoutLock(stray)
        await numbering.give_legacy_ids(session, session.new)
        told = {aggregate.id: aggregate for aggregate in self._claimed if aggregate.untold}
        events = [event for aggregate in told.values() for event in aggregate.pull_events()]
        await session.flush()
        self._organization = None
        if not events:
            return
        channels = [EVENTS_WRITTEN]
        if any(event.subject_kind in _WHO_MAY_WHAT for event in events):
            channels.append(CALLERS_CHANGED)
        last = await audit.write(session, events, self.caller, channels)
        await self._announce(events, last, {id: a.version for id, a in told.items()})

    async def _announce(self, events: list[Event], last: int, versions: dict[UUID, int]) -> None:
        rows = [
            {
                "position": position,
                "id": new_id(),
                "subject_kind": event.subject_kind,
                "subject_id": event.subject_id,
                "type": event.action,
                "version": versions[event.subject_id],
                "at": event.at,
                "payload": plain({"changes": event.changes, "details": event.details}),
            }
            for position, event in enumerate(events, start=last - len(events) + 1)
        ]
        await self._session.execute(insert(t.outbox_events), rows)

    async def wipe(self) -> None:
        """Delete what an organization has, except what stays in sandboxes: the owner may do so.

        What follows is done as the application again.
        """
        await sandboxes.wipe(self._session, self.caller.organization_id)

    async def commit(self) -> None:
        await self._session.commit()


class SqlStorage:
    """What the rest of the system keeps its records in, and the network that it may reach."""

    def __init__(self, engine: AsyncEngine, network: Network | None = None) -> None:
        map_domain()
        self.network = network or Network()
        self._engine = engine
        self._sessions = async_sessionmaker(engine, expire_on_commit=False, autoflush=False)

    def begin(self, caller: Caller) -> AbstractAsyncContextManager[SqlUnitOfWork]:
        """Raises the domain error behind whatever the database refuses."""
        return self._begin(caller, _BESIDE_OTHERS)

    def alone(self, caller: Caller) -> AbstractAsyncContextManager[SqlUnitOfWork]:
        """The same, alone in the organization: it waits for other writers, and they for it."""
        return self._begin(caller, _ALONE)

    @asynccontextmanager
    async def _begin(self, caller: Caller, statement: TextClause) -> AsyncIterator[SqlUnitOfWork]:
        async with self._sessions() as session:
            try:
                enter = {"organization": str(caller.organization_id), "lock_timeout": LOCK_TIMEOUT}
                await session.execute(statement, enter)
                yield SqlUnitOfWork(session, caller)
            except DBAPIError as error:
                if (fact := as_domain_error(error)) is None:
                    raise
                raise fact from error

    def reads(self, caller: Caller) -> SqlReads:
        return SqlReads(Snapshot(self._engine, caller.organization_id))
