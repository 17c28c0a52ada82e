"""Whom a key lets in, and why it does not: facts S-2 to S-10."""

from datetime import UTC, datetime, timedelta
from itertools import count

import asyncpg
import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from domain.api_credentials import ApiCredential
from domain.callers import Channel, Permission
from domain.organizations import ServicePlan
from persistence.storage import SqlStorage
from rest.kit import mount
from rest.shrkity import SHRKITY
from server.gate import CredentialGate
from server.limits import STRANGERS
from tests.conftest import World
from tests.rest.shrkity.probes import ENDPOINTS
from tests.rest.shrkity.samples import new_client
from tests.server.clocks import Clock
from tests.server.gates import issued, revoke
from tests.server.statements import sent_by
from usecases.kit import run
from usecases.operations import UpdateServicePlan

LIST = "/probes"
WELL_FORMED = "shk_live_" + "a" * 40
MESSAGES = {
    "invalid_api_key": "The API key is missing or invalid.",
    "revoked_api_key": "The API key has been revoked.",
    "expired_api_key": "The API key has expired.",
    "plan_required": "The workspace's current plan does not include API access.",
    "ip_not_allowed": "The API key may not be used from this IP address.",
}
ADDRESSES = count()


@pytest.fixture
async def held(storage: SqlStorage, world: World, gate: CredentialGate) -> ApiCredential:
    """A key that is pinned to a network of which nobody calls, and may nothing."""
    gate.authenticator.forget()
    return await issued(
        storage, world, dialect=Channel.SHRKITY, networks=["192.0.2.0/24"], permissions=[]
    )


async def asked(app: Starlette, address: str | None = None, **headers: str) -> httpx.Response:
    """From an address that has not called before, unless it is given."""
    address = address or f"198.51.100.{next(ADDRESSES) % 250}"
    names = {"bearer": "Authorization", "key": "X-Api-Key"}
    given = {names[name]: value for name, value in headers.items()}
    async with new_client(app, None, address=address) as client:
        return await client.get(LIST, headers=given)


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()) == (
        status,
        {"message": MESSAGES[code], "code": code},
    )


@pytest.mark.parametrize("header", ["bearer", "key", "both"])
async def test_s2_a_key_is_shown_in_either_header(
    probe: Starlette, storage: SqlStorage, world: World, header: str
) -> None:
    secret = (await issued(storage, world, dialect=Channel.SHRKITY)).secret or ""
    shown = {"bearer": f"Bearer {secret}", "key": secret}
    headers = shown if header == "both" else {header: shown[header]}

    assert (await asked(probe, **headers)).status_code == 200


async def test_s2_two_different_keys_are_none(
    probe: Starlette, storage: SqlStorage, world: World, engine: AsyncEngine
) -> None:
    one = (await issued(storage, world, dialect=Channel.SHRKITY)).secret or ""
    two = (await issued(storage, world, dialect=Channel.SHRKITY)).secret or ""

    with sent_by(engine) as sent:
        answer = await asked(probe, bearer=f"Bearer {one}", key=two)

    refused(answer, 401, "invalid_api_key")
    assert sent == []


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "shk_live_" + "a" * 39,
        "shk_live_" + "a" * 41,
        "shk_live_" + "a" * 39 + "-",
        "SHK_LIVE_" + "a" * 40,
        "shk_test_" + "a" * 40,
        "3|" + "a" * 40,
        "a" * 40,
        "bog_" + "a" * 40,
    ],
)
async def test_s3_what_has_not_the_form_of_a_key_is_not_looked_up(
    probe: Starlette, engine: AsyncEngine, secret: str
) -> None:
    with sent_by(engine) as sent:
        refused(await asked(probe, key=secret), 401, "invalid_api_key")
        refused(await asked(probe, bearer=f"Bearer {secret}"), 401, "invalid_api_key")
    assert sent == []


async def test_s5_what_is_missing_or_unknown_is_invalid(probe: Starlette) -> None:
    refused(await asked(probe), 401, "invalid_api_key")
    refused(await asked(probe, bearer="Basic eDp5"), 401, "invalid_api_key")
    refused(await asked(probe, key=WELL_FORMED), 401, "invalid_api_key")


async def test_s5_keys_of_other_apis_and_of_inactive_users_are_invalid(
    probe: Starlette, storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    graphql = await issued(storage, world)
    ours = await issued(storage, world, world.approver, dialect=Channel.SHRKITY)
    await owner.execute("UPDATE users SET active = false WHERE id = $1", world.approver.id)

    refused(await asked(probe, key=graphql.secret or ""), 401, "invalid_api_key")
    refused(await asked(probe, key=ours.secret or ""), 401, "invalid_api_key")


async def test_s10_a_revoked_key_is_refused_by_processes_that_knew_it(
    probe: Starlette, storage: SqlStorage, world: World, gate: CredentialGate
) -> None:
    credential = await issued(storage, world, dialect=Channel.SHRKITY)
    assert (await asked(probe, key=credential.secret or "")).status_code == 200

    await revoke(storage, world, credential)
    gate.authenticator.forget(world.organization.id)

    refused(await asked(probe, key=credential.secret or ""), 401, "revoked_api_key")


@pytest.mark.parametrize("plan", ServicePlan)
async def test_s6_the_plan_decides_on_every_request(
    probe: Starlette, storage: SqlStorage, world: World, gate: CredentialGate, plan: ServicePlan
) -> None:
    secret = (await issued(storage, world, dialect=Channel.SHRKITY)).secret or ""
    assert (await asked(probe, key=secret)).status_code == 200

    await run(UpdateServicePlan(service_plan=plan), world.caller(), storage)
    gate.authenticator.forget(world.organization.id)
    answer = await asked(probe, key=secret)

    if plan is ServicePlan.STARTER:
        refused(answer, 403, "plan_required")
    else:
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("networks", "address", "allowed"),
    [
        ([], "203.0.113.9", True),
        (["203.0.113.9"], "203.0.113.9", True),
        (["203.0.113.9"], "::ffff:203.0.113.9", True),
        (["::ffff:203.0.113.9"], "203.0.113.9", True),
        (["::ffff:203.0.113.0/120"], "203.0.113.77", True),
        (["203.0.113.8/31"], "203.0.113.10", False),
        (["198.51.100.0/24", "203.0.113.0/24"], "203.0.113.9", True),
        (["2001:db8::/32"], "2001:db8:7::1", True),
        (["2001:db8::/32"], "2001:db9::1", False),
        (["2001:db8::/32"], "203.0.113.9", False),
        (["0.0.0.0/0"], "203.0.113.9", True),
        (["0.0.0.0/0"], "2001:db8::1", False),
        (["203.0.113.9"], "no address", False),
    ],
)
async def test_s7_a_pinned_key_works_from_its_networks_alone(
    probe: Starlette,
    storage: SqlStorage,
    world: World,
    networks: list[str],
    address: str,
    *,
    allowed: bool,
) -> None:
    held = await issued(storage, world, dialect=Channel.SHRKITY, networks=networks)

    answer = await asked(probe, address, key=held.secret or "")

    if allowed:
        assert answer.status_code == 200
    else:
        refused(answer, 403, "ip_not_allowed")


async def test_s8_a_missing_scope_is_named_and_writing_is_not_reading(
    probe: Starlette, storage: SqlStorage, world: World
) -> None:
    """Facts S-11 and S-19."""
    held = await issued(
        storage, world, dialect=Channel.SHRKITY, permissions=[Permission.DEPARTMENTS_WRITE]
    )

    answer = await asked(probe, key=held.secret or "")

    assert (answer.status_code, answer.json()) == (
        403,
        {
            "message": "The API key does not have the required scope.",
            "code": "insufficient_scope",
            "required_scope": "departments:read",
        },
    )


async def test_s9_the_first_reason_in_order_is_told(
    probe: Starlette,
    storage: SqlStorage,
    world: World,
    held: ApiCredential,
    gate: CredentialGate,
    owner: asyncpg.Connection,
) -> None:
    """Everything is wrong with it, and is put right one thing after the other."""
    past, future = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 1))
    await owner.execute(
        "UPDATE api_credentials SET revoked_at = $1, expires_at = $1, requests_per_minute = 1"
        " WHERE id = $2",
        past,
        held.id,
    )
    await run(UpdateServicePlan(service_plan=ServicePlan.STARTER), world.caller(), storage)

    async def answered(path: str = LIST, address: str = "203.0.113.9") -> tuple[int, str | None]:
        gate.authenticator.forget()
        async with new_client(probe, held.secret, address=address) as client:
            answer = await client.post(path, content=b"no JSON")
        return answer.status_code, answer.json().get("code")

    assert await answered() == (401, "revoked_api_key")
    await owner.execute("UPDATE api_credentials SET revoked_at = NULL WHERE id = $1", held.id)
    assert await answered() == (401, "expired_api_key")
    await owner.execute("UPDATE api_credentials SET expires_at = $1 WHERE id = $2", future, held.id)
    assert await answered() == (403, "plan_required")
    await run(UpdateServicePlan(service_plan=ServicePlan.SCALE), world.caller(), storage)
    assert await answered() == (403, "ip_not_allowed")
    inside = "192.0.2.7"
    assert await answered("/nowhere", inside) == (404, None)
    assert await answered(address="203.0.113.9") == (403, "ip_not_allowed")
    assert await answered(address=inside) == (429, "rate_limited")
    await owner.execute("UPDATE api_credentials SET requests_per_minute = 0 WHERE id = $1", held.id)
    assert await answered(address=inside) == (403, "insufficient_scope")
    await owner.execute("UPDATE api_credentials SET permissions = NULL WHERE id = $1", held.id)
    assert await answered(address=inside) == (422, "validation_failed")


async def test_s5_whoever_shows_no_valid_key_is_limited_by_the_address(
    storage: SqlStorage, engine: AsyncEngine, database_url: str
) -> None:
    address = "198.51.100.200"
    gate = CredentialGate(engine, database_url, clock=Clock())
    probe = Starlette(routes=mount(SHRKITY, ENDPOINTS, storage, gate))
    for _ in range(STRANGERS):
        refused(await asked(probe, address, key="nonsense"), 401, "invalid_api_key")

    answer = await asked(probe, address, key="nonsense")

    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert int(answer.headers["Retry-After"]) in range(1, 61)
