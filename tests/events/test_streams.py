"""Event streams: media types, what opens them, and what ends them."""

import asyncio
import re
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from persistence.storage import SqlStorage
from server.streams import MOST_STREAMS
from tests.conftest import World
from tests.events.conftest import EVENTS, asking, key, latest, rename, socket, stream, told
from tests.server.gates import issued
from tests.servers import Live, live_server
from usecases.api_credentials import RevokeApiCredential
from usecases.kit import run
from usecases.reads.events import Position

VIEWER = "{ viewer { user { name } } }"
BEA = {"data": {"viewer": {"user": {"name": "Bea Buyer"}}}}
EVENT_STREAM = "text/event-stream"
ONCE = b'event: next\ndata: {"data":{"viewer":{"user":{"name":"Bea Buyer"}}}}\n\n'


async def test_a_stream_opens_at_once_and_tells_of_what_happens(
    live: Live, storage: SqlStorage, world: World
) -> None:
    secret = (await key(storage, live, world)).secret
    assert secret is not None
    body = {"query": EVENTS}
    client = asking(secret, Accept=EVENT_STREAM)
    async with client, client.stream("POST", live.graphql, json=body) as response:
        lines = response.aiter_lines()
        assert [await anext(lines), await anext(lines)] == [":", ""]  # it is open
        await rename(storage, world, world.supplier, "Renamed")
        assert await anext(lines) == "event: next"
        assert f"sup_{world.supplier.id.hex}" in await anext(lines)

    assert response.headers["content-type"] == f"{EVENT_STREAM}; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-accel-buffering"] == "no"
    assert "content-length" not in response.headers


@pytest.mark.parametrize("accept", [EVENT_STREAM, f"{EVENT_STREAM}, multipart/mixed"])
async def test_what_has_one_result_is_streamed_to_those_who_take_nothing_else(
    live: Live, accept: str
) -> None:
    async with asking(live.token, Accept=accept) as client:
        answer = await client.post(live.graphql, json={"query": VIEWER})

    assert answer.headers["content-type"] == f"{EVENT_STREAM}; charset=utf-8"
    assert answer.content == b":\n\n" + ONCE + b"event: complete\ndata:\n\n"


@pytest.mark.parametrize(
    "accept",
    [
        f"application/json, {EVENT_STREAM}",
        f"application/graphql-response+json, application/json, {EVENT_STREAM}, multipart/mixed",
        f"{EVENT_STREAM};q=0.5, application/json",
        f"{EVENT_STREAM};q=0",
        "*/*",
        "application/json",
    ],
)
async def test_a_subscription_is_streamed_only_to_those_who_want_it_most(
    live: Live, accept: str
) -> None:
    async with asking(live.token, Accept=accept) as client:
        query = await client.post(live.graphql, json={"query": VIEWER})
        subscription = await client.post(live.graphql, json={"query": EVENTS})

    assert query.json() == BEA
    assert subscription.status_code == 406
    [error] = subscription.json()["errors"]
    assert error["extensions"] == {"code": "BAD_REQUEST"}
    assert error["message"].startswith("Subscriptions are streamed: put text/event-stream first")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"query": "subscription { events { nope } }"}, 400, "BAD_REQUEST"),
        ({"query": "subscription { events { id } more: events { id } }"}, 400, "BAD_REQUEST"),
        ({"query": EVENTS, "variables": {"after": 5}}, 400, "BAD_REQUEST"),
        ({"query": EVENTS, "variables": {"after": "nope"}}, 400, "VALIDATION"),
        ({"query": "subscription a { events { id } } query b { __typename }"}, 400, "BAD_REQUEST"),
        ({"query": EVENTS, "operationName": "nope"}, 400, "BAD_REQUEST"),
        ([], 400, "BAD_REQUEST"),
    ],
)
async def test_a_subscription_that_cannot_be_opened_is_no_stream(
    live: Live, body: Any, status: int, code: str
) -> None:
    async with asking(live.token, Accept=EVENT_STREAM) as client:
        answer = await client.post(live.graphql, json=body)

    assert answer.headers["content-type"] == "application/json"
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, code)
    assert "data" not in answer.json()


async def test_without_a_credential_nothing_is_opened(live: Live) -> None:
    async with asking("nope", Accept=EVENT_STREAM) as client:
        answer = await client.post(live.graphql, json={"query": EVENTS})

    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_revoked_credential_ends_its_streams_at_once(
    live: Live, storage: SqlStorage, world: World
) -> None:
    credential = await key(storage, live, world)
    assert credential.secret is not None
    async with stream(live, credential.secret, EVENTS) as events:
        await run(RevokeApiCredential(id=credential.id), world.caller(), storage)
        async with asyncio.timeout(10):
            said = [each async for each in events]

    error = {
        "message": "a valid credential is needed",
        "extensions": {"code": "UNAUTHENTICATED"},
    }
    assert said[-2:] == [("next", {"errors": [error]}), ("complete", None)]
    assert all(name == "next" and "errors" not in body for name, body in said[:-2])


async def test_opening_counts_as_a_request_and_what_comes_does_not(
    live: Live, storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    credential = await issued(storage, world)
    assert credential.secret is not None
    limit = "UPDATE api_credentials SET requests_per_minute = 500 WHERE id = $1"
    await owner.execute(limit, credential.id)
    body = {"query": EVENTS, "variables": {"after": Position(0).cursor}}
    left: list[tuple[str, int]] = [("", 0), ("another minute", 0)]

    async with asking(credential.secret, Accept=EVENT_STREAM) as client:
        while left[0][0] != left[1][0]:
            async with client.stream("POST", live.graphql, json=body) as response:
                events = told(response)
                heard = [await anext(events) for _ in range(5)]
            query = await client.post(live.graphql, json={"query": VIEWER})
            left = [window(answer) for answer in (response, query)]

    assert [name for name, _ in heard] == ["next"] * 5
    assert left[0][1] - left[1][1] == 1


def window(answer: httpx.Response) -> tuple[str, int]:
    """Which minute it counts in, and what is left of it."""
    headers = answer.headers
    return headers["x-ratelimit-reset"], int(headers["x-ratelimit-remaining"])


async def test_a_credential_may_have_so_many_streams(
    live: Live, storage: SqlStorage, world: World
) -> None:
    secret = (await key(storage, live, world)).secret
    assert secret is not None
    start = await latest(live, secret)
    async with socket(live, secret) as client:
        for number in range(MOST_STREAMS):
            await client.subscribe(str(number), EVENTS, after=start)
        await rename(storage, world, world.supplier, "Heard by all of them")
        for _ in range(MOST_STREAMS):
            await client.event()
        async with asking(secret, Accept=EVENT_STREAM) as another:
            refused = await another.post(live.graphql, json={"query": EVENTS})
        await client.say("complete", id="0")
        await client.say("ping")
        assert await client.hear() == {"type": "pong"}
        async with stream(live, secret, EVENTS):
            pass

    assert refused.status_code == 429
    assert refused.json()["errors"] == [
        {
            "message": "at most 100 streams of a credential may be open",
            "extensions": {"code": "RATE_LIMITED"},
        }
    ]


async def test_the_end_of_the_server_ends_all_streams_at_once(
    fresh_database: str, tmp_path: Path
) -> None:
    live_for_a_while = live_server(fresh_database, tmp_path)
    live = await live_for_a_while.__aenter__()
    async with (
        socket(live, live.token) as client,
        socket(live) as stranger,
        stream(live, live.token, EVENTS) as events,
    ):
        await client.subscribe("1", EVENTS)
        await client.subscribe("2", VIEWER)
        assert {(await client.hear())["type"], (await client.hear())["type"]} == {
            "next",
            "complete",
        }
        async with asyncio.timeout(10):
            ended = asyncio.create_task(live_for_a_while.__aexit__(None, None, None))
            assert [each async for each in events] == [("complete", None)]
            assert await client.closed() == (1001, "Going away")
            assert await stranger.closed() == (1001, "Going away")
            await ended
    log = (tmp_path / "server.log").read_text()
    assert "Traceback" not in log
    assert '"WebSocket' not in log  # what uvicorn says has the query in it
    assert len(re.findall(r"method=WEBSOCKET .*path=/graphql .*status=1001", log)) == 2
