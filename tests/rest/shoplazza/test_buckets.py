"""Leaky buckets as Shoplazza's clients meet them (P-12)."""

import asyncio

import asyncpg
import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from domain.callers import Channel
from persistence.storage import SqlStorage
from rest.kit import mount
from rest.shoplazza import ENDPOINTS, SHOPLAZZA
from server.gate import CredentialGate
from tests import make
from tests.conftest import World
from tests.rest.shoplazza.samples import LIST, new_client
from tests.server.clocks import Clock
from tests.server.gates import issued


@pytest.fixture
def clock() -> Clock:
    return Clock(make.NOON)


@pytest.fixture
def process(storage: SqlStorage, engine: AsyncEngine, database_url: str, clock: Clock) -> Starlette:
    """A server process by a clock that stands still."""
    return new_process(storage, engine, database_url, clock)


def new_process(storage: SqlStorage, engine: AsyncEngine, url: str, clock: Clock) -> Starlette:
    gate = CredentialGate(engine, url, clock=clock)
    return Starlette(routes=mount(SHOPLAZZA, ENDPOINTS, storage, gate))


async def token(storage: SqlStorage, world: World) -> str:
    return (await issued(storage, world, dialect=Channel.SHOPLAZZA)).secret or ""


async def admitted(clients: list[httpx.AsyncClient], times: int) -> int:
    """How many of so many parallel requests of each client are answered; the others are 429."""
    answers = await asyncio.gather(*(c.get(LIST) for c in clients for _ in range(times)))
    statuses = [answer.status_code for answer in answers]
    assert {*statuses} <= {200, 429}
    return statuses.count(200)


async def test_p12_an_app_may_send_forty_at_once_and_two_a_second(
    process: Starlette, storage: SqlStorage, world: World, clock: Clock
) -> None:
    async with new_client(process, await token(storage, world)) as client:
        seen = [await client.get(LIST) for _ in range(40)]
        refused = await client.get(LIST)
        by_second = []
        for _ in range(4):
            clock.pass_by(1)
            by_second.append(await admitted([client], 5))
        clock.pass_by(10)
        after_ten = await admitted([client], 50)
        clock.pass_by(3600)
        after_an_hour = await admitted([client], 50)

    assert {answer.status_code for answer in seen} == {200}
    assert (refused.status_code, refused.json()) == (429, {"errors": ["Too Many Requests"]})
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["request-id"]
    assert "retry-after" not in seen[0].headers
    assert by_second == [2, 2, 2, 2]
    assert (after_ten, after_an_hour) == (20, 40)


async def test_p12_a_store_may_send_eighty_at_once_and_twenty_a_second(
    process: Starlette, storage: SqlStorage, world: World, clock: Clock
) -> None:
    """Whatever its apps are: three of them could send 120."""
    clients = [new_client(process, await token(storage, world)) for _ in range(3)]

    at_once = await admitted(clients, 40)
    clock.pass_by(1)
    a_second_later = await admitted(clients, 40)

    for client in clients:
        await client.aclose()
    assert at_once == 80
    # What a process has leased for one of them and not spent leaks away like the bucket.
    assert 80 + a_second_later <= 80 + 20


async def test_p12_stores_and_apps_do_not_share(
    process: Starlette, storage: SqlStorage, world: World, other_world: World
) -> None:
    for mine in (world, world, other_world):
        async with new_client(process, await token(storage, mine)) as client:
            assert await admitted([client], 45) == 40


async def test_p12_two_processes_let_through_what_one_bucket_would(
    storage: SqlStorage, engine: AsyncEngine, database_url: str, world: World, clock: Clock
) -> None:
    secret = await token(storage, world)
    processes = [new_process(storage, engine, database_url, clock) for _ in range(2)]
    clients = [new_client(process, secret) for process in processes]

    at_once = await admitted(clients, 60)
    clock.pass_by(5)
    five_seconds_later = await admitted(clients, 60)

    for client in clients:
        await client.aclose()
    assert (at_once, five_seconds_later) == (40, 10)


@pytest.mark.parametrize(("a_minute", "at_once"), [(None, 40), (0, 200), (6, 2), (240, 80)])
async def test_p12_an_operator_may_lift_or_change_it_for_one_app(
    process: Starlette,
    storage: SqlStorage,
    world: World,
    owner: asyncpg.Connection,
    a_minute: int | None,
    at_once: int,
) -> None:
    credential = await issued(storage, world, dialect=Channel.SHOPLAZZA)
    statement = "UPDATE api_credentials SET requests_per_minute = $1 WHERE id = $2"
    await owner.execute(statement, a_minute, credential.id)

    async with new_client(process, credential.secret) as client:
        assert await admitted([client], 200) == at_once


async def test_p12_what_was_refused_is_answered_after_the_seconds_that_it_says(
    process: Starlette, storage: SqlStorage, world: World, clock: Clock, owner: asyncpg.Connection
) -> None:
    credential = await issued(storage, world, dialect=Channel.SHOPLAZZA)
    slow = "UPDATE api_credentials SET requests_per_minute = 6 WHERE id = $1"
    await owner.execute(slow, credential.id)
    async with new_client(process, credential.secret) as client:
        assert await admitted([client], 3) == 2
        refused = await client.get(LIST)
        assert int(refused.headers["retry-after"]) == 10

        clock.pass_by(9)
        assert (await client.get(LIST)).headers["retry-after"] == "1"
        clock.pass_by(1)
        assert (await client.get(LIST)).status_code == 200


async def test_p12_without_a_valid_token_an_address_is_limited(process: Starlette) -> None:
    async with new_client(process, "a" * 40) as client:
        refusals = [await client.get(LIST) for _ in range(60)]
        limited = await client.get(LIST)

    assert [refusal.json() for refusal in refusals] == [{"error": "Unauthorized"}] * 60
    assert (limited.status_code, limited.json()) == (429, {"errors": ["Too Many Requests"]})
    assert int(limited.headers["retry-after"]) >= 1


async def test_p12_requests_that_are_refused_for_something_else_count_too(
    process: Starlette, storage: SqlStorage, world: World
) -> None:
    async with new_client(process, await token(storage, world)) as client:
        for _ in range(40):
            assert (await client.get(f"{LIST}?limit=100")).status_code == 400
        assert (await client.get(LIST)).status_code == 429
