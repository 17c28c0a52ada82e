"""What can be reached: public addresses alone, whatever a name means a moment later."""

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Any

import asyncpg
import pytest

from domain.kit.errors import RuleBroken
from domain.webhook_endpoints.urls import check_url, is_public
from persistence.storage import SqlStorage
from server.webhooks.posting import Post
from tests.conftest import World
from tests.webhooks.receivers import receiving
from usecases.kit import run
from usecases.network import Network, NotPublic, apart, look_up
from usecases.webhook_endpoints import CreateWebhookEndpoint, UpdateWebhookEndpoint

PRIVATE = [
    *("127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1"),  # noqa: S104
    *("198.18.0.1", "192.0.0.8", "::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::"),
    *("2001::1", "2001:db8::1", "::127.0.0.1"),
]
PUBLIC = ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


def known(**hosts: str) -> Callable[[str], Awaitable[list[str]]]:
    """A look-up of these hosts alone; each answer in turn, the last one again and again."""
    answers = {host: addresses.split() for host, addresses in hosts.items()}

    async def lookup(host: str) -> list[str]:
        if host not in answers:
            raise OSError(f"{host} is not known")
        [first, *rest] = answers[host]
        answers[host] = rest or [first]
        return [first]

    return lookup


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_of_ones_own_are_refused(address: str) -> None:
    host = f"[{address}]" if ":" in address else address

    assert not is_public(ip_address(address))
    refused = check_url(f"https://{host}/", private=False)
    assert refused is not None
    assert refused.template == "this is not an address of the public internet"
    assert check_url(f"https://{host}/", private=True) is None


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet_are_not(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        *("http://8.8.8.8/", "ftp://8.8.8.8/", "https://", "https:///x", "//8.8.8.8/", ""),
        *("https://8.8.8.8:99999/", "https://a b/", "https://a\\b/", "https://bücher.example/"),
        *("https://user@8.8.8.8/", "https://u:p@8.8.8.8/", "https://a\x00b/", "https://[::1/"),
        "https://8.8.8.8/" + "x" * 485,
    ],
)
def test_what_is_no_https_url_is_refused(url: str) -> None:
    assert check_url(url, private=False) is not None


async def test_names_are_looked_up_before_they_are_registered(
    company: World, store: SqlStorage, owner_of_fresh: asyncpg.Connection
) -> None:
    names = {"inside": "10.0.0.1", "outside": "8.8.8.8"}
    store.network = Network(lookup=known(**names))
    given: dict[str, Any] = {"name": "Test", "events": ["*"]}

    create = CreateWebhookEndpoint(url="https://inside/", **given)
    with pytest.raises(RuleBroken, match="this is not an address of the public internet"):
        await run(create, company.caller(), store)
    assert await owner_of_fresh.fetchval("SELECT count(*) FROM webhook_endpoints") == 0

    done = await run(
        CreateWebhookEndpoint(url="https://outside/", **given), company.caller(), store
    )
    await run(CreateWebhookEndpoint(url="https://unknown/", **given), company.caller(), store)
    update = UpdateWebhookEndpoint(id=done.id, url="https://inside/")
    with pytest.raises(RuleBroken):
        await run(update, company.caller(), store)
    urls = await owner_of_fresh.fetch("SELECT url FROM webhook_endpoints ORDER BY created_at")
    assert [row["url"] for row in urls] == ["https://outside/", "https://unknown/"]


async def test_a_name_of_this_machine_is_refused_as_it_really_resolves() -> None:
    refused = await Network().check("https://localhost/")

    assert refused is not None
    with pytest.raises(NotPublic):
        await Network().addresses("localhost")


async def test_a_name_that_means_something_else_a_moment_later_gains_nothing() -> None:
    """DNS rebinding: the receiver on this machine is never reached."""
    async with receiving() as receiver:
        network = Network(lookup=known(rebinding="8.8.8.8 127.0.0.1"))
        url = f"http://rebinding:{receiver.port}/"
        assert await network.addresses("rebinding") == ["8.8.8.8"]

        async with Post(network) as post:
            answer = await post.send(url, {}, "{}")

        assert answer.status is None
        assert answer.error is not None
        assert answer.error.startswith("NotPublic")
        assert receiver.received == []


async def test_the_name_is_kept_where_the_address_is_connected_to() -> None:
    async with receiving() as receiver:
        network = Network(private=True, lookup=known(**{"hooks.example": "127.0.0.1"}))
        async with Post(network) as post:
            answer = await post.send(f"http://hooks.example:{receiver.port}/a?b", {}, "{}")

    assert answer.succeeded
    [received] = receiver.received
    assert received.headers["host"] == f"hooks.example:{receiver.port}"
    assert received.path == "/a?b"


async def test_an_answer_that_does_not_come_is_waited_for_no_longer_than_that() -> None:
    post = Post(Network(private=True), seconds=0.2)
    async with receiving(lambda _r, _e: b"") as receiver, post:
        answer = await post.send(receiver.url, {}, "{}")

    assert (answer.status, answer.error) == (None, "no answer within 0.2 seconds")
    assert answer.duration_ms >= 200


async def test_of_a_long_answer_only_the_beginning_is_read() -> None:
    long = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 200_000

    async with receiving(lambda _r, _e: long) as receiver, Post(Network(private=True)) as post:
        answer = await post.send(receiver.url, {}, "{}")

    assert (answer.status, answer.body) == (200, "x" * 2000)


async def test_names_that_are_answered_slowly_hold_up_nothing_else() -> None:
    answered = threading.Event()
    slow = [asyncio.create_task(apart(answered.wait)) for _ in range(50)]

    assert await apart(lambda: "quick") == "quick"
    assert await asyncio.to_thread(lambda: "as quick") == "as quick"
    assert not any(task.done() for task in slow)

    slow[0].cancel()
    answered.set()
    told = await asyncio.gather(*slow, return_exceptions=True)
    assert isinstance(told[0], asyncio.CancelledError)
    assert told[1:] == [True] * 49


async def test_what_a_look_up_raises_is_raised() -> None:
    with pytest.raises(socket.gaierror):
        await look_up("name.invalid")


def test_a_look_up_that_never_ends_keeps_no_process() -> None:
    program = """
import asyncio, threading
from usecases.network import apart
async def main():
    try:
        await asyncio.wait_for(apart(threading.Event().wait), 0.05)
    except TimeoutError:
        print("given up")
asyncio.run(main())
"""
    ended = subprocess.run(  # noqa: S603 - a program of our own
        [sys.executable, "-c", program], capture_output=True, check=True, timeout=30
    )
    assert (ended.stdout, ended.stderr) == (b"given up\n", b"")
