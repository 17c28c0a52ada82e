"""Customers as tests need them: a client, their company, a worker of it, their papers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from domain.compliance_documents import (
    ComplianceDocument,
    ComplianceDocumentType,
    DocumentStatus,
)
from domain.connection_requests import ConnectionRequest
from domain.customers import Client, Company
from domain.workers import Worker
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep
from usecases.compliance_documents import CreateComplianceDocument, RevokeComplianceDocument
from usecases.kit import run


class Customers(NamedTuple):
    client: Client
    company: Company
    worker: Worker
    connection: ConnectionRequest
    document_type: ComplianceDocumentType
    document: ComplianceDocument


async def customers(world: World, storage: SqlStorage, **values: Any) -> Customers:
    """Kept; `values` are the company's."""
    client = make.client()
    company = make.company(**({"client_id": client.id} | values))
    worker = make.worker(company.id)
    await keep(storage, world.caller(), client)
    await keep(storage, world.caller(), company)
    await keep(storage, world.caller(), worker)
    connection = ConnectionRequest.create(client.id, None, make.NOON)
    type = make.document_type()
    await keep(storage, world.caller(), connection, type)
    create = CreateComplianceDocument(
        type_id=type.id, company_id=company.id, number="1", expires_on=date(9000, 1, 1)
    )
    document = (await run(create, world.caller(), storage)).record
    assert document is not None
    return Customers(client, company, worker, connection, type, document)


def today() -> date:
    """Where test organizations are."""
    return datetime.now(UTC).astimezone(ZoneInfo("Asia/Riyadh")).date()


async def documents_of_every_status(
    held: Customers, today: date, world: World, storage: SqlStorage
) -> dict[DocumentStatus, ComplianceDocument]:
    """Of the company, numbered `no-` and the status; its type's window is 30 days."""
    last: dict[DocumentStatus, int | None] = {
        DocumentStatus.MISSING: 10,
        DocumentStatus.VALID: 31,
        DocumentStatus.EXPIRING: 0,
        DocumentStatus.EXPIRED: -1,
        DocumentStatus.REVOKED: None,
    }
    made: dict[DocumentStatus, ComplianceDocument] = {}
    for status, days in last.items():
        create = CreateComplianceDocument(
            type_id=held.document_type.id,
            company_id=held.company.id,
            number=None if status is DocumentStatus.MISSING else f"no-{status.lower()}",
            expires_on=None if days is None else today + timedelta(days=days),
        )
        record = (await run(create, world.caller(), storage)).record
        assert record is not None
        made[status] = record
    revoke = RevokeComplianceDocument(id=made[DocumentStatus.REVOKED].id, reason="forged")
    await run(revoke, world.caller(), storage)
    return made
