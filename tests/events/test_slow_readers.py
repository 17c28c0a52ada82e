"""Whoever reads slowly, or not at all, costs the others nothing and the server no memory."""

import psutil

from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep
from tests.events.conftest import EVENTS, key, latest, rename, socket, stream
from tests.servers import Live

MANY = 400
# Some 50 kB for each event: of all of them, more than sockets hold.
MUCH = "".join(f"n{number}: changes {{ after }} " for number in range(80))
HEAVY = f"""subscription ($after: String) {{
  events(after: $after) {{ cursor subjectId {MUCH} }} }}"""
MEGABYTE = 1024 * 1024


def memory(live: Live) -> float:
    """Of the server's process, in megabytes."""
    port = int(live.url.rpartition(":")[2])
    for process in psutil.Process().children(recursive=True):
        if any(each.laddr.port == port for each in process.net_connections("tcp4")):
            resident: int = process.memory_info().rss
            return resident / MEGABYTE
    raise ProcessLookupError(port)


async def test_who_does_not_read_holds_up_nobody_and_takes_no_memory(
    live: Live, storage: SqlStorage, world: World
) -> None:
    token = (await key(storage, live, world)).secret
    assert token is not None
    start = await latest(live, token)
    suppliers = [make.supplier(address="x" * 500) for _ in range(MANY)]
    expected = [f"sup_{supplier.id.hex}" for supplier in suppliers]
    async with (
        socket(live, token, compression=None) as slow,
        socket(live, token) as quick,
        stream(live, token, HEAVY, after=start) as slow_stream,
    ):
        await slow.subscribe("1", HEAVY, after=start)
        await quick.subscribe("1", EVENTS, after=start)
        before = memory(live)
        await keep(storage, world.caller(), *suppliers)

        heard = [(await quick.event())["subjectId"] for _ in suppliers]
        await rename(storage, world, world.supplier, "Others go on")
        assert (await quick.event())["type"] == "supplier.updated"
        grown = memory(live) - before

        assert heard == expected
        assert grown < 40
        assert [(await slow.event())["subjectId"] for _ in suppliers] == expected
        streamed = [(await anext(slow_stream))[1]["data"]["events"] for _ in suppliers]
        assert [event["subjectId"] for event in streamed] == expected


async def test_an_idle_stream_holds_no_connection_to_the_database(
    live: Live, storage: SqlStorage, world: World
) -> None:
    """There are far more of them than the pool has connections."""
    token = (await key(storage, live, world)).secret
    assert token is not None
    start = await latest(live, token)
    await rename(storage, world, world.supplier, "Renamed")
    query = f"""subscription {{
      events(after: "{start}") {{ node {{ ... on Supplier {{ name }} }} }} }}"""
    async with socket(live, token) as client, socket(live, token) as other:
        for number in range(90):
            await client.subscribe(str(number), query)
        heard = [await client.event() for _ in range(90)]
        await other.subscribe("1", "{ suppliers { nodes { name } } }")
        answer = await other.hear()

    assert heard == [{"node": {"name": "Renamed"}}] * 90
    assert answer["payload"]["data"]["suppliers"]["nodes"] == [{"name": "Renamed"}]
