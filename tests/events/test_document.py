"""docs/events.md is run: its clients, against a server, and what it says in numbers."""

import asyncio
import json
import os
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from graphql import parse, validate

from domain.webhook_endpoints.events import EVENTS
from persistence.storage import SqlStorage
from schema import schema
from server.event_streams import KEEP_ALIVE_SECONDS
from server.operations import LARGEST_BODY
from server.sockets import INIT_SECONDS, MOST_OPERATIONS
from server.streams import MOST_STREAMS
from tests import make
from tests.conftest import World, keep
from tests.events.conftest import PATIENCE, key, latest, rename
from tests.readme.documents import PROJECT, blocks
from tests.servers import Live

TEXT = (PROJECT / "docs" / "events.md").read_text()
PROGRAMS = {block.note: block.text for block in blocks(TEXT) if block.kind == "python"}


@asynccontextmanager
async def running(program: str, live: Live, token: str, **files: Path) -> AsyncIterator[Process]:
    """One of the clients, killed at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAMS[program],
        stdout=PIPE,
        env={
            **{name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
            "GRAPHQL_URL": live.graphql,
            "TOKEN": token,
            **{name: str(path) for name, path in files.items()},
        },
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line(process: Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        return (await process.stdout.readline()).decode().strip()


@pytest.mark.parametrize("program", ["socket", "stream"])
async def test_the_clients_go_on_where_they_were_killed(
    live: Live, storage: SqlStorage, world: World, tmp_path: Path, program: str
) -> None:
    token = (await key(storage, live, world)).secret
    assert token is not None
    suppliers = [make.supplier() for _ in range(6)]
    kept = tmp_path / "cursor"
    kept.write_text(await latest(live, token))
    expected = [f"supplier.created sup_{supplier.id.hex}" for supplier in suppliers]
    heard: list[str] = []

    for supplier in suppliers:
        async with running(program, live, token, CURSOR_FILE=kept) as client:
            await keep(storage, world.caller(), supplier)
            heard.append(await line(client))
            async with asyncio.timeout(PATIENCE):
                newest = await latest(live, token)
                while kept.read_text() != newest:
                    newest = await latest(live, token)

    assert heard == expected


@pytest.mark.parametrize("program", ["socket", "stream"])
async def test_the_clients_stop_when_they_are_not_let_in(
    live: Live, tmp_path: Path, program: str
) -> None:
    async with running(program, live, "nope", CURSOR_FILE=tmp_path / "cursor") as client:
        async with asyncio.timeout(PATIENCE):
            code = await client.wait()

    assert code == 1


async def test_the_copy_follows_what_happens(
    live: Live, storage: SqlStorage, world: World, tmp_path: Path
) -> None:
    token = (await key(storage, live, world)).secret
    assert token is not None
    kept = tmp_path / "copy.json"
    added = make.supplier(name="Added")
    names: list[set[str]] = []

    for step in range(3):
        if step == 1:
            await keep(storage, world.caller(), added)
        if step == 2:
            await rename(storage, world, added, "Renamed")
        async with running("copy", live, token, COPY_FILE=kept) as program:
            said = await line(program)
            assert await program.wait() == 0
        copy = json.loads(kept.read_text())
        names.append({*copy["suppliers"].values()})
        assert said == f"{len(copy['suppliers'])} suppliers"
        assert copy["after"] == await latest(live, token)

    first = world.supplier.name
    assert names == [{first}, {first, "Added"}, {first, "Renamed"}]


def test_its_operations_fit_the_schema() -> None:
    operations = [block.text for block in blocks(TEXT) if block.kind == "graphql"]

    assert len(operations) == 2
    assert [validate(schema._schema, parse(each)) for each in operations] == [[], []]


def test_its_numbers_are_those_of_the_code() -> None:
    said = " ".join(TEXT.split())

    assert f"within {INIT_SECONDS:.0f} seconds" in said
    assert f"larger than {LARGEST_BODY // 1024**2} MiB" in said
    assert f"a comment every {KEEP_ALIVE_SECONDS:.0f} seconds" in said
    assert f"may have {MOST_STREAMS} streams" in said
    assert f"a connection {MOST_OPERATIONS} operations" in said


def test_what_it_says_to_happen_does() -> None:
    told = {
        kind: {*re.findall(r"`(\w+)`", past)}
        for kind, past in re.findall(r"^\| `(\w+)` \| (`.+) \|$", TEXT, re.MULTILINE)
    }

    assert len(told) == 10
    assert {kind: {*EVENTS[kind]} - {"created", "updated"} for kind in told} == told


def test_it_knows_every_code_with_which_a_connection_is_closed() -> None:
    source = (PROJECT / "server" / "sockets.py").read_text()

    used = {*re.findall(r"(?:Closing|close)\((\d{4}),", source)} | {"1009"}
    assert {*re.findall(r"^\| (\d{4}) \|", TEXT, re.MULTILINE)} == used
