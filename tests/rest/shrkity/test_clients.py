"""Clients over HTTP: facts S-36 to S-39."""

from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from domain.callers import Permission
from domain.customers import Client
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World, keep
from tests.persistence.contents import actions, unchanged
from tests.rest.shrkity.conftest import Login
from usecases.kit import run
from usecases.records import UpdateRecord

ACME = {"name": "Acme Trading Co.", "email": "owner@acme.example", "phone_number": "+966 11"}


async def test_s36_clients_are_listed_oldest_first_without_companies(
    office: httpx.AsyncClient, save: Save
) -> None:
    first, second = make.client(name="Zain", phone="1"), make.client(name="Adel")
    second.created_at += timedelta(seconds=1)
    await save(second, first, make.company())

    answer = (await office.get("/clients")).json()

    assert answer["data"][0] == {
        "id": first.shrkity_id,
        "name": "Zain",
        "email": first.email,
        "phone_number": "1",
        "connected": False,
        "is_active": True,
        "metadata": {},
        "created_at": "2026-01-02T12:00:00Z",
        "updated_at": "2026-01-02T12:00:00Z",
    }
    assert [each["id"] for each in answer["data"]] == [first.shrkity_id, second.shrkity_id]
    assert answer["meta"] == {
        "total": 2,
        "per_page": 10,
        "current_page": 1,
        "last_page": 1,
        "has_next": False,
        "has_previous": False,
    }


async def test_s36_a_page_of_clients_costs_two_statements(
    office: httpx.AsyncClient, save: Save, statements: list[str]
) -> None:
    for _ in range(3):
        await save(make.client())
    statements.clear()

    answer = await office.get("/clients", params={"per_page": 2, "page": 2})

    assert len(answer.json()["data"]) == 1
    assert len(statements) == 2


async def test_s37_a_client_is_created(
    office: httpx.AsyncClient, owner: asyncpg.Connection, world: World
) -> None:
    answer = await office.post("/clients", json=ACME)

    assert answer.status_code == 201
    shown = answer.json()
    assert {name: shown[name] for name in ACME} == ACME
    row = await owner.fetchrow(
        "SELECT id, name, phone, customer_kind FROM customers WHERE organization_id = $1",
        world.organization.id,
    )
    assert tuple(row)[1:] == ("Acme Trading Co.", "+966 11", "CLIENT")
    assert await actions(owner, row["id"]) == ["client.created"]


async def test_s37_what_is_not_known_is_kept_and_echoed(office: httpx.AsyncClient) -> None:
    more = {"vip": True, "score": 1.25, "id": 99, "tags": ["a", {"b": None}], "big": 10**30}

    made = (await office.post("/clients", json=ACME | more)).json()
    listed = (await office.get("/clients")).json()["data"]

    kept = {"vip": True, "score": 1.25, "tags": ["a", {"b": None}], "big": str(10**30)}
    assert made["metadata"] == kept
    assert listed == [made]


def nested(depth: int) -> Any:
    return [nested(depth - 1)] if depth else []


BROKEN: list[tuple[dict[str, Any], list[str]]] = [
    ({"email": "a@b.example"}, ["name"]),
    ({"name": "A"}, ["email"]),
    ({"name": None, "email": ""}, ["name", "email"]),
    ({"name": "   ", "email": "a@b.example"}, ["name"]),
    ({"name": "A", "email": "nobody"}, ["email"]),
    ({"name": "A", "email": "a@b.example", "phone_number": "1" * 51}, ["phone_number"]),
    ({"name": 7, "email": "a@b.example"}, ["name"]),
    ({"name": "A", "email": "a@b.example", "x": "\x00"}, ["metadata.x"]),
    ({"name": "A", "email": "a@b.example", "x\x00": 1}, ["metadata"]),
]


@pytest.mark.parametrize(("body", "fields"), BROKEN)
async def test_s37_422_says_what_to_fix(
    login: Login, world: World, owner: asyncpg.Connection, body: dict[str, Any], fields: list[str]
) -> None:
    office = await login(world, limit=0)

    async with unchanged(owner, world):
        answer = await office.post("/clients", json=body)

    assert answer.status_code == 422
    said = answer.json()
    assert said["code"] == "validation_failed"
    assert [*said["errors"]] == fields


@pytest.mark.parametrize("more", [{"x": "z" * 20_001}, {"x": nested(20)}], ids=["much", "deep"])
async def test_s37_not_everything_is_kept(
    login: Login, world: World, owner: asyncpg.Connection, more: dict[str, Any]
) -> None:
    office = await login(world, limit=0)

    async with unchanged(owner, world):
        answer = await office.post("/clients", json=ACME | more)

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


async def test_s37_an_email_is_one_clients_alone_however_it_is_typed(
    login: Login, world: World, owner: asyncpg.Connection
) -> None:
    office = await login(world, limit=0)
    await office.post("/clients", json=ACME)

    async with unchanged(owner, world):
        answer = await office.post("/clients", json=ACME | {"email": "Owner@ACME.example"})

    assert answer.status_code == 422
    assert answer.json()["errors"] == {"email": ["This is taken already."]}


async def test_s38_a_client_is_changed(office: httpx.AsyncClient) -> None:
    made = (await office.post("/clients", json=ACME | {"vip": True})).json()

    answer = await office.put(
        f"/clients/{made['id']}", json={"name": "Acme", "email": "new@acme.example", "tier": 2}
    )

    assert answer.status_code == 200
    changed = answer.json()
    assert (changed["name"], changed["email"]) == ("Acme", "new@acme.example")
    assert changed["phone_number"] == ACME["phone_number"]
    assert changed["metadata"] == {"vip": True, "tier": 2}


async def test_s38_what_was_answered_can_be_sent_back(office: httpx.AsyncClient) -> None:
    made = (await office.post("/clients", json=ACME | {"vip": True})).json()

    again = (await office.put(f"/clients/{made['id']}", json=made)).json()

    assert again == made


async def test_s38_name_and_email_are_required(
    login: Login, world: World, owner: asyncpg.Connection
) -> None:
    office = await login(world, limit=0)
    id = (await office.post("/clients", json=ACME)).json()["id"]

    async with unchanged(owner, world):
        answer = await office.put(f"/clients/{id}", json={"phone_number": "1"})

    assert (answer.status_code, [*answer.json()["errors"]]) == (422, ["name", "email"])


async def test_s38_an_unknown_client_a_company_or_a_foreign_one_is_404(
    office: httpx.AsyncClient, save: Save, other_world: World, storage: SqlStorage
) -> None:
    company, foreign = make.company(), make.client()
    await save(company)
    await keep(storage, other_world.caller(), make.client(), make.client(), foreign)

    for id in (company.shrkity_id, foreign.shrkity_id, 999, "x"):
        answer = await office.put(f"/clients/{id}", json=ACME)
        assert answer.status_code == 404, id
        assert answer.json() == {"message": "The requested resource was not found."}


async def test_s39_there_is_neither_a_get_nor_a_delete_of_a_client(
    office: httpx.AsyncClient,
) -> None:
    id = (await office.post("/clients", json=ACME)).json()["id"]

    assert (await office.get(f"/clients/{id}")).status_code == 404
    assert (await office.delete(f"/clients/{id}")).status_code == 404


async def test_what_the_graph_did_is_seen_here(
    office: httpx.AsyncClient, world: World, storage: SqlStorage, save: Save
) -> None:
    client = make.client()
    await save(client)
    await run(
        UpdateRecord(kind=Client, id=client.id, given={"active": False}), world.caller(), storage
    )

    [shown] = (await office.get("/clients")).json()["data"]

    assert shown["is_active"] is False


async def test_the_scopes_are_those_of_clients(login: Login, world: World) -> None:
    reader = await login(world, permissions=[Permission.CLIENTS_READ])
    writer = await login(world, permissions=[Permission.CLIENTS_WRITE])

    assert (await reader.get("/clients")).status_code == 200
    refused = await reader.post("/clients", json=ACME)
    assert (refused.status_code, refused.json()["required_scope"]) == (403, "clients:write")
    assert (await writer.post("/clients", json=ACME)).status_code == 201
    refused = await writer.get("/clients")
    assert (refused.status_code, refused.json()["required_scope"]) == (403, "clients:read")
