"""Connections over HTTP: fact S-60."""

import asyncpg
import httpx
import pytest

from domain.callers import Permission
from domain.connection_requests import ConnectionRequest, ConnectionStatus
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World, keep
from tests.persistence.contents import actions, unchanged
from tests.rest.shrkity.conftest import Login

_S = ConnectionStatus


async def asked(save: Save, status: ConnectionStatus = _S.PENDING) -> ConnectionRequest:
    client = make.client()
    await save(client)
    request = ConnectionRequest.create(client.id, "Please", make.NOON)
    request.status = status
    await save(request)
    return request


async def test_s60_requests_are_listed_newest_first(
    office: httpx.AsyncClient, save: Save, statements: list[str]
) -> None:
    requests = [await asked(save, status) for status in _S]
    statements.clear()

    answer = (await office.get("/connections")).json()

    ids = [request.shrkity_id for request in requests]
    assert [each["id"] for each in answer["data"]] == ids[::-1]
    shown = answer["data"][-1]
    assert shown == {
        "id": requests[0].shrkity_id,
        "client_id": shown["client"]["id"],
        "client": {
            "id": shown["client_id"],
            "name": "Reem Trading Owner",
            "email": shown["client"]["email"],
        },
        "status": "pending",
        "message": "Please",
        "reason": None,
        "decided_at": None,
        "revoked_at": None,
        "created_at": "2026-01-02T12:00:00Z",
        "updated_at": "2026-01-02T12:00:00Z",
    }
    assert len(statements) == 2


@pytest.mark.parametrize("status", _S)
async def test_s60_they_are_filtered_by_status(
    office: httpx.AsyncClient, save: Save, status: ConnectionStatus
) -> None:
    requests = {each: await asked(save, each) for each in _S}

    answer = (await office.get("/connections", params={"status": status.lower()})).json()

    assert [each["id"] for each in answer["data"]] == [requests[status].shrkity_id]
    assert answer["meta"]["total"] == 1


async def test_s60_an_unknown_status_is_422(office: httpx.AsyncClient) -> None:
    answer = await office.get("/connections", params={"status": "open"})

    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        {"status": ["This must be one of pending, active, rejected, revoked."]},
    )


MOVES = [
    ("approve", _S.PENDING, "active", "approved", None),
    ("reject", _S.PENDING, "rejected", "rejected", "Nobody knows them"),
    ("reject", _S.PENDING, "rejected", "rejected", None),
    ("revoke", _S.ACTIVE, "revoked", "revoked", "Contract ended"),
    ("revoke", _S.ACTIVE, "revoked", "revoked", None),
]


@pytest.mark.parametrize(("verb", "before", "after", "event", "reason"), MOVES)
async def test_s60_a_request_moves(
    office: httpx.AsyncClient,
    save: Save,
    owner: asyncpg.Connection,
    verb: str,
    before: ConnectionStatus,
    after: str,
    event: str,
    reason: str | None,
) -> None:
    request = await asked(save, before)
    body = {} if reason is None else {"reason": reason}

    answer = await office.post(f"/connections/{request.shrkity_id}/{verb}", json=body)

    assert answer.status_code == 200
    shown = answer.json()
    assert (shown["id"], shown["status"]) == (request.shrkity_id, after)
    assert shown["reason"] == reason
    moment = "revoked_at" if verb == "revoke" else "decided_at"
    assert shown[moment] == shown["updated_at"]
    assert (await actions(owner, request.id))[-1] == f"connection_request.{event}"


async def test_s60_the_body_may_be_missing(office: httpx.AsyncClient, save: Save) -> None:
    request = await asked(save)

    answer = await office.post(f"/connections/{request.shrkity_id}/reject")

    assert (answer.status_code, answer.json()["status"]) == (200, "rejected")


WRONG = [
    *(("approve", status) for status in (_S.ACTIVE, _S.REJECTED, _S.REVOKED)),
    *(("reject", status) for status in (_S.ACTIVE, _S.REJECTED, _S.REVOKED)),
    *(("revoke", status) for status in (_S.PENDING, _S.REJECTED, _S.REVOKED)),
]


@pytest.mark.parametrize(("verb", "status"), WRONG)
async def test_s60_the_wrong_state_is_409(
    login: Login,
    world: World,
    owner: asyncpg.Connection,
    save: Save,
    verb: str,
    status: ConnectionStatus,
) -> None:
    request = await asked(save, status)
    office = await login(world, limit=0)

    async with unchanged(owner, world):
        answer = await office.post(f"/connections/{request.shrkity_id}/{verb}")

    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_state")


async def test_s60_a_reason_must_be_a_text_that_is_not_too_long(
    login: Login, world: World, owner: asyncpg.Connection, save: Save
) -> None:
    request = await asked(save)
    office = await login(world, limit=0)

    async with unchanged(owner, world):
        for reason in (7, "x" * 2001):
            answer = await office.post(
                f"/connections/{request.shrkity_id}/reject", json={"reason": reason}
            )
            assert (answer.status_code, [*answer.json()["errors"]]) == (422, ["reason"])


async def test_s60_approval_connects_the_client_and_revocation_ends_it(
    office: httpx.AsyncClient, save: Save
) -> None:
    request = await asked(save)

    async def connected() -> bool:
        [client] = (await office.get("/clients")).json()["data"]
        shown: bool = client["connected"]
        return shown

    assert await connected() is False
    await office.post(f"/connections/{request.shrkity_id}/approve")
    assert await connected() is True
    await office.post(f"/connections/{request.shrkity_id}/revoke")
    assert await connected() is False


async def test_s60_foreign_and_unknown_requests_are_404(
    office: httpx.AsyncClient, other_world: World, storage: SqlStorage
) -> None:
    client = make.client()
    await keep(storage, other_world.caller(), client)
    foreign = ConnectionRequest.create(client.id, None, make.NOON)
    await keep(storage, other_world.caller(), foreign)

    for id in (foreign.shrkity_id, 999, "x"):
        assert (await office.post(f"/connections/{id}/approve")).status_code == 404
    assert (await office.get("/connections")).json()["data"] == []


async def test_the_scopes_are_those_of_connections(login: Login, world: World, save: Save) -> None:
    request = await asked(save)
    reader = await login(world, permissions=[Permission.CONNECTIONS_READ])
    writer = await login(world, permissions=[Permission.CONNECTIONS_WRITE])

    assert (await reader.get("/connections")).status_code == 200
    refused = await writer.get("/connections")
    assert (refused.status_code, refused.json()["required_scope"]) == (403, "connections:read")
    for verb in ("approve", "reject", "revoke"):
        refused = await reader.post(f"/connections/{request.shrkity_id}/{verb}")
        assert (refused.status_code, refused.json()["required_scope"]) == (403, "connections:write")
    assert (await writer.post(f"/connections/{request.shrkity_id}/approve")).status_code == 200
