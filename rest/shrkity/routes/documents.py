"""Compliance documents: fact S-61."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.callers import Permission
from domain.compliance_documents import ComplianceDocument, ComplianceDocumentType
from domain.customers import Company
from domain.workers import Worker
from rest.kit import Call, Endpoint, NumberedPage, page_of
from rest.kit.calls import the
from rest.kit.inputs import Nothing
from rest.shrkity.wire import documents as wire
from usecases.reads.compliance_documents import (
    ComplianceDocumentFilter,
    ComplianceDocumentOrder,
    ComplianceDocumentRow,
)
from usecases.reads.legacy_ids import LegacyId

READ = Permission.DOCUMENTS_READ
NOBODY = UUID(int=0)  # whose documents are those of an id that names nothing


async def index(call: Call[wire.Documents]) -> NumberedPage[wire.Document]:
    async def shaped(rows: Sequence[ComplianceDocumentRow]) -> list[wire.Document]:
        return [wire.Document.of(row, call.asked.locale) for row in rows]

    questions = call.read.compliance_documents
    filter = await _filter(call)
    return await page_of(questions, filter, ComplianceDocumentOrder(), call.given, shaped)


async def show(call: Call[Nothing]) -> wire.Document:
    id = await call.id(ComplianceDocument.kind)
    row = the(await call.read.compliance_documents.by_ids([id]), id)
    return wire.Document.of(row, call.asked.locale)


async def _filter(call: Call[wire.Documents]) -> ComplianceDocumentFilter:
    """What names nothing has no documents."""
    given = call.given
    named = {
        "company_id": (Company.kind, given.company_id),
        "worker_id": (Worker.kind, given.company_employee_id),
        "type_id": (ComplianceDocumentType.kind, given.document_type_id),
    }
    legacy = {
        name: LegacyId(kind, call.system, value)
        for name, (kind, value) in named.items()
        if value is not None
    }
    found = await call.read.legacy_ids.to_ids([*legacy.values()]) if legacy else {}
    return ComplianceDocumentFilter(
        **{name: found.get(each, NOBODY) for name, each in legacy.items()},
        status=None if given.status is None else (given.status,),
        expiring_soon=given.expiring_soon,
        expires_from=given.expires_from,
        expires_to=given.expires_to,
        search=given.search,
    )


ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/documents", index, wire.Documents, needs=READ),
    Endpoint("GET", "/documents/{id}", show, Nothing, needs=READ),
]
