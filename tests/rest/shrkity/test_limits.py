"""How much a key may send: fact S-15."""

import asyncpg
import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from domain.callers import Channel, Permission
from domain.organizations import ServicePlan
from persistence.storage import SqlStorage
from rest.kit import mount
from rest.shrkity import SHRKITY
from server.gate import CredentialGate
from server.limits import SHRKITY as A_MINUTE
from tests.conftest import World
from tests.rest.shrkity.probes import ENDPOINTS
from tests.rest.shrkity.samples import new_client
from tests.server.clocks import Clock
from tests.server.gates import issued
from usecases.kit import run
from usecases.operations import UpdateServicePlan

LIST = "/probes"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def gate(engine: AsyncEngine, database_url: str, clock: Clock) -> CredentialGate:
    return CredentialGate(engine, database_url, clock=clock)


@pytest.fixture
def process(storage: SqlStorage, gate: CredentialGate) -> Starlette:
    """A process for which time stands still."""
    return Starlette(routes=mount(SHRKITY, ENDPOINTS, storage, gate))


def told(answer: httpx.Response) -> tuple[str | None, ...]:
    names = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "Retry-After", "X-RateLimit-Reset")
    return tuple(answer.headers.get(name) for name in names)


async def test_s15_a_key_may_send_120_requests_a_minute(
    process: Starlette, storage: SqlStorage, world: World, clock: Clock
) -> None:
    held = await issued(storage, world, dialect=Channel.SHRKITY)
    async with new_client(process, held.secret) as client:
        for sent in range(1, A_MINUTE + 1):
            answer = await client.get(LIST)
            assert answer.status_code == 200
            assert told(answer) == ("120", str(120 - sent), None, None)
        refused = await client.get(LIST)
        seconds = 60 - int(clock()) % 60
        assert refused.status_code == 429
        assert told(refused) == ("120", "0", str(seconds), None)
        assert refused.json() == {
            "message": f"Too many requests: try again in {seconds} seconds.",
            "code": "rate_limited",
        }

        clock.pass_by(seconds)
        assert told(await client.get(LIST)) == ("120", "119", None, None)


async def test_s15_the_plan_for_buying_makes_no_difference(
    process: Starlette, storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    await owner.execute(
        "UPDATE organizations SET plan = 'BASIC' WHERE id = $1", world.organization.id
    )
    held = await issued(storage, world, dialect=Channel.SHRKITY)
    async with new_client(process, held.secret) as client:
        assert told(await client.get(LIST))[:2] == ("120", "119")


@pytest.mark.parametrize(("limit", "shown"), [(500, ("500", "499")), (0, (str(2**31 - 1),) * 2)])
async def test_s15_an_operators_limit_goes_before(
    process: Starlette,
    storage: SqlStorage,
    world: World,
    owner: asyncpg.Connection,
    limit: int,
    shown: tuple[str, str],
) -> None:
    held = await issued(storage, world, dialect=Channel.SHRKITY)
    statement = "UPDATE api_credentials SET requests_per_minute = $1 WHERE id = $2"
    await owner.execute(statement, limit, held.id)
    async with new_client(process, held.secret) as client:
        assert told(await client.get(LIST)) == (*shown, None, None)


async def test_s15_errors_tell_what_is_left_too(
    process: Starlette, storage: SqlStorage, world: World, gate: CredentialGate
) -> None:
    permissions = [Permission.DEPARTMENTS_READ]
    held = await issued(storage, world, dialect=Channel.SHRKITY, permissions=permissions)
    async with new_client(process, held.secret) as client:
        assert told(await client.get("/nowhere")) == ("120", "119", None, None)
        forbidden = await client.post(LIST, json={})
        assert (forbidden.status_code, told(forbidden)) == (403, ("120", "118", None, None))

        await run(UpdateServicePlan(service_plan=ServicePlan.STARTER), world.caller(), storage)
        gate.authenticator.forget()
        for _ in range(2):
            closed = await client.get(LIST)
            assert (closed.status_code, told(closed)) == (403, ("120", "118", None, None))
