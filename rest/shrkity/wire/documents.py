"""Compliance documents as Shrkity's clients see them: fact S-61."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from domain.callers import Locale
from domain.compliance_documents import DocumentStatus
from rest.kit.answers import one_of_these
from rest.kit.inputs import Day, one_of
from rest.shrkity.wire import words
from rest.shrkity.wire.inputs import Number, Page, Searched
from usecases.reads.compliance_documents import ComplianceDocumentRow

STATUSES = {status: status.lower() for status in DocumentStatus}


class Documents(Page):
    company_id: Number | None = None
    company_employee_id: Number | None = None
    document_type_id: Number | None = None
    status: Annotated[DocumentStatus, one_of(words.inverse(STATUSES))] | None = None
    expiring_soon: bool | None = None
    expires_from: Day | None = None
    expires_to: Day | None = None
    search: Searched | None = None


@dataclass(slots=True)
class DocumentType:
    id: int
    name: str


@dataclass(slots=True)
class Document:
    id: int
    document_type: DocumentType
    company_id: int
    company_employee_id: int | None
    number: str | None
    issued_at: date | None
    expires_at: date | None
    renewal_window_days: int
    status: Annotated[str, one_of_these(STATUSES.values())]
    file_url: str | None

    @classmethod
    def of(cls, row: ComplianceDocumentRow, locale: Locale) -> "Document":
        name = (row.type_name_ar if locale is Locale.AR else None) or row.type_name
        return cls(
            id=row.shrkity_id,
            document_type=DocumentType(row.type_shrkity_id, name),
            company_id=row.company_shrkity_id,
            company_employee_id=row.worker_shrkity_id,
            number=row.number,
            issued_at=row.issued_on,
            expires_at=row.expires_on,
            renewal_window_days=row.renewal_window_days,
            status=STATUSES[row.status],
            file_url=row.file_url,
        )
