"""Workers of a company over HTTP: facts S-41 and S-42."""

from typing import Any

import asyncpg
import httpx
import pytest

from domain.callers import Permission
from domain.workers import Worker
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World, keep
from tests.persistence.contents import actions, unchanged
from tests.rest.shrkity.conftest import Login

AMIR: dict[str, Any] = {
    "name": "Amir Test",
    "name_ar": "أمير",
    "iqama_number": "2345678901",
    "passport_number": "A1234567",
    "nationality": "IN",
    "job_title": "Welder",
    "birth_date": "1990-05-17",
    "email": "amir@work.example",
    "phone": "+966 50",
}


@pytest.fixture
async def path(save: Save) -> str:
    """Where the workers of a company are."""
    company = make.company()
    await save(company)
    return f"/companies/{company.shrkity_id}/workers"


async def test_s41_a_worker_is_added(office: httpx.AsyncClient, path: str) -> None:
    answer = await office.post(path, json=AMIR | {"badge": "B-7", "company_id": 12345})

    assert answer.status_code == 201
    shown = answer.json()
    assert {name: shown[name] for name in AMIR} == AMIR
    assert path == f"/companies/{shown['company_id']}/workers"
    assert shown["metadata"] == {"badge": "B-7"}


BROKEN: list[tuple[dict[str, Any], list[str]]] = [
    ({"name": None}, ["name"]),
    ({"name": "  "}, ["name"]),
    ({"iqama_number": "234567890"}, ["iqama_number"]),
    ({"iqama_number": 2345678901}, ["iqama_number"]),
    ({"nationality": "Indian"}, ["nationality"]),
    ({"birth_date": "17.05.1990"}, ["birth_date"]),
    ({"birth_date": "2990-05-17"}, ["birth_date"]),
    ({"email": "amir"}, ["email"]),
]


@pytest.mark.parametrize(("wrong", "fields"), BROKEN)
async def test_s41_422_says_what_to_fix(
    login: Login,
    world: World,
    owner: asyncpg.Connection,
    path: str,
    wrong: dict[str, Any],
    fields: list[str],
) -> None:
    office = await login(world, limit=0)

    async with unchanged(owner, world):
        answer = await office.post(path, json=AMIR | wrong)

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert [*answer.json()["errors"]] == fields


async def test_s41_workers_of_the_company_alone_are_listed(
    office: httpx.AsyncClient, path: str, save: Save, statements: list[str]
) -> None:
    other = make.company()
    await save(other)
    await save(make.worker(other.id))
    first = (await office.post(path, json=AMIR)).json()
    second = (await office.post(path, json={"name": "Zaki"})).json()
    statements.clear()

    answer = (await office.get(path)).json()

    assert answer["data"] == [first, second]
    assert answer["meta"]["total"] == 2
    assert len(statements) == 3  # the company, how many, which


async def test_s41_a_worker_is_changed(office: httpx.AsyncClient, path: str) -> None:
    made = (await office.post(path, json=AMIR | {"badge": "B-7"})).json()

    answer = await office.patch(f"{path}/{made['id']}", json={"job_title": None, "shift": 2})

    assert answer.status_code == 200
    changed = answer.json()
    assert changed["metadata"] == {"badge": "B-7", "shift": 2}
    assert {name: changed[name] for name in AMIR} == AMIR | {"job_title": None}


async def test_s41_a_removed_worker_is_shown_once_more_and_is_gone(
    office: httpx.AsyncClient, path: str, owner: asyncpg.Connection, world: World
) -> None:
    made = (await office.post(path, json=AMIR)).json()

    answer = await office.delete(f"{path}/{made['id']}")

    assert answer.status_code == 200
    assert answer.json() == made | {"updated_at": answer.json()["updated_at"]}
    assert (await office.get(path)).json()["data"] == []
    for again in (
        await office.delete(f"{path}/{made['id']}"),
        await office.patch(f"{path}/{made['id']}", json={"name": "B"}),
    ):
        assert again.status_code == 404
    query = "SELECT id, removed_at FROM workers WHERE organization_id = $1"
    [row] = await owner.fetch(query, world.organization.id)
    assert row["removed_at"] is not None
    assert await actions(owner, row["id"]) == ["worker.created", "worker.removed"]


async def test_s42_a_worker_of_another_company_is_404(
    login: Login, path: str, save: Save, world: World, owner: asyncpg.Connection
) -> None:
    other = make.company()
    await save(other)
    worker = make.worker(other.id)
    await save(worker)
    office = await login(world, limit=0)

    async with unchanged(owner, world):
        answers = [
            await office.patch(f"{path}/{worker.shrkity_id}", json={"name": "B"}),
            await office.delete(f"{path}/{worker.shrkity_id}"),
        ]

    assert [each.status_code for each in answers] == [404, 404]


async def test_s41_the_workers_of_what_is_no_company_here_are_404(
    office: httpx.AsyncClient, save: Save, other_world: World, storage: SqlStorage
) -> None:
    client, foreign = make.client(), [make.company() for _ in range(3)]
    await save(client)
    await keep(storage, other_world.caller(), *foreign)
    worker: Worker = make.worker(foreign[-1].id)
    await keep(storage, other_world.caller(), worker)

    for id in (client.shrkity_id, foreign[-1].shrkity_id, 999):
        path = f"/companies/{id}/workers"
        assert (await office.get(path)).status_code == 404
        assert (await office.post(path, json=AMIR)).status_code == 404
        assert (await office.patch(f"{path}/{worker.shrkity_id}", json={})).status_code == 404


async def test_the_scopes_are_those_of_companies(login: Login, world: World, path: str) -> None:
    reader = await login(world, permissions=[Permission.COMPANIES_READ])
    writer = await login(world, permissions=[Permission.COMPANIES_WRITE])

    assert (await reader.get(path)).status_code == 200
    assert (await writer.post(path, json=AMIR)).status_code == 201
    for refused, scope in (
        (await reader.post(path, json=AMIR), "companies:write"),
        (await reader.patch(f"{path}/1", json={}), "companies:write"),
        (await reader.delete(f"{path}/1"), "companies:write"),
        (await writer.get(path), "companies:read"),
    ):
        assert (refused.status_code, refused.json()["required_scope"]) == (403, scope)
