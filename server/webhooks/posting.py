"""Posting to the outside: to vetted addresses alone, within a time, reading little.

Redirects are not followed: they would lead past everything that was looked at.
"""

import asyncio
import ssl
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, NamedTuple, Self

import httpcore

from usecases.network import Network

SECONDS = 15.0  # for one attempt, from the look-up to the end of the answer
MOST_READ = 64 * 1024
EXCERPT = 2000  # characters of an answer that are kept
IDLE_SECONDS = 5.0
SUCCESSES = range(200, 300)
GONE = 410


class Answer(NamedTuple):
    """What came of it: a status with the beginning of its body, or an error."""

    duration_ms: int
    status: int | None = None
    body: str | None = None
    error: str | None = None
    retry_after: timedelta | None = None

    @property
    def succeeded(self) -> bool:
        return self.status in SUCCESSES


class _Vetted(httpcore.AsyncNetworkBackend):
    """Connects to addresses that the network lets us reach, never to a name."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        refused: Exception | None = None
        for address in await self._network.addresses(host):
            try:
                return await self._plain.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except httpcore.ConnectError as error:
                refused = error
        raise refused or httpcore.ConnectError("there is no address")


class Post:
    """As a context manager it keeps connections for a while."""

    def __init__(
        self, network: Network, *, seconds: float = SECONDS, trusting: ssl.SSLContext | None = None
    ) -> None:
        self._seconds = seconds
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trusting or ssl.create_default_context(),
            max_connections=None,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=_Vetted(network),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._pool.aclose()

    async def send(self, url: str, headers: Mapping[str, str], body: str) -> Answer:
        """Never raises for what the network or the receiver does."""
        began = time.monotonic()
        status, text, error, retry_after = None, None, None, None
        try:
            async with (
                asyncio.timeout(self._seconds),
                self._pool.stream(
                    "POST", url, headers=[*headers.items()], content=body.encode()
                ) as response,
            ):
                status, retry_after = response.status, _wait(response.headers)
                text = await _beginning(response)
        except TimeoutError:
            error = f"no answer within {self._seconds:g} seconds"
        except (*_FAILURES, OSError, UnicodeError) as failure:
            error = f"{type(failure).__name__}: {failure}"[:EXCERPT].replace("\x00", "")
        if error is not None:
            status, text = None, None
        took = round((time.monotonic() - began) * 1000)
        return Answer(took, status, text, error, retry_after)


_FAILURES = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)


async def _beginning(response: httpcore.Response) -> str:
    """The beginning of what was answered; a long answer is cut off."""
    read = b""
    async for chunk in response.aiter_stream():
        read += chunk
        if len(read) > MOST_READ:
            break
    return read[: EXCERPT * 4].decode(errors="replace")[:EXCERPT].replace("\x00", "\ufffd")


def _wait(headers: list[tuple[bytes, bytes]]) -> timedelta | None:
    """How long Retry-After asks to be left alone: seconds, or a date (RFC 9110, 10.2.3)."""
    text = next((value for name, value in headers if name.lower() == b"retry-after"), b"")
    said = text.decode("latin-1").strip()
    if said.isascii() and said.isdigit():
        return timedelta(seconds=min(int(said[:9]), 10**8))
    try:
        moment = parsedate_to_datetime(said).astimezone(UTC)
    except (ValueError, OverflowError):  # no date, or one of no year that we can count
        return None
    return max(moment - datetime.now(UTC), timedelta(0))
