"""What a field may reach: ask a `question` of the snapshot, `attempt` a use case."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from domain.callers import Caller
from domain.kit.aggregate import Aggregate
from domain.kit.errors import BudgetExceeded, DomainError, VersionConflict
from schema.kit.errors import Outcome, UserError
from schema.kit.questions import Ask, Question, Turns
from usecases.following import Follower
from usecases.kit import UseCase, rehearse, run
from usecases.ports import Storage
from usecases.reads import Reads

A = TypeVar("A", bound=Aggregate)
_SHOWN = (VersionConflict, BudgetExceeded)  # what somebody else did, `budgetImpact`


class GraphQLSession:
    """Lives for one operation. Reads share one snapshot until something is written.

    With a `follower` it is one that can subscribe.
    """

    def __init__(self, caller: Caller, storage: Storage, follower: Follower | None = None) -> None:
        self.caller = caller
        self.follower = follower
        self._storage = storage
        self._rehearsal = AsyncExitStack()
        self._read_from(storage.reads(caller))

    def _read_from(self, reads: Reads) -> None:
        self._read = reads
        self._questions: dict[object, Question] = {}
        self._turns = Turns()

    async def end_reads(self) -> None:
        """Give back the connection; what a dry run did is undone with it."""
        await self._read.close()
        await self._rehearsal.aclose()

    def question(self, load: Callable[[Reads], Ask], arguments: Mapping[str, Any]) -> Question:
        """One per read and arguments, whichever fields ask: equal bound methods are one key."""
        ask = load(self._read)
        key = (ask, tuple(arguments.items()))
        if key not in self._questions:
            asked = partial(ask, **arguments) if arguments else ask
            self._questions[key] = Question(asked, self._turns)
        return self._questions[key]

    async def attempt(
        self,
        prepare: Callable[[], UseCase[A]],
        *,
        dry_run: bool,
        idempotency_key: str | None,
        subject: UUID | None = None,
    ) -> Outcome:
        """Run a use case; what the user got wrong comes back as data.

        Reads end first: a request never holds two connections, and whatever is read next sees
        what was just written. After a dry run it sees what would have been written.
        `subject` is the record to show when it takes a look at it to understand the refusal.
        """
        await self.end_reads()
        self._read_from(self._storage.reads(self.caller))
        try:
            usecase = prepare()
            if dry_run:
                self._rehearsal = AsyncExitStack()
                going_on = rehearse(usecase, self.caller, self._storage)
                done, reads = await self._rehearsal.enter_async_context(going_on)
                self._read_from(reads)
            else:
                done = await run(
                    usecase, self.caller, self._storage, idempotency_key=idempotency_key
                )
        except DomainError as error:
            errors = [UserError.of(problem, self.caller) for problem in error.problems]
            return Outcome(id=subject if isinstance(error, _SHOWN) else None, errors=errors)
        return Outcome(id=done.id, record=done.record)
