"""The documents' first call: sent again, it is the same order (facts S-16 and S-17)."""

from asyncio import gather
from collections import Counter

import asyncpg
import httpx
import pytest

from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.rest.shrkity.conftest import Login
from tests.rest.shrkity.orders import Desk, desk

KEY = {"Idempotency-Key": "order-7f3a"}
COUNT = "SELECT count(*) FROM service_orders WHERE organization_id = $1"
TIMES = 20


@pytest.fixture
async def at(world: World, storage: SqlStorage) -> Desk:
    return await desk(world, storage)


async def test_s16_run_twice_one_order_exists_and_the_second_answer_says_so(
    at: Desk, world: World, owner: asyncpg.Connection, login: Login
) -> None:
    office = await login(world, limit=0)
    first = await office.post("/orders", json=at.order(), headers=KEY)
    assert (first.status_code, first.json()["status"]) == (201, "pending")
    assert "Idempotency-Replayed" not in first.headers

    async with unchanged(owner, world):
        second = await office.post("/orders", json=at.order(), headers=KEY)

    assert (second.status_code, second.content) == (201, first.content)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert await owner.fetchval(COUNT, world.organization.id) == 1


async def test_s16_twenty_at_once_are_one_order(
    at: Desk, world: World, owner: asyncpg.Connection, login: Login
) -> None:
    office = await login(world, limit=0)

    async def send() -> httpx.Response:
        return await office.post("/orders", json=at.order(), headers=KEY)

    answers = await gather(*(send() for _ in range(TIMES)))

    told = Counter(
        (answer.status_code, answer.headers.get("Idempotency-Replayed")) for answer in answers
    )
    assert await owner.fetchval(COUNT, world.organization.id) == 1
    assert told[201, None] == 1
    assert {*told} <= {(201, None), (201, "true"), (409, None)}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    codes = {answer.json()["code"] for answer in answers if answer.status_code != 201}
    assert codes <= {"idempotency_in_progress"}
    last = await send()
    assert (last.status_code, last.headers["Idempotency-Replayed"]) == (201, "true")


async def test_s16_without_a_key_every_request_is_an_order(
    office: httpx.AsyncClient, at: Desk, world: World, owner: asyncpg.Connection
) -> None:
    ids = [(await office.post("/orders", json=at.order())).json()["id"] for _ in range(2)]

    assert len({*ids}) == await owner.fetchval(COUNT, world.organization.id) == 2


async def test_s16_what_failed_is_tried_again(
    at: Desk, world: World, owner: asyncpg.Connection, login: Login
) -> None:
    office = await login(world, limit=0)
    limit = "UPDATE organizations SET monthly_order_limit = $2 WHERE id = $1"
    await owner.execute(limit, world.organization.id, 1)
    await office.post("/orders", json=at.order())
    refused = await office.post("/orders", json=at.order(), headers=KEY)
    await owner.execute(limit, world.organization.id, 2)

    placed = await office.post("/orders", json=at.order(), headers=KEY)

    assert (refused.status_code, refused.json()["code"]) == (422, "limit_reached")
    assert (placed.status_code, placed.headers.get("Idempotency-Replayed")) == (201, None)


async def test_s17_a_key_of_one_order_is_not_another_orders(
    at: Desk, world: World, owner: asyncpg.Connection, login: Login
) -> None:
    office = await login(world, limit=0)
    made = (await office.post("/orders", json=at.order(), headers=KEY)).json()

    async with unchanged(owner, world):
        other = await office.post("/orders", json=at.order(priority="high"), headers=KEY)
        cancel = await office.post(f"/orders/{made['id']}/cancel", headers=KEY)

    for answer in (other, cancel):
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
