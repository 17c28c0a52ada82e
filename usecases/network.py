"""What can be reached outside: names are looked up, and only addresses that may be used come back.

Whoever connects asks here and connects to the address itself, so that a name which means another
machine a moment later (DNS rebinding) gains nothing.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from threading import Thread
from typing import TypeVar, cast
from urllib.parse import urlsplit

from domain.kit.errors import RuleBroken
from domain.webhook_endpoints.urls import check_url, is_public, literal, not_public

T = TypeVar("T")

Lookup = Callable[[str], Awaitable[list[str]]]  # raises OSError for names that are not known

LOOKUP_SECONDS = 3.0


class NotPublic(OSError):
    """A name stands for an address that is not to be reached."""


async def look_up(host: str) -> list[str]:
    """The addresses of a name, as the machine is set up to find them."""
    found = await apart(partial(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM))
    return [*dict.fromkeys(str(address[0]).partition("%")[0] for *_, address in found)]


async def apart(call: Callable[[], T]) -> T:
    """What a call that may hang returns or raises, from a thread that nobody waits for.

    The loop's own threads are few: names that are answered slowly would hold all of them, keep
    everything else from being done there, and the process from ending.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: Exception | None) -> None:
        if answer.done():  # given up meanwhile
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(cast("T", result))

    def work() -> None:
        result, error = None, None
        try:
            result = call()
        except Exception as raised:  # noqa: BLE001 - it is raised where it is waited for
            error = raised
        with suppress(RuntimeError):  # the loop may have ended
            loop.call_soon_threadsafe(settle, result, error)

    Thread(target=work, daemon=True, name="look-up").start()
    return await answer


class Network:
    """`private` is the operator's switch for development: then everything may be reached."""

    def __init__(self, *, private: bool = False, lookup: Lookup = look_up) -> None:
        self._private = private
        self._lookup = lookup

    async def check(self, url: str) -> RuleBroken | None:
        """What is wrong with a URL that webhooks are to be sent to (fact W-65).

        A name that nobody knows is left alone: it may be known by the time there is something
        to send, and is looked at then.
        """
        if (problem := check_url(url, private=self._private)) is not None:
            return problem
        try:
            async with asyncio.timeout(LOOKUP_SECONDS):
                await self.addresses(urlsplit(url).hostname or "")
        except NotPublic:
            return not_public()
        except (OSError, UnicodeError):
            return None
        return None

    async def addresses(self, host: str) -> list[str]:
        """Where a host is; raises NotPublic when any of it may not be reached, or OSError."""
        fixed = literal(host)
        found = [str(fixed)] if fixed is not None else await self._lookup(host)
        if not self._private and not all(is_public(ip_address(each)) for each in found):
            raise NotPublic(f"{host} is not an address of the public internet")
        if not found:
            raise OSError(f"{host} has no address")
        return found
