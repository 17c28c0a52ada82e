"""A server that is killed while clients send their requests again: one effect, one answer."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import asyncpg
import httpx
import pytest

from domain.callers import Channel
from persistence.engines import application_engine
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import new_world
from tests.server.gates import issued
from tests.server.test_kills import CLIENTS, KILLS, WRITES, _start


@dataclass
class Senders:
    """Clients that send each request until it is answered, and then once more."""

    key: str
    url: str = ""
    answers: defaultdict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    serving: asyncio.Event = field(default_factory=asyncio.Event)
    progress: asyncio.Event = field(default_factory=asyncio.Event)
    replayed: int = 0
    _numbers: "count[int]" = field(default_factory=count)

    async def send(self) -> None:
        while True:
            name = f"client-{next(self._numbers)}"
            for _ in range(2):
                while not await self._answered(name):
                    pass
            self.progress.set()

    async def _answered(self, name: str) -> bool:
        await self.serving.wait()
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": name}
        body = {"name": name, "email": f"{name}@example.com"}
        try:
            async with httpx.AsyncClient(timeout=30) as client:
                answer = await client.post(f"{self.url}/api/v1/clients", json=body, headers=headers)
        except httpx.TransportError:
            return False
        if answer.status_code == 409:  # its first request is not known to be dead yet
            assert answer.json()["code"] == "idempotency_in_progress"
            return False
        assert answer.status_code == 201, answer.text
        self.replayed += "Idempotency-Replayed" in answer.headers
        self.answers[name].append(answer.content)
        return True

    async def until(self, done: int) -> None:
        async with asyncio.timeout(60):
            while len(self.answers) < done:
                self.progress.clear()
                await self.progress.wait()


async def senders(database: str) -> Senders:
    engine = application_engine(database, pool_size=2)
    storage = SqlStorage(engine)
    held = await issued(storage, await new_world(storage), dialect=Channel.SHRKITY)
    await engine.dispose()
    await make.lift_limits(database)
    return Senders(held.secret or "")


@pytest.mark.timeout(600)
async def test_s16_kills_neither_double_what_is_done_nor_change_the_answer(
    fresh_database: str, tmp_path: Path
) -> None:
    sending = await senders(fresh_database)
    clients = [asyncio.create_task(sending.send()) for _ in range(CLIENTS)]
    for _ in range(max(KILLS // 2, 1)):
        process, sending.url = await asyncio.to_thread(_start, fresh_database, tmp_path)
        sending.serving.set()
        await sending.until(len(sending.answers) + WRITES)
        process.kill()
        sending.serving.clear()
        await asyncio.to_thread(process.communicate)
    for client in clients:
        client.cancel()
    ended = await asyncio.gather(*clients, return_exceptions=True)

    assert {type(each) for each in ended} == {asyncio.CancelledError}
    owner = await asyncpg.connect(fresh_database)
    rows = await owner.fetch("SELECT email, count(*) AS times FROM customers GROUP BY email")
    kept = await owner.fetchval("SELECT count(*) FROM idempotency_records WHERE status = 201")
    await owner.close()
    times = {row["email"].removesuffix("@example.com"): row["times"] for row in rows}
    assert {*times.values()} == {1}
    assert sending.answers.keys() <= times.keys()
    assert kept == len(times)
    assert [name for name, bodies in sending.answers.items() if len({*bodies}) != 1] == []
    assert sending.replayed >= len(sending.answers) - CLIENTS
