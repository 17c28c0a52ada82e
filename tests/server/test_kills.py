"""A server that is killed again and again while it works: nothing that it acknowledged is lost.

KILLS in the environment says how often: 30 times takes some minutes.
"""

import asyncio
import os
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from domain.callers import Channel
from persistence import audit
from persistence.engines import application_engine, owner_engine
from persistence.storage import SqlStorage
from schema.kit.ids import to_public
from tests import make
from tests.conftest import World, new_world
from tests.webhooks.receivers import Received, Receiver, receiving
from usecases.api_credentials import CreateApiCredential
from usecases.kit import run
from usecases.network import Network
from usecases.webhook_endpoints import CreateWebhookEndpoint

KILLS = int(os.environ.get("KILLS", "8"))
CLIENTS = 4
WRITES = 5  # that each server acknowledges before it is killed
SERVER = [sys.executable, "-m", "server.cli", "serve"]

CREATE = """mutation ($supplier: ID!, $department: ID!) { purchaseOrderCreate(input: {
  supplierId: $supplier, departmentId: $department,
  lines: [{description: "Paper", quantity: "1", unitPrice: "10"}]}) {
    errors { message } purchaseOrder { id } } }"""
MOVE = """mutation ($id: ID!) { MUTATION(input: {id: $id}) {
  errors { message } purchaseOrder { id } } }"""
MOVES = {"purchaseOrderSubmit": "submitted", "purchaseOrderCancel": "cancelled"}


@dataclass
class Stream:
    """Clients that go on whatever becomes of the server, and what it acknowledged."""

    world: World
    token: str
    url: str = ""
    acknowledged: list[tuple[str, str]] = field(default_factory=list)  # order, what happened to it
    serving: asyncio.Event = field(default_factory=asyncio.Event)
    progress: asyncio.Event = field(default_factory=asyncio.Event)

    async def flow(self) -> None:
        parties = {
            "supplier": to_public("sup", self.world.supplier.id),
            "department": to_public("dep", self.world.department.id),
        }
        while True:
            id = await self._write("purchaseOrderCreate", CREATE, parties, "created")
            for mutation, past in MOVES.items():
                if id is not None:
                    document = MOVE.replace("MUTATION", mutation)
                    id = await self._write(mutation, document, {"id": id}, past)

    async def _write(
        self, mutation: str, document: str, variables: dict[str, Any], past: str
    ) -> str | None:
        """The order's id; None when the server was gone before it answered."""
        await self.serving.wait()
        try:
            async with httpx.AsyncClient(timeout=30) as client:
                answer = await client.post(
                    f"{self.url}/graphql",
                    json={"query": document, "variables": variables},
                    headers={"Authorization": f"Bearer {self.token}"},
                )
        except httpx.TransportError:
            return None
        payload = answer.json()["data"][mutation]
        assert payload["errors"] == []
        id: str = payload["purchaseOrder"]["id"]
        self.acknowledged.append((id, past))
        self.progress.set()
        return id

    async def until(self, writes: int) -> None:
        async with asyncio.timeout(60):
            while len(self.acknowledged) < writes:
                self.progress.clear()
                await self.progress.wait()


def _start(database: str, data_dir: Path) -> tuple["subprocess.Popen[str]", str]:
    environment = {"DATABASE_URL": database, "DATA_DIR": str(data_dir), "PORT": "0"}
    with (data_dir / "server.log").open("a") as log:
        process = subprocess.Popen(  # noqa: S603 - ourselves
            SERVER,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=os.environ | environment | {"WEBHOOKS_ALLOW_PRIVATE": "true"},
        )
    assert process.stdout is not None
    found = (re.search(r"http://127.0.0.1:\d+", line) for line in process.stdout)
    return process, next(address[0] for address in found if address)


async def set_up(database: str, receiver: Receiver) -> Stream:
    engine = application_engine(database, pool_size=2)
    storage = SqlStorage(engine, Network(private=True))
    world = await new_world(storage)
    admin = CreateApiCredential(user_id=world.buyer.id, name="tests", dialect=Channel.GRAPHQL)
    issued = (await run(admin, world.caller(), storage)).record
    hook = CreateWebhookEndpoint(name="Test", url=receiver.url, events=["purchase_order.*"])
    await run(hook, world.caller(), storage)
    await engine.dispose()
    await make.lift_limits(database)
    assert issued is not None
    assert issued.secret is not None
    return Stream(world, issued.secret)


async def killed_again_and_again(stream: Stream, database: str, data_dir: Path) -> Any:
    """The server that is left at the end."""
    for kill in range(KILLS + 1):
        process, stream.url = await asyncio.to_thread(_start, database, data_dir)
        stream.serving.set()
        await stream.until(len(stream.acknowledged) + WRITES)
        if kill < KILLS:
            process.kill()
            stream.serving.clear()
            await asyncio.to_thread(process.communicate)
    return process


@pytest.mark.timeout(600)
async def test_nothing_acknowledged_is_lost_and_everything_is_delivered(
    fresh_database: str, tmp_path: Path
) -> None:
    tried: defaultdict[str, int] = defaultdict(int)

    def half_the_time(_receiver: Receiver, received: Received) -> int:
        tried[received.headers["webhook-id"]] += 1
        return 500 if tried[received.headers["webhook-id"]] % 2 else 200

    async with receiving(half_the_time) as receiver:
        stream = await set_up(fresh_database, receiver)
        clients = [asyncio.create_task(stream.flow()) for _ in range(CLIENTS)]
        owner = await asyncpg.connect(fresh_database)
        server = await killed_again_and_again(stream, fresh_database, tmp_path)
        try:
            for client in clients:
                client.cancel()
            ended = await asyncio.gather(*clients, return_exceptions=True)
            assert {type(each) for each in ended} == {asyncio.CancelledError}
            written = await events(owner)
            await receiver.until(
                lambda: {*written} <= {each.headers["webhook-id"] for each in receiver.accepted},
                seconds=120,
            )
        finally:
            server.terminate()
            await asyncio.to_thread(server.communicate)

    assert {*stream.acknowledged} <= {(id, past) for id, past, _ in written.values()}
    assert in_order(receiver)
    engine = owner_engine(fresh_database)
    async with engine.connect() as connection:
        entries, broken = await audit.verify(connection)
    await engine.dispose()
    assert entries >= len(written)
    assert broken == []
    await owner.close()


async def events(owner: asyncpg.Connection) -> dict[str, tuple[str, str, int]]:
    """What happened to orders, by the event's public id: to which, what, and its position."""
    rows = await owner.fetch(
        "SELECT id, subject_id, type, position FROM outbox_events"
        " WHERE subject_kind = 'purchase_order'"
    )
    return {
        to_public("evt", row["id"]): (
            to_public("po", row["subject_id"]),
            row["type"].partition(".")[2],
            row["position"],
        )
        for row in rows
    }


def in_order(receiver: Receiver) -> bool:
    """Whether no event of a subject was accepted after a later one."""
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for each in receiver.accepted:
        message = each.message
        positions[message["data"]["id"]].append(message["position"])
    return all(each == sorted(each) for each in positions.values())
