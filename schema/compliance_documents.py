"""Compliance documents and their types."""

from datetime import date, datetime

import strawberry

from domain import compliance_documents as domain
from domain.callers import Permission
from schema.audit import AuditEntry
from schema.companies import Company
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Payload
from schema.kit.mutations import creates, does, mutations, updates
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import related, related_many
from schema.kit.views import node_of, plain, view_of
from schema.workers import Worker
from usecases import compliance_documents as usecases
from usecases.reads.compliance_documents import ComplianceDocumentRow, ComplianceDocumentTypeRow
from usecases.reads.kit import Page, Whole

shown(domain.DocumentHolder)
shown(domain.DocumentStatus)

READ = Permission.DOCUMENTS_READ


@node_of(
    ComplianceDocumentTypeRow,
    "dty",
    lambda read: read.compliance_document_types.by_ids,
    needs=READ,
)
@strawberry.type(description="What kinds of documents there are: a registration, a permit.")
class ComplianceDocumentType(Node):
    version: int = plain("Goes up with every change; give it back as `expectedVersion`.")
    code: str = plain("Short code, unique in the organization.")
    name: str = plain("What such a document is called.")
    name_ar: str | None = plain("The same in Arabic.")
    holder: domain.DocumentHolder = plain("Whose it is.")
    renewal_window_days: int = plain("How many days before it runs out it is to be renewed.")
    archived: bool = plain("Archived types are not asked for any more.")
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When the record was created.")
    updated_at: datetime = plain("When it was last changed.")


@node_of(ComplianceDocumentRow, "doc", lambda read: read.compliance_documents.by_ids, needs=READ)
@strawberry.type(description="A document that a company or a worker has to have.")
class ComplianceDocument(Node):
    version: int = plain("Goes up with every change; give it back as `expectedVersion`.")
    type: ComplianceDocumentType | None = related(
        "type_id",
        lambda read: read.compliance_document_types.by_ids,
        "What it is.",
        needs=READ,
    )
    company: Company | None = related(
        "company_id",
        lambda read: read.companies.by_ids,
        "The company it belongs to, or that the worker is of.",
        needs=Permission.COMPANIES_READ,
    )
    worker: Worker | None = related(
        "worker_id",
        lambda read: read.workers.by_ids,
        "The worker it belongs to; null when it is the company's.",
        needs=Permission.COMPANIES_READ,
    )
    status: domain.DocumentStatus = plain("As of today, where the organization is.")
    number: str | None = plain("The number on it; null while nobody has handed it in.")
    issued_on: date | None = plain("When it was issued.")
    expires_on: date | None = plain("Its last day; null when it never runs out.")
    renewal_window_days: int = plain(
        "How many days before it runs out it is to be renewed: its own window, or its type's."
    )
    renews_on: date | None = plain("From when on it is to be renewed.")
    file_url: str | None = plain("Where a copy is.")
    revoked_at: datetime | None = plain("Since when it does not count any more.")
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that happened to it."
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When the record was created.")
    updated_at: datetime = plain("When it was last changed.")


@view_of(Page[ComplianceDocumentTypeRow])
@strawberry.type(description="A page of document types.")
class ComplianceDocumentTypeConnection(Connection[ComplianceDocumentType]):
    total_count: int = related(
        "listing", lambda read: read.compliance_document_types.counts, "In the whole list."
    )


@view_of(Page[ComplianceDocumentRow])
@strawberry.type(description="A page of compliance documents.")
class ComplianceDocumentConnection(Connection[ComplianceDocument]):
    total_count: int = related(
        "listing", lambda read: read.compliance_documents.counts, "In the whole list."
    )


@strawberry.type
class ComplianceDocumentQueries:
    compliance_document_type: ComplianceDocumentType | None = found_by_id(
        "dty", "A type of compliance documents."
    )
    compliance_document_types: ComplianceDocumentTypeConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.compliance_document_types.all,
        "The types of compliance documents, oldest first.",
        needs=READ,
    )
    compliance_document: ComplianceDocument | None = found_by_id("doc", "A compliance document.")
    compliance_documents: ComplianceDocumentConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.compliance_documents.all,
        "The compliance documents, newest first unless ordered otherwise.",
        needs=READ,
    )


@strawberry.type(description="A type of compliance documents after the mutation.")
class ComplianceDocumentTypePayload(Payload):
    compliance_document_type: ComplianceDocumentType | None = related(
        "id", lambda read: read.compliance_document_types.by_ids, "The type as it is now."
    )


@mutations(ComplianceDocumentTypePayload)
class ComplianceDocumentTypeMutations:
    compliance_document_type_create = creates(
        domain.ComplianceDocumentType, "Say what kind of documents there are to be handed in."
    )
    compliance_document_type_update = updates(
        domain.ComplianceDocumentType,
        "Change a type. What is left out stays; documents without a renewal window of their own"
        " go by the new one.",
    )


@strawberry.type(description="A compliance document after the mutation.")
class ComplianceDocumentPayload(Payload):
    compliance_document: ComplianceDocument | None = related(
        "id", lambda read: read.compliance_documents.by_ids, "The document as it is now."
    )


@mutations(ComplianceDocumentPayload)
class ComplianceDocumentMutations:
    compliance_document_create = does(usecases.CreateComplianceDocument, prefix="doc")
    compliance_document_update = does(usecases.UpdateComplianceDocument)
    compliance_document_revoke = does(usecases.RevokeComplianceDocument)
