"""Whom orders are for, every exchange as in tests/rest/golden/shrkity."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import httpx

from domain.connection_requests import ConnectionRequest
from domain.customers import Client
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.rest.goldens import exchange
from tests.usecases.orders import done
from usecases.compliance_documents import CreateComplianceDocument

Golden = Callable[..., Awaitable[httpx.Response]]


def goldens(office: httpx.AsyncClient) -> Golden:
    async def golden(name: str, *asked: Any) -> httpx.Response:
        return await exchange(office, f"shrkity/{name}", *asked)

    return golden


async def test_clients_companies_and_workers(office: httpx.AsyncClient) -> None:
    golden = goldens(office)
    acme = {"name": "Acme Trading Co.", "email": "office@acme.example", "phone_number": "+966500"}
    palm = {"legal_name": "Palm Trading", "type": "llc", "cr_number": "1010000001", "client_id": 1}
    iqama = {"name": "Wael Worker", "iqama_number": "2345678901", "birth_date": "1990-05-01"}

    await golden("client-create", "POST", "/clients", acme)
    await golden("client-create-again", "POST", "/clients", acme)
    await golden("client-create-invalid", "POST", "/clients", {"name": "", "email": "nowhere"})
    await golden("client-update", "PUT", "/clients/1", acme | {"portal_ref": "A-7"})
    await golden("client-update-unknown", "PUT", "/clients/42", acme)
    await golden("client-list", "GET", "/clients")
    await golden("company-create", "POST", "/companies", palm)
    await golden("company-create-invalid", "POST", "/companies", {"type": "guild", "client_id": 42})
    await golden("company-update", "PUT", "/companies/2", {"city": "Riyadh", "country": "SA"})
    await golden("company-update-unknown", "PUT", "/companies/42", {"city": "Riyadh"})
    await golden("company-list", "GET", "/companies")
    await golden("worker-create", "POST", "/companies/2/workers", iqama)
    await golden("worker-create-invalid", "POST", "/companies/2/workers", {"iqama_number": "1"})
    await golden("worker-update", "PATCH", "/companies/2/workers/1", {"job_title": "Driver"})
    await golden("worker-update-elsewhere", "PATCH", "/companies/1/workers/1", {"name": "X"})
    await golden("worker-list", "GET", "/companies/2/workers")
    await golden("worker-delete", "DELETE", "/companies/2/workers/1")
    await golden("worker-delete-again", "DELETE", "/companies/2/workers/1")


async def test_the_life_of_a_connection(office: httpx.AsyncClient, save: Save) -> None:
    golden = goldens(office)
    for name in ("Reem", "Salem"):
        client = Client.create({"name": name, "email": f"{name}@example.com"}, make.NOON)
        await save(client)
        await save(ConnectionRequest.create(client.id, "Please", make.NOON))

    await golden("connection-list", "GET", "/connections?status=pending")
    await golden("connection-list-invalid", "GET", "/connections?status=open")
    await golden("connection-approve", "POST", "/connections/1/approve")
    await golden("connection-approve-again", "POST", "/connections/1/approve")
    await golden("connection-revoke", "POST", "/connections/1/revoke", {"reason": "Moved away"})
    await golden("connection-reject", "POST", "/connections/2/reject", {"reason": "Unknown"})
    await golden("connection-reject-unknown", "POST", "/connections/42/reject")


async def test_documents(
    office: httpx.AsyncClient, world: World, storage: SqlStorage, save: Save
) -> None:
    golden = goldens(office)
    company, type = make.company(), make.document_type(code="cr")
    await save(company, type)
    document = CreateComplianceDocument(
        type_id=type.id,
        company_id=company.id,
        number="CR-1",
        issued_on=date(2020, 1, 1),
        expires_on=date(9000, 1, 1),
        file_url="https://files.example/cr.pdf",
    )
    await done(document, world, storage)

    await golden("document-list", "GET", "/documents?status=valid&expiring_soon=false")
    await golden("document-list-invalid", "GET", "/documents?status=lost&expires_from=soon")
    await golden("document-get", "GET", "/documents/1")
    await golden("document-get-unknown", "GET", "/documents/42")
