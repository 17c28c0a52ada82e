"""Compliance documents: registrations, licences, residence permits, and when they run out."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from domain.callers import Permission
from domain.customers import Company
from domain.kit.record import Record
from domain.workers import Worker


class DocumentStatus(StrEnum):
    """As of today. MISSING: nobody has handed it in. EXPIRING: within its renewal window."""

    MISSING = "MISSING"
    VALID = "VALID"
    EXPIRING = "EXPIRING"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


class DocumentHolder(StrEnum):
    """Whose documents of a type are."""

    COMPANY = "COMPANY"
    WORKER = "WORKER"


@dataclass(kw_only=True, eq=False)
class ComplianceDocumentType(Record):
    kind = "compliance_document_type"
    prefix = "dty"
    managed_with = Permission.DOCUMENTS_WRITE

    code: Annotated[str, "Short code, unique in the organization."]
    name: Annotated[str, "What such a document is called."]
    name_ar: Annotated[str | None, "The same in Arabic."] = None
    holder: Annotated[DocumentHolder, "Whose it is."] = DocumentHolder.COMPANY
    renewal_window_days: Annotated[int, "How long before it runs out it is to be renewed."] = 30
    archived: Annotated[bool, "Archived types are not asked for any more."] = False
    shrkity_id: int | None = None


@dataclass(kw_only=True, eq=False)
class ComplianceDocument(Record):
    """Fact S-61. `renews_on` is the first day of the renewal window."""

    kind = "compliance_document"
    prefix = "doc"
    managed_with = Permission.DOCUMENTS_WRITE

    type_id: Annotated[UUID, ComplianceDocumentType, "What it is."]
    company_id: Annotated[UUID, Company, "The company it belongs to, or that the worker is of."]
    worker_id: Annotated[UUID | None, Worker, "The worker it belongs to."] = None
    number: Annotated[str | None, "The number on it; nobody has handed it in without one."] = None
    issued_on: Annotated[date | None, "When it was issued."] = None
    expires_on: Annotated[date | None, "Its last day; it never runs out without one."] = None
    renewal_window_days: Annotated[
        int | None, "How long before it runs out it is to be renewed; the type's without it."
    ] = None
    file_url: Annotated[str | None, "Where a copy is."] = None
    renews_on: date | None = None
    revoked_at: datetime | None = None
    shrkity_id: int | None = None
