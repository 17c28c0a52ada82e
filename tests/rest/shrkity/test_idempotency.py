"""Requests that are sent again: facts S-16 and S-17."""

from asyncio import gather
from collections import Counter
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from domain.callers import Caller, Channel
from domain.departments import Department
from domain.kit.errors import IdempotencyMismatch
from persistence.idempotency import KEPT
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.rest.shrkity.samples import new_client
from tests.server.gates import issued
from usecases.answers import once
from usecases.kit import run
from usecases.records import CreateRecord

COUNT = "SELECT count(*) FROM departments WHERE organization_id = $1 AND code LIKE 'P-%'"
REUSED = ("idempotency_key_reused", "This idempotency key was used for another request.")
RUNNING = (
    "idempotency_in_progress",
    "A request with this idempotency key is still being answered.",
)


def keyed(text: str = "order-7f3a") -> dict[str, str]:
    return {"Idempotency-Key": text}


def probe_of(number: int = 1) -> dict[str, str]:
    return {"name": f"Probe {number}", "code": f"P-{number}"}


@pytest.fixture
async def holder(
    probe: Starlette, storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> Any:
    """A client, and the caller that its key makes of it; without a limit, which leaves traces."""
    held = await issued(storage, world, dialect=Channel.SHRKITY)
    lifted = "UPDATE api_credentials SET requests_per_minute = 0 WHERE id = $1"
    await owner.execute(lifted, held.id)
    async with new_client(probe, held.secret) as client:
        yield client, world.caller(credential_id=held.id)


@pytest.fixture
def office(holder: tuple[httpx.AsyncClient, Caller]) -> httpx.AsyncClient:
    return holder[0]


def refused(answer: httpx.Response, status: int, said: tuple[str, str]) -> None:
    code, message = said
    assert (answer.status_code, answer.json()) == (status, {"message": message, "code": code})


async def test_s16_the_same_request_gets_the_same_answer_and_is_done_once(
    office: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    first = await office.post("/probes", json=probe_of(), headers=keyed())
    assert first.status_code == 201, first.text
    assert "Idempotency-Replayed" not in first.headers

    async with unchanged(owner, world):
        again = await office.post("/probes", json=probe_of(), headers=keyed())

    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Content-Type"] == first.headers["Content-Type"] == "application/json"
    assert await owner.fetchval(COUNT, world.organization.id) == 1


async def test_s16_what_changed_since_does_not_change_the_answer(
    office: httpx.AsyncClient, owner: asyncpg.Connection, world: World
) -> None:
    first = await office.post("/probes", json=probe_of(), headers=keyed())
    await owner.execute(
        "UPDATE departments SET name = 'Renamed' WHERE organization_id = $1", world.organization.id
    )

    again = await office.post("/probes", json=probe_of(), headers=keyed())

    assert again.content == first.content
    assert again.json() == {"name": "Probe 1", "code": "P-1", "version": 1}


async def test_s16_without_a_key_every_request_is_a_new_one(office: httpx.AsyncClient) -> None:
    assert (await office.post("/probes", json=probe_of())).status_code == 201
    assert (await office.post("/probes", json=probe_of())).status_code == 422


async def test_s16_failures_are_not_kept(
    office: httpx.AsyncClient, owner: asyncpg.Connection, world: World
) -> None:
    await office.post("/probes", json=probe_of(1))
    async with unchanged(owner, world):
        failed = await office.post("/probes", json=probe_of(1), headers=keyed())
        broken = await office.post("/failures", json={}, headers=keyed())
    assert (failed.status_code, broken.status_code) == (422, 500)

    done = await office.post("/probes", json=probe_of(2), headers=keyed())

    assert (done.status_code, done.json()["code"]) == (201, "P-2")


async def test_s16_an_answer_is_kept_for_a_day(
    office: httpx.AsyncClient, owner: asyncpg.Connection, world: World
) -> None:
    await office.post("/probes", json=probe_of(1), headers=keyed())
    sql = """UPDATE idempotency_records SET created_at = created_at - $1::interval
        WHERE organization_id = $2"""
    await owner.execute(sql, KEPT - timedelta(minutes=1), world.organization.id)
    refused(await office.post("/probes", json=probe_of(2), headers=keyed()), 422, REUSED)

    await owner.execute(sql, timedelta(minutes=2), world.organization.id)
    later = await office.post("/probes", json=probe_of(2), headers=keyed())
    again = await office.post("/probes", json=probe_of(2), headers=keyed())

    assert (later.status_code, later.json()["code"]) == (201, "P-2")
    assert (again.content, again.headers["Idempotency-Replayed"]) == (later.content, "true")


async def test_s16_other_methods_take_no_notice_of_a_key(office: httpx.AsyncClient) -> None:
    assert (await office.put("/probes", json=probe_of(1), headers=keyed())).status_code == 200
    assert (await office.put("/probes", json=probe_of(2), headers=keyed())).status_code == 200
    assert (await office.get("/probes", headers=keyed("x" * 256))).status_code == 200


@pytest.mark.parametrize(
    ("path", "body"), [("/probes", probe_of(2)), ("/others", probe_of(1))], ids=["body", "path"]
)
async def test_s17_a_key_is_for_one_request(
    office: httpx.AsyncClient,
    owner: asyncpg.Connection,
    world: World,
    path: str,
    body: dict[str, str],
) -> None:
    await office.post("/probes", json=probe_of(1), headers=keyed())

    async with unchanged(owner, world):
        refused(await office.post(path, json=body, headers=keyed()), 422, REUSED)


async def test_s17_how_the_same_is_written_makes_no_difference(office: httpx.AsyncClient) -> None:
    first = await office.post("/probes", json=probe_of(), headers=keyed())
    spaced = b'{"code" : "P-1",\n "name": "Probe 1"}'
    again = await office.post("/probes", content=spaced, headers=keyed())

    assert (again.status_code, again.content) == (201, first.content)


@pytest.mark.parametrize("text", ["", " ", "x" * 256])
async def test_s17_a_key_has_up_to_255_characters(
    office: httpx.AsyncClient, owner: asyncpg.Connection, world: World, text: str
) -> None:
    async with unchanged(owner, world):
        answer = await office.post("/probes", json=probe_of(), headers=keyed(text))
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert [*answer.json()["errors"]] == ["idempotency_key"]

    longest = await office.post("/probes", json=probe_of(), headers=keyed("x" * 255))
    assert longest.status_code == 201


async def test_s17_keys_belong_to_the_api_key_that_sent_them(
    office: httpx.AsyncClient, probe: Starlette, storage: SqlStorage, world: World
) -> None:
    held = await issued(storage, world, dialect=Channel.SHRKITY)
    ours = await office.post("/probes", json=probe_of(1), headers=keyed())
    async with new_client(probe, held.secret) as other:
        theirs = await other.post("/probes", json=probe_of(2), headers=keyed())

    assert (ours.json()["code"], theirs.json()["code"]) == ("P-1", "P-2")


async def test_s17_while_a_request_is_being_answered_its_double_is_refused_at_once(
    holder: tuple[httpx.AsyncClient, Caller],
    storage: SqlStorage,
    owner: asyncpg.Connection,
    world: World,
) -> None:
    client, caller = holder
    async with once("order-7f3a", "anything", caller, storage):
        async with unchanged(owner, world):
            answer = await client.post("/probes", json=probe_of(), headers=keyed())
        other = await client.post("/probes", json=probe_of(), headers=keyed("order-8"))
    refused(answer, 409, RUNNING)
    assert other.status_code == 201

    later = await client.post("/probes", json=probe_of(2), headers=keyed())
    assert later.status_code == 201  # what was not kept has not happened


async def test_s17_of_many_at_once_one_is_done(
    office: httpx.AsyncClient, owner: asyncpg.Connection, world: World
) -> None:
    answers = await gather(
        *(office.post("/probes", json=probe_of(), headers=keyed()) for _ in range(20))
    )

    done = [answer for answer in answers if answer.status_code == 201]
    assert Counter("Idempotency-Replayed" in answer.headers for answer in done)[False] == 1
    assert len({answer.content for answer in done}) == 1
    for answer in answers:
        if answer.status_code != 201:
            refused(answer, 409, RUNNING)
    assert await owner.fetchval(COUNT, world.organization.id) == 1


async def test_a_key_of_the_graph_is_used_and_so_is_one_of_ours_there(
    holder: tuple[httpx.AsyncClient, Caller], storage: SqlStorage
) -> None:
    client, caller = holder
    create = CreateRecord(kind=Department, given={"name": "Graph", "code": "G-1"})
    await run(create, caller, storage, idempotency_key="graph")
    refused(await client.post("/probes", json=probe_of(), headers=keyed("graph")), 422, REUSED)

    await client.post("/probes", json=probe_of(), headers=keyed("rest"))
    with pytest.raises(IdempotencyMismatch):
        await run(create, caller, storage, idempotency_key="rest")


async def test_what_is_done_once_is_the_work_of_its_key(
    holder: tuple[httpx.AsyncClient, Caller], owner: asyncpg.Connection, world: World
) -> None:
    """Audited and announced as everything else."""
    client, caller = holder
    await client.post("/probes", json=probe_of(), headers=keyed())

    rows = await owner.fetch(
        "SELECT action, credential_id, channel FROM audit_events"
        " WHERE organization_id = $1 AND subject_kind = 'department' AND credential_id = $2",
        world.organization.id,
        caller.credential_id,
    )
    assert [tuple(row) for row in rows] == [("department.created", caller.credential_id, "SHRKITY")]
