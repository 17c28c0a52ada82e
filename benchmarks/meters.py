"""What things cost that are done again and again: CPU time and statements."""

import logging
from collections.abc import Awaitable, Callable
from statistics import median
from time import process_time
from typing import Any, Final, TypeVar

from domain.kit.aggregate import Aggregate
from domain.users import User
from persistence.storage import SqlStorage
from schema import schema
from schema.kit.session import GraphQLSession
from tests.conftest import World
from usecases.kit import UseCase, run

A = TypeVar("A", bound=Aggregate)

WARM_UP, ROUNDS = 5, 40
FIRST: Final = "CreatePurchaseOrder"


class Meter(logging.Handler):
    """Counts what is sent, whichever way, and times what sends it."""

    def __init__(self) -> None:
        super().__init__()
        self._sent = 0
        self._costs: dict[str, list[tuple[float, int]]] = {}

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - it counts, that is all
        self._sent += 1

    def listen(self, *_arguments: Any) -> None:
        self._sent += 1

    async def of(self, name: str, work: Callable[[], Awaitable[Any]]) -> Any:
        sent, began = self._sent, process_time()
        result = await work()
        cost = (process_time() - began, self._sent - sent)
        self._costs.setdefault(name, []).append(cost)
        return result

    def table(self) -> str:
        taken = {n: median(t for t, _ in costs[WARM_UP:]) for n, costs in self._costs.items()}
        lines = [f"{'':28}{'CPU ms':>8}{'statements':>12}{'ratio':>8}"]
        lines += [
            f"{name:28}{time * 1000:8.2f}{self._costs[name][-1][1]:12}{time / taken[FIRST]:8.2f}"
            for name, time in taken.items()
        ]
        return "\n".join(lines)


class Bench:
    def __init__(self, storage: SqlStorage, world: World, meter: Meter) -> None:
        self._storage, self.world, self._meter = storage, world, meter

    async def do(self, usecase: UseCase[A], by: User | None = None, what: str = "") -> A:
        """By the buyer, unless it is somebody else; `what` tells cases of a use case apart."""
        name = f"{type(usecase).__name__} {what}".rstrip()
        done = await self._meter.of(
            name, lambda: run(usecase, self.world.caller(by), self._storage)
        )
        record: A = done.record
        return record

    async def ask(self, name: str, query: str, **variables: str) -> None:
        async def answer() -> None:
            session = GraphQLSession(self.world.caller(), self._storage)
            result = await schema.execute(query, variables, session)
            await session.end_reads()
            if result.errors:
                raise RuntimeError(result.errors)

        await self._meter.of(name, answer)
