"""Rate limits as Waqti clients see them (W-21 to W-25)."""

from datetime import UTC, datetime

import asyncpg
import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from domain.callers import Channel
from domain.organizations import Plan
from persistence.storage import SqlStorage
from rest.kit import mount
from rest.waqti import ENDPOINTS, WAQTI
from server.gate import CredentialGate
from tests.conftest import World
from tests.rest.conftest import new_client
from tests.rest.waqti.samples import LIMITS, created, error
from tests.server.clocks import Clock
from tests.server.gates import enter, issued


async def test_w21_to_w23_headers_count_down_and_then_it_is_429(
    storage: SqlStorage,
    world: World,
    engine: AsyncEngine,
    database_url: str,
    owner: asyncpg.Connection,
) -> None:
    statement = "UPDATE organizations SET plan = 'BASIC' WHERE id = $1"
    await owner.execute(statement, world.organization.id)
    credential = await issued(storage, world, dialect=Channel.WAQTI)
    clock = Clock(datetime(2030, 1, 15, 10, 0, 15, tzinfo=UTC))
    gate = CredentialGate(engine, database_url, clock=clock)
    app = Starlette(routes=mount(WAQTI, ENDPOINTS, storage, gate))

    async with new_client(app, credential.secret) as client:
        seen = [await client.get("/vendors") for _ in range(60)]
        refused = await client.get("/vendors")
        clock.pass_by(45)
        after = await client.get("/vendors")

    reset = str(int(datetime(2030, 1, 15, 10, 1, tzinfo=UTC).timestamp()))
    assert {response.status_code for response in seen} == {200}
    assert [int(response.headers["x-ratelimit-remaining"]) for response in seen] == [
        *range(59, -1, -1)
    ]
    assert {(r.headers["x-ratelimit-limit"], r.headers["x-ratelimit-reset"]) for r in seen} == {
        ("60", reset)
    }
    assert error(refused, 429, "RATE_LIMITED")["message"] == (
        "Too many requests. Try again in 45 seconds."
    )
    assert [refused.headers[name] for name in LIMITS] == ["60", "0", reset]
    assert refused.headers["retry-after"] == "45"
    assert "retry-after" not in seen[0].headers
    assert after.status_code == 200


@pytest.mark.parametrize(
    ("plan", "limit"), [(Plan.BASIC, 60), (Plan.PROFESSIONAL, 300), (Plan.ENTERPRISE, 1000)]
)
async def test_w21_a_plan_says_how_many_requests_a_minute_may_have(
    buyer: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Plan, limit: int
) -> None:
    statement = "UPDATE organizations SET plan = $1 WHERE id = $2"
    await owner.execute(statement, plan, world.organization.id)

    response = await buyer.get("/vendors")

    assert response.headers["x-ratelimit-limit"] == str(limit)
    assert response.headers["x-ratelimit-remaining"] == str(limit - 1)


@pytest.mark.parametrize(("plan", "a_day"), [(Plan.BASIC, 1000), (Plan.PROFESSIONAL, 10_000)])
async def test_w21_w23_a_day_has_its_own_limit_and_ends_at_midnight_utc(
    storage: SqlStorage,
    world: World,
    engine: AsyncEngine,
    database_url: str,
    owner: asyncpg.Connection,
    plan: Plan,
    a_day: int,
) -> None:
    statement = "UPDATE organizations SET plan = $1 WHERE id = $2"
    await owner.execute(statement, plan, world.organization.id)
    credential = await issued(storage, world, dialect=Channel.WAQTI)
    statement = "UPDATE api_credentials SET requests_per_minute = 20000 WHERE id = $1"
    await owner.execute(statement, credential.id)
    clock = Clock(datetime(2030, 1, 15, 23, 50, tzinfo=UTC))
    gate = CredentialGate(engine, database_url, clock=clock)
    app = Starlette(routes=mount(WAQTI, ENDPOINTS, storage, gate))
    caller = await enter(gate, credential.secret, Channel.WAQTI)

    async with new_client(app, credential.secret) as client:
        await gate.admit(caller, cost=a_day - 1)
        last = await client.get("/vendors")
        refused = await client.get("/vendors")
        clock.pass_by(600)
        tomorrow = await client.get("/vendors")

    assert (last.status_code, last.headers["x-ratelimit-remaining"]) == (200, "0")
    error(refused, 429, "RATE_LIMITED")
    assert refused.headers["retry-after"] == "600"
    assert tomorrow.status_code == 200


async def test_w22_a_lifted_limit_still_has_its_headers(
    storage: SqlStorage, world: World, app: Starlette, owner: asyncpg.Connection
) -> None:
    credential = await issued(storage, world, dialect=Channel.WAQTI)
    statement = "UPDATE api_credentials SET requests_per_minute = 0 WHERE id = $1"
    await owner.execute(statement, credential.id)

    async with new_client(app, credential.secret) as client:
        response = await client.get("/vendors")

    assert response.headers["x-ratelimit-limit"] == "2147483647"
    assert response.headers["x-ratelimit-remaining"] == "2147483647"
    assert int(response.headers["x-ratelimit-reset"]) % 60 == 0


async def test_w22_every_kind_of_answer_has_the_headers(
    buyer: httpx.AsyncClient, world: World
) -> None:
    id = (await created(buyer, world))["id"]
    answers = {
        await buyer.get("/vendors"): 200,
        await buyer.post("/vendors", json={"name": "New"}): 201,
        await buyer.get(f"/purchase-orders/{id}/pdf"): 200,
        await buyer.delete(f"/purchase-orders/{id}"): 204,
        await buyer.post("/vendors", content=b"{"): 400,
        await buyer.get("/vendors/999"): 404,
        await buyer.get("/nowhere"): 404,
        await buyer.post("/vendors", json={}): 422,
    }

    for response, status in answers.items():
        assert response.status_code == status
        assert all(response.headers[name].isdigit() for name in LIMITS)


async def test_w24_strangers_are_limited_by_their_address(
    storage: SqlStorage, engine: AsyncEngine, database_url: str
) -> None:
    gate = CredentialGate(engine, database_url, clock=Clock())
    app = Starlette(routes=mount(WAQTI, ENDPOINTS, storage, gate))

    async with new_client(app, "1|" + "x" * 40) as client:
        statuses = [(await client.get("/vendors")).status_code for _ in range(60)]
        refused = await client.get("/vendors")

    assert set(statuses) == {401}
    error(refused, 429, "RATE_LIMITED")
    assert int(refused.headers["retry-after"]) >= 1
