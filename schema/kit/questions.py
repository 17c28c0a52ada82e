"""Questions: whoever asks for a key, the snapshot is asked once for all that is wanted by then."""

from asyncio import Lock, sleep
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiodataloader import DataLoader

Ask = Callable[..., Coroutine[Any, Any, Mapping[Any, Any]]]  # (keys, **arguments) -> answers

# How often the event loop goes round without a new key until nobody is on the way to one.
QUIET_ROUNDS = 5


class Turns:
    """The questions of a snapshot ask one after the other, each when nothing more comes in.

    What a statement finds sets fields going that reach their own questions some rounds of the
    event loop later. Waiting for them makes the number of statements depend on the query alone,
    never on timing.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._came = 0

    def came(self) -> None:
        self._came += 1

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        async with self._lock:
            quiet, came = 0, self._came
            while quiet < QUIET_ROUNDS:
                await sleep(0)
                quiet = quiet + 1 if came == self._came else 0
                came = self._came
            yield


class Question:
    """One read with its arguments, during one snapshot: nothing is asked twice."""

    def __init__(self, ask: Ask, turns: Turns) -> None:
        self._ask = ask
        self._turns = turns
        self._known: dict[Any, Any] = {}
        self._wanted: dict[Any, None] = {}
        self._loader: DataLoader[Any, Any] = DataLoader(batch_load_fn=self._aligned)

    async def many(self, keys: Iterable[Any]) -> Mapping[Any, Any]:
        unknown = [key for key in dict.fromkeys(keys) if key not in self._known]
        if unknown:
            found = await self._ask(unknown)
            if len(found) > len(unknown):
                raise RuntimeError(f"{self._ask} answered more than it was asked")
            self._known |= {key: found.get(key) for key in unknown}
        return self._known

    async def one(self, key: Any) -> Any:
        self._turns.came()
        return await self._loader.load(key)

    async def _aligned(self, keys: list[Any]) -> list[Any]:
        self._wanted |= dict.fromkeys(keys)
        async with self._turns.taken():
            wanted, self._wanted = [*keys, *self._wanted], {}
            known = await self.many(wanted)
        return [known[key] for key in keys]
