"""Event streams on their own: what keeps them open, and what they do not wait for."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from starlette.types import Message

from server.event_streams import COMPLETE, KEEP_ALIVE, EventStream
from server.graphql import accepted

SCOPE: dict[str, Any] = {"type": "http"}


class Wire:
    """What is sent; it goes on when the reader does."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[bytes] = asyncio.Queue()
        self.reads = asyncio.Event()
        self.reads.set()
        self.gone = asyncio.Event()

    async def send(self, message: Message) -> None:
        await self.reads.wait()
        if message["type"] == "http.response.body":
            await self.sent.put(message["body"])

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}


class Bodies:
    """Results that come when they are given; it is known when nobody wants them any more."""

    def __init__(self) -> None:
        self.given: asyncio.Queue[Mapping[str, Any] | None] = asyncio.Queue()
        self.closed = False
        self.held = True

    async def __call__(self) -> AsyncIterator[Mapping[str, Any]]:
        try:
            while (body := await self.given.get()) is not None:
                yield body
        finally:
            self.closed = True

    @contextmanager
    def hold(self) -> Iterator[None]:
        try:
            yield
        finally:
            self.held = False


def opened(
    bodies: Bodies, wire: Wire, ending: asyncio.Event | None = None, keep_alive: float = 60
) -> asyncio.Task[None]:
    held: AbstractContextManager[None] = bodies.hold()
    stream = EventStream(
        bodies(), ending=ending or asyncio.Event(), held=held, headers={}, keep_alive=keep_alive
    )
    return asyncio.create_task(stream(SCOPE, wire.receive, wire.send))


async def test_results_come_as_they_are_given_and_the_last_is_followed_by_the_end() -> None:
    bodies, wire = Bodies(), Wire()
    task = opened(bodies, wire)
    for given in ({"data": {"n": 1}}, {"data": {"n": 2}}, None):
        await bodies.given.put(given)
    await task

    sent = [wire.sent.get_nowait() for _ in range(wire.sent.qsize())]
    assert sent == [
        KEEP_ALIVE,
        b'event: next\ndata: {"data":{"n":1}}\n\n',
        b'event: next\ndata: {"data":{"n":2}}\n\n',
        COMPLETE,
    ]
    assert (bodies.closed, bodies.held) == (True, False)


async def test_comments_keep_a_stream_on_which_nothing_comes() -> None:
    bodies, wire = Bodies(), Wire()
    task = opened(bodies, wire, keep_alive=0.001)

    assert [await wire.sent.get() for _ in range(4)] == [KEEP_ALIVE] * 4
    await bodies.given.put(None)
    await task


async def test_a_reader_who_has_gone_ends_it() -> None:
    bodies, wire = Bodies(), Wire()
    task = opened(bodies, wire)
    assert await wire.sent.get() == KEEP_ALIVE

    wire.gone.set()
    await task

    assert wire.sent.empty()
    assert (bodies.closed, bodies.held) == (True, False)


async def test_a_reader_who_does_not_read_does_not_hold_up_the_end() -> None:
    bodies, wire, ending = Bodies(), Wire(), asyncio.Event()
    task = opened(bodies, wire, ending)
    assert await wire.sent.get() == KEEP_ALIVE
    wire.reads.clear()
    await bodies.given.put({"data": {}})

    ending.set()
    async with asyncio.timeout(5):
        await task

    assert (bodies.closed, bodies.held) == (True, False)


async def test_what_breaks_the_results_breaks_off_the_stream() -> None:
    async def broken() -> AsyncIterator[Mapping[str, Any]]:
        yield {"data": {}}
        raise ConnectionResetError

    bodies, wire = Bodies(), Wire()
    stream = EventStream(broken(), ending=asyncio.Event(), held=bodies.hold(), headers={})

    with pytest.raises(ConnectionResetError):
        await stream(SCOPE, wire.receive, wire.send)

    sent = [wire.sent.get_nowait() for _ in range(wire.sent.qsize())]
    assert COMPLETE not in sent
    assert not bodies.held


@pytest.mark.parametrize(
    ("header", "types"),
    [
        ("", []),
        ("*/*", ["*/*"]),
        ("a/b;q=0.5, c/d", ["c/d", "a/b"]),
        ("a/b, c/d", ["a/b", "c/d"]),
        ("A/B ; Q=0.1;x=y , c/d;q=0.2", ["c/d", "a/b"]),
        ("a/b;q=0, c/d;q=nope, ,", []),
    ],
)
def test_media_types_are_accepted_as_they_are_wanted(header: str, types: list[str]) -> None:
    assert accepted(header) == types
