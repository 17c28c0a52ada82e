"""Companies over HTTP: fact S-40."""

from typing import Any

import asyncpg
import httpx
import pytest

from domain.callers import Permission
from domain.customers import Company
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World, keep
from tests.persistence.contents import unchanged
from tests.rest.shrkity.conftest import Login

NAJD: dict[str, Any] = {
    "legal_name": "Najd Contracting",
    "legal_name_ar": "نجد للمقاولات",
    "type": "joint_stock",
    "cr_number": "1010101010",
    "unified_number": "7001234567",
    "vat_number": "300000000000003",
    "country": "SA",
    "city": "Riyadh",
}


async def test_s40_a_company_is_created_for_a_client(office: httpx.AsyncClient, save: Save) -> None:
    client = make.client()
    await save(client)

    answer = await office.post("/companies", json=NAJD | {"client_id": client.shrkity_id, "x": 1})

    assert answer.status_code == 201
    shown = answer.json()
    assert {name: shown[name] for name in NAJD} == NAJD
    assert shown["client_id"] == client.shrkity_id
    assert (shown["is_active"], shown["metadata"]) == (True, {"x": 1})


async def test_s40_companies_are_listed_without_clients(
    office: httpx.AsyncClient, save: Save, statements: list[str]
) -> None:
    client = make.client()
    await save(client)
    await save(*(make.company(name=f"C{n}", client_id=client.id) for n in range(3)))
    statements.clear()

    answer = (await office.get("/companies", params={"per_page": 2})).json()

    assert [each["client_id"] for each in answer["data"]] == [client.shrkity_id] * 2
    assert (answer["meta"]["total"], answer["meta"]["has_next"]) == (3, True)
    assert len(statements) == 2


BROKEN: list[tuple[dict[str, Any], list[str]]] = [
    ({"legal_name": None}, ["legal_name"]),
    ({"legal_name": " "}, ["legal_name"]),
    ({"legal_name": "x" * 201}, ["legal_name"]),
    ({"type": "llp"}, ["type"]),
    ({"cr_number": "101010101"}, ["cr_number"]),
    ({"cr_number": "10101O1010"}, ["cr_number"]),
    ({"cr_number": "٣" * 10}, ["cr_number"]),
    ({"unified_number": "70012345678"}, ["unified_number"]),
    ({"vat_number": "100000000000003"}, ["vat_number"]),
    ({"vat_number": "30000000000003"}, ["vat_number"]),
    ({"country": "KSA"}, ["country"]),
    ({"country": "sa"}, ["country"]),
    ({"client_id": 999}, ["client_id"]),
    ({"client_id": "x"}, ["client_id"]),
    ({"cr_number": "1", "unified_number": "2"}, ["cr_number", "unified_number"]),
]


@pytest.mark.parametrize(("wrong", "fields"), BROKEN)
async def test_s40_422_says_what_to_fix(
    login: Login, world: World, owner: asyncpg.Connection, wrong: dict[str, Any], fields: list[str]
) -> None:
    office = await login(world, limit=0)

    async with unchanged(owner, world):
        answer = await office.post("/companies", json=NAJD | wrong)

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert [*answer.json()["errors"]] == fields


async def test_s40_the_legal_name_is_required(
    login: Login, world: World, owner: asyncpg.Connection
) -> None:
    office = await login(world, limit=0)

    async with unchanged(owner, world):
        answer = await office.post("/companies", json={"city": "Riyadh"})

    assert answer.json() == {
        "message": "legal_name: this must not be empty.",
        "code": "validation_failed",
        "errors": {"legal_name": ["This must not be empty."]},
    }


async def test_s40_a_vat_number_elsewhere_has_the_form_it_has_there(
    office: httpx.AsyncClient,
) -> None:
    body = NAJD | {"country": "PT", "vat_number": "PT 509 442 013"}

    assert (await office.post("/companies", json=body)).json()["vat_number"] == "PT 509 442 013"


async def test_s40_only_clients_own_companies(
    login: Login, world: World, owner: asyncpg.Connection, save: Save
) -> None:
    other = make.company()
    await save(other)
    office = await login(world, limit=0)

    async with unchanged(owner, world):
        answer = await office.post("/companies", json=NAJD | {"client_id": other.shrkity_id})

    assert (answer.status_code, [*answer.json()["errors"]]) == (422, ["client_id"])


async def test_s40_a_change_is_partial(office: httpx.AsyncClient, save: Save) -> None:
    client = make.client()
    await save(client)
    given = NAJD | {"client_id": client.shrkity_id, "tier": "gold"}
    made = (await office.post("/companies", json=given)).json()

    answer = await office.put(
        f"/companies/{made['id']}", json={"city": "Jeddah", "client_id": None, "branch": 2}
    )

    assert answer.status_code == 200
    changed = answer.json()
    assert changed["metadata"] == {"tier": "gold", "branch": 2}
    same = {name: changed[name] for name in NAJD}
    assert same == NAJD | {"city": "Jeddah"}
    assert changed["client_id"] is None


async def test_s40_a_change_must_be_valid(
    login: Login, world: World, owner: asyncpg.Connection
) -> None:
    office = await login(world, limit=0)
    id = (await office.post("/companies", json=NAJD)).json()["id"]

    async with unchanged(owner, world):
        answer = await office.put(f"/companies/{id}", json={"legal_name": None, "cr_number": "1"})

    assert (answer.status_code, [*answer.json()["errors"]]) == (422, ["legal_name"])


async def test_s40_a_client_or_a_foreign_company_is_404(
    office: httpx.AsyncClient, save: Save, other_world: World, storage: SqlStorage
) -> None:
    client, foreign = make.client(), make.company()
    await save(client)
    others: list[Company] = [make.company() for _ in range(3)]
    await keep(storage, other_world.caller(), *others, foreign)

    for id in (client.shrkity_id, foreign.shrkity_id, 0):
        answer = await office.put(f"/companies/{id}", json=NAJD)
        assert (answer.status_code, answer.json()["message"]) == (
            404,
            "The requested resource was not found.",
        )


async def test_the_scopes_are_those_of_companies(login: Login, world: World) -> None:
    reader = await login(world, permissions=[Permission.COMPANIES_READ])
    writer = await login(world, permissions=[Permission.COMPANIES_WRITE])

    assert (await reader.get("/companies")).status_code == 200
    assert (await writer.post("/companies", json=NAJD)).status_code == 201
    for refused, scope in (
        (await reader.post("/companies", json=NAJD), "companies:write"),
        (await reader.put("/companies/1", json=NAJD), "companies:write"),
        (await writer.get("/companies"), "companies:read"),
    ):
        assert (refused.status_code, refused.json()["required_scope"]) == (403, scope)
