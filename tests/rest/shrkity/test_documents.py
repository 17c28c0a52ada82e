"""Compliance documents over HTTP: fact S-61."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from domain.callers import Permission
from domain.compliance_documents import DocumentHolder, DocumentStatus
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.rest.shrkity.conftest import Login
from tests.usecases.customers import Customers, customers, documents_of_every_status, today
from usecases.compliance_documents import CreateComplianceDocument
from usecases.kit import run


@pytest.fixture
async def held(world: World, storage: SqlStorage) -> Customers:
    return await customers(world, storage)


async def test_s61_a_document_of_a_worker_is_shown(
    office: httpx.AsyncClient, held: Customers, world: World, storage: SqlStorage, save: Save
) -> None:
    iqama = make.document_type(name="Iqama", holder=DocumentHolder.WORKER, renewal_window_days=60)
    await save(iqama)
    create = CreateComplianceDocument(
        type_id=iqama.id,
        company_id=held.company.id,
        worker_id=held.worker.id,
        number="2345678901",
        issued_on=today() - timedelta(days=300),
        expires_on=today() + timedelta(days=60),
        file_url="https://files.example/iqama.pdf",
    )
    document = (await run(create, world.caller(), storage)).record
    assert document is not None

    answer = await office.get(f"/documents/{document.shrkity_id}")

    assert answer.status_code == 200
    assert answer.json() == {
        "id": document.shrkity_id,
        "document_type": {"id": iqama.shrkity_id, "name": "Iqama"},
        "company_id": held.company.shrkity_id,
        "company_employee_id": held.worker.shrkity_id,
        "number": "2345678901",
        "issued_at": (today() - timedelta(days=300)).isoformat(),
        "expires_at": (today() + timedelta(days=60)).isoformat(),
        "renewal_window_days": 60,
        "status": "expiring",
        "file_url": "https://files.example/iqama.pdf",
    }
    listed = (await office.get("/documents")).json()["data"]
    assert listed[0] == answer.json()


@pytest.mark.parametrize("status", DocumentStatus)
async def test_s61_documents_are_filtered_by_status(
    office: httpx.AsyncClient,
    held: Customers,
    world: World,
    storage: SqlStorage,
    status: DocumentStatus,
) -> None:
    made = await documents_of_every_status(held, today(), world, storage)

    answer = (await office.get("/documents", params={"status": status.lower()})).json()

    wanted = [made[status].shrkity_id]
    if status is DocumentStatus.VALID:
        wanted.append(held.document.shrkity_id)
    assert [each["id"] for each in answer["data"]] == wanted
    assert [each["status"] for each in answer["data"]] == [status.lower()] * len(wanted)
    assert answer["meta"]["total"] == len(wanted)


async def test_s61_the_renewal_pipeline(
    office: httpx.AsyncClient, held: Customers, world: World, storage: SqlStorage
) -> None:
    made = await documents_of_every_status(held, today(), world, storage)
    company = held.company.shrkity_id

    soon = await office.get(
        "/documents", params={"company_id": company, "expiring_soon": "true", "per_page": 200}
    )
    rest = await office.get("/documents", params={"company_id": company, "expiring_soon": "false"})

    assert [each["id"] for each in soon.json()["data"]] == [
        made[DocumentStatus.EXPIRING].shrkity_id
    ]
    assert rest.json()["meta"]["total"] == 5


async def test_s61_what_else_they_are_filtered_by(
    office: httpx.AsyncClient, held: Customers, world: World, storage: SqlStorage
) -> None:
    made = await documents_of_every_status(held, today(), world, storage)
    expired = made[DocumentStatus.EXPIRED]

    async def found(**params: Any) -> list[int]:
        answer = await office.get("/documents", params=params)
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()["data"]]

    yesterday = (today() - timedelta(days=1)).isoformat()
    everything = [*(each.shrkity_id for each in reversed(made.values())), held.document.shrkity_id]
    assert await found(company_id=held.company.shrkity_id) == everything
    assert await found(document_type_id=held.document_type.shrkity_id) == everything
    assert await found(expires_to=yesterday) == [expired.shrkity_id]
    assert expired.shrkity_id not in await found(expires_from=today().isoformat())
    assert await found(search="no-expired") == [expired.shrkity_id]
    assert await found(company_employee_id=held.worker.shrkity_id) == []
    for name in ("company_id", "company_employee_id", "document_type_id"):
        assert await found(**{name: 99999}) == []


BROKEN = [
    {"status": "ok"},
    {"company_id": "x"},
    {"expires_from": "01.01.2026"},
    {"expiring_soon": "soon"},
    {"search": "x" * 501},
]


@pytest.mark.parametrize("params", BROKEN)
async def test_s61_what_cannot_be_asked_for_is_422(
    office: httpx.AsyncClient, params: dict[str, str]
) -> None:
    answer = await office.get("/documents", params=params)

    assert (answer.status_code, [*answer.json()["errors"]]) == (422, [*params])


async def test_s61_a_page_of_documents_costs_two_statements(
    office: httpx.AsyncClient,
    held: Customers,
    world: World,
    storage: SqlStorage,
    statements: list[str],
) -> None:
    await documents_of_every_status(held, today(), world, storage)
    statements.clear()

    answer = (await office.get("/documents", params={"per_page": 4})).json()

    assert (len(answer["data"]), answer["meta"]["last_page"]) == (4, 2)
    assert len(statements) == 2


async def test_s61_foreign_and_unknown_documents_are_404(
    office: httpx.AsyncClient, other_world: World, storage: SqlStorage
) -> None:
    foreign = await customers(other_world, storage)

    for id in (foreign.document.shrkity_id, 999, "x"):
        answer = await office.get(f"/documents/{id}")
        assert answer.status_code == 404
        assert answer.json() == {"message": "The requested resource was not found."}
    assert (await office.get("/documents")).json()["data"] == []


async def test_the_scope_is_that_of_documents(login: Login, world: World) -> None:
    without = await login(world, permissions=[Permission.COMPANIES_READ])

    for path in ("/documents", "/documents/1"):
        refused = await without.get(path)
        assert (refused.status_code, refused.json()["required_scope"]) == (403, "documents:read")
