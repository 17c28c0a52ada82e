"""What can be reached outside: names are looked up, and only addresses that may be used come back.

Whoever connects asks here and connects to the address itself, so that a name which means another
machine a moment later (DNS rebinding) gains nothing.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from domain.kit.errors import RuleBroken
from domain.webhook_endpoints.urls import check_url, is_public, literal, not_public

Lookup = Callable[[str], Awaitable[list[str]]]  # raises OSError for names that are not known

LOOKUP_SECONDS = 3.0


class NotPublic(OSError):
    """A name stands for an address that is not to be reached."""


async def look_up(host: str) -> list[str]:
    """The addresses of a name, as the machine is set up to find them."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [*dict.fromkeys(str(address[0]).partition("%")[0] for *_, address in found)]


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
