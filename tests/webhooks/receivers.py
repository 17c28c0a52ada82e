"""A real receiver of webhooks: a server on a free port that remembers what it was sent."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook


@dataclass(frozen=True)
class Received:
    """One request, and how it was answered."""

    path: str
    headers: dict[str, str]
    body: str
    status: int

    @property
    def message(self) -> Any:
        return json.loads(self.body)

    def verified(self, secret: str) -> Any:
        """The message, if the library that receivers use takes the signature for good."""
        return Webhook(secret).verify(self.body, self.headers)


Answers = Callable[["Receiver", Received], "int | bytes"]


@dataclass
class Receiver:
    """`answer` says with which status a request is answered, or the bytes of a whole answer."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    answer: Answers = lambda _receiver, _received: 204
    closing: bool = False  # the connection, after every answer
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def accepted(self) -> list[Received]:
        return [each for each in self.received if each.status in range(200, 300)]

    async def until(self, condition: Callable[[], bool], seconds: float = 30) -> None:
        """Wait until what was received makes it true."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (head := await reader.readuntil(b"\r\n\r\n")) != b"":
                request, *lines = head.decode().splitlines()
                pairs = [line.split(": ", 1) for line in lines if line]
                headers = {name.lower(): value for name, value in pairs}
                body = (await reader.readexactly(int(headers["content-length"]))).decode()
                asked = Received(request.split()[1], headers, body, 0)
                said = self.answer(self, asked)
                status = said if isinstance(said, int) else _status(said)
                self.received.append(Received(asked.path, headers, body, status))
                self._news.set()
                whole = said if isinstance(said, bytes) else _answer(said)
                writer.write(whole)
                await writer.drain()
                if self.closing:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


def _status(answer: bytes) -> int:
    """0 when it is no answer."""
    words = answer.split()
    return int(words[1]) if answer.startswith(b"HTTP/") else 0


def _answer(status: int) -> bytes:
    return f"HTTP/1.1 {status} Said\r\nContent-Length: 0\r\n\r\n".encode()


@asynccontextmanager
async def receiving(
    answer: Answers | None = None, *, port: int = 0, closing: bool = False
) -> AsyncIterator[Receiver]:
    receiver = Receiver(closing=closing)
    if answer is not None:
        receiver.answer = answer
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", port)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
