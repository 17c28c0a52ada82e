"""Results as server-sent events: the distinct connections mode of GraphQL over SSE.

`next` carries a result, `complete` says that there are no more; comments keep the connection.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, aclosing
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.streams import END_SECONDS

EVENT_STREAM = "text/event-stream"
KEEP_ALIVE_SECONDS = 12.0
KEEP_ALIVE = b":\n\n"
COMPLETE = b"event: complete\ndata:\n\n"

Bodies = AsyncIterator[Mapping[str, Any]]


class EventStream(Response):
    """`held` is given back when the stream is over, whoever ends it."""

    media_type = EVENT_STREAM

    def __init__(
        self,
        bodies: Bodies,
        *,
        ending: asyncio.Event,
        held: AbstractContextManager[object],
        headers: Mapping[str, str],
        keep_alive: float = KEEP_ALIVE_SECONDS,
    ) -> None:
        super().__init__(headers={**headers, "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._bodies, self._ending, self._held = bodies, ending, held
        self._keep_alive = keep_alive

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        with self._held:
            async with aclosing(self._bodies):  # type: ignore[type-var]
                await send(
                    {
                        "type": "http.response.start",
                        "status": self.status_code,
                        "headers": self.raw_headers,
                    }
                )
                await _until_first(self._pump(send), _gone(receive), self._cut())

    async def _pump(self, send: Send) -> None:
        following = asyncio.create_task(anext(self._bodies, None))
        ending = asyncio.create_task(self._ending.wait())
        try:
            await _send(send, KEEP_ALIVE)
            while True:
                await asyncio.wait(
                    {following, ending},
                    timeout=self._keep_alive,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if ending.done():
                    break
                if not following.done():
                    await _send(send, KEEP_ALIVE)
                    continue
                if (body := following.result()) is None:
                    break
                await _send(send, b"event: next\ndata: %b\n\n" % orjson.dumps(body))
                following = asyncio.create_task(anext(self._bodies, None))
            await _send(send, COMPLETE, more=False)
        finally:
            ending.cancel()
            following.cancel()
            await asyncio.gather(following, ending, return_exceptions=True)

    async def _cut(self) -> None:
        """At the end, nobody is waited for who does not read."""
        await self._ending.wait()
        await asyncio.sleep(END_SECONDS / 2)


async def _send(send: Send, body: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _until_first(*works: Any) -> None:
    """Run them until one is over; that one's exception counts."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
