"""Compliance documents: kept, changed, revoked, and when they are to be renewed."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated
from uuid import UUID

from domain.callers import Permission
from domain.compliance_documents import ComplianceDocument, ComplianceDocumentType, DocumentHolder
from domain.customers import Company
from domain.kit import checks
from domain.kit.errors import RuleBroken, raise_first
from domain.kit.given import UNSET, Maybe, given
from domain.workers import Worker
from usecases.kit import ExpectedVersion, UseCase
from usecases.ports import UnitOfWork

DocumentId = Annotated[UUID, ComplianceDocument, "The document."]
_GIVEN = ("number", "issued_on", "expires_on", "renewal_window_days", "file_url")


@dataclass(frozen=True, kw_only=True)
class CreateComplianceDocument(UseCase[ComplianceDocument]):
    """Keep a document of a company or of one of its workers, as its type says.

    One without a number is asked for, and MISSING until somebody hands it in.
    """

    requires = Permission.DOCUMENTS_WRITE

    type_id: Annotated[UUID, ComplianceDocumentType, "What it is."]
    company_id: Annotated[UUID, Company, "The company it belongs to, or that the worker is of."]
    worker_id: Annotated[UUID | None, Worker, "The worker it belongs to."] = None
    number: Annotated[str | None, "The number on it."] = None
    issued_on: Annotated[date | None, "When it was issued."] = None
    expires_on: Annotated[date | None, "Its last day; it never runs out without one."] = None
    renewal_window_days: Annotated[
        int | None, "How many days before it runs out it is to be renewed; the type's without it."
    ] = None
    file_url: Annotated[str | None, "Where a copy is."] = None

    async def execute(self, uow: UnitOfWork) -> ComplianceDocument:
        # Locked, so that its window does not change meanwhile.
        types = uow.records(ComplianceDocumentType)
        type = await types.get(self.type_id, path=("type_id",))
        raise_first(checks.found(_archived(type), _misfit(type, self.worker_id)))
        await self._check_holder(uow)
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        document = ComplianceDocument.create(values, uow.now)
        document.renewed_within(type.renewal_window_days)
        uow.records(ComplianceDocument).add(document)
        return document

    async def _check_holder(self, uow: UnitOfWork) -> None:
        # The foreign key knows customers, not of which kind they are.
        if self.company_id not in await uow.reads.companies.by_ids([self.company_id]):
            raise Company.missing(self.company_id, ("company_id",))
        if self.worker_id is None:
            return
        path = ("worker_id",)
        worker = (await uow.reads.workers.by_ids([self.worker_id])).get(self.worker_id)
        if worker is None:
            raise Worker.missing(self.worker_id, path)
        if worker.company_id != self.company_id:
            raise RuleBroken("this company has no such worker", path=path)
        if worker.removed_at is not None:
            raise RuleBroken("this worker was removed", path=path)


def _archived(type: ComplianceDocumentType) -> RuleBroken | None:
    if not type.archived:
        return None
    return RuleBroken("archived types are not asked for any more", path=("type_id",))


def _misfit(type: ComplianceDocumentType, worker_id: UUID | None) -> RuleBroken | None:
    if type.holder is DocumentHolder.WORKER and worker_id is None:
        return RuleBroken("a document of this type belongs to a worker", path=("worker_id",))
    if type.holder is DocumentHolder.COMPANY and worker_id is not None:
        return RuleBroken("a document of this type belongs to a company", path=("worker_id",))
    return None


@dataclass(frozen=True, kw_only=True)
class UpdateComplianceDocument(UseCase[ComplianceDocument]):
    """Change a document: hand it in, renew it. What is left out stays, and whose it is."""

    requires = Permission.DOCUMENTS_WRITE

    id: DocumentId
    expected_version: ExpectedVersion = None
    number: Annotated[Maybe[str | None], "The number on it."] = UNSET
    issued_on: Annotated[Maybe[date | None], "When it was issued."] = UNSET
    expires_on: Annotated[Maybe[date | None], "Its last day; it never runs out without one."] = (
        UNSET
    )
    renewal_window_days: Annotated[
        Maybe[int | None],
        "How many days before it runs out it is to be renewed; the type's without it.",
    ] = UNSET
    file_url: Annotated[Maybe[str | None], "Where a copy is."] = UNSET

    async def execute(self, uow: UnitOfWork) -> ComplianceDocument:
        row = (await uow.reads.compliance_documents.by_ids([self.id])).get(self.id)
        if row is None:
            raise ComplianceDocument.missing(self.id)
        # Its type first: whoever changes that locks its documents after it.
        type = await uow.records(ComplianceDocumentType).get(row.type_id)
        documents = uow.records(ComplianceDocument)
        document = await documents.get(self.id, expected=self.expected_version)
        document.require_standing()
        document.update(given({name: getattr(self, name) for name in _GIVEN}), uow.now)
        document.renewed_within(type.renewal_window_days)
        return document


@dataclass(frozen=True, kw_only=True)
class RevokeComplianceDocument(UseCase[ComplianceDocument]):
    """Say that a document does not count any more, for good; another one can take its place."""

    requires = Permission.DOCUMENTS_WRITE

    id: DocumentId
    expected_version: ExpectedVersion = None
    reason: Annotated[str | None, "Why."] = None

    async def execute(self, uow: UnitOfWork) -> ComplianceDocument:
        raise_first(checks.found(checks.text(self.reason, ("reason",), most=2000)))
        documents = uow.records(ComplianceDocument)
        document = await documents.get(self.id, expected=self.expected_version)
        document.revoke(uow.now, self.reason)
        return document


async def reschedule_all(type: ComplianceDocumentType, uow: UnitOfWork) -> None:
    """Documents that go by the window of a locked type are to be renewed at another time."""
    found = await uow.reads.compliance_documents.going_by_type_ids([type.id])
    ids = [each.id for each in found.get(type.id, ())]
    for document in await uow.records(ComplianceDocument).get_many(ids):
        document.rescheduled(type.renewal_window_days, uow.now)
