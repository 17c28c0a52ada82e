"""Compliance documents: registrations, licences, residence permits, and when they run out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Protocol
from uuid import UUID

from domain.callers import Permission
from domain.customers import Company
from domain.kit import checks
from domain.kit.errors import IllegalMove, RuleBroken
from domain.kit.record import Record
from domain.workers import Worker

LONGEST_WINDOW = Decimal(3650)  # days


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


class Dates(Protocol):
    """What the status of a document follows from."""

    @property
    def number(self) -> str | None: ...
    @property
    def revoked_at(self) -> datetime | None: ...
    @property
    def expires_on(self) -> date | None: ...
    @property
    def renews_on(self) -> date | None: ...


def status_on(today: date, document: Dates) -> DocumentStatus:
    """Fact S-61, as of a day where the organization is."""
    if document.number is None:
        return DocumentStatus.MISSING
    if document.revoked_at is not None:
        return DocumentStatus.REVOKED
    if document.expires_on is not None and document.expires_on < today:
        return DocumentStatus.EXPIRED
    if document.renews_on is not None and document.renews_on <= today:
        return DocumentStatus.EXPIRING
    return DocumentStatus.VALID


@dataclass(kw_only=True, eq=False)
class ComplianceDocumentType(Record):
    kind = "compliance_document_type"
    prefix = "dty"
    managed_with = Permission.DOCUMENTS_WRITE

    code: Annotated[str, "Short code, unique in the organization."]
    name: Annotated[str, "What such a document is called."]
    name_ar: Annotated[str | None, "The same in Arabic."] = None
    holder: Annotated[DocumentHolder, "Whose it is."] = DocumentHolder.COMPANY
    renewal_window_days: Annotated[int, "How many days before it runs out it is to be renewed."] = (
        30
    )
    archived: Annotated[bool, "Archived types are not asked for any more."] = False
    shrkity_id: int | None = None

    def problems(self) -> list[RuleBroken]:
        return checks.found(
            checks.text(self.code, ("code",), most=64, required=True),
            checks.text(self.name, ("name",), most=200, required=True),
            checks.text(self.name_ar, ("name_ar",), most=200),
            _window_problem(self.renewal_window_days),
        )

    def update(self, given: Mapping[str, Any], at: datetime) -> None:
        """Change what is given; whose it is stays, for the documents that there may be."""
        if given.get("holder", self.holder) is not self.holder:
            raise RuleBroken("a type keeps its holder: open another type instead", path=("holder",))
        super().update(given, at)


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
        int | None, "How many days before it runs out it is to be renewed; the type's without it."
    ] = None
    file_url: Annotated[str | None, "Where a copy is."] = None
    renews_on: date | None = None
    revoked_at: datetime | None = None
    shrkity_id: int | None = None

    def problems(self) -> list[RuleBroken]:
        ends_early = (
            self.expires_on is not None
            and self.issued_on is not None
            and self.expires_on < self.issued_on
        )
        return checks.found(
            checks.text(self.number, ("number",), most=100, required=self.number is not None),
            RuleBroken("this is before the day of issue", path=("expires_on",))
            if ends_early
            else None,
            None if self.renewal_window_days is None else _window_problem(self.renewal_window_days),
            checks.text(self.file_url, ("file_url",), most=2000),
            None
            if self.file_url is None or self.file_url.startswith(("https://", "http://"))
            else RuleBroken("this must begin with https:// or http://", path=("file_url",)),
        )

    def require_standing(self) -> None:
        """Raise IllegalMove when it was revoked: another one takes its place."""
        if self.revoked_at is not None:
            raise IllegalMove("this document was revoked")

    def renewed_within(self, type_days: int) -> None:
        """Keep when it is to be renewed, for lists to look at; the type's window is its usual."""
        days = type_days if self.renewal_window_days is None else self.renewal_window_days
        self.renews_on = _before(self.expires_on, days)

    def rescheduled(self, type_days: int, at: datetime) -> None:
        """Its type's window has changed."""
        before = self.renews_on
        self.renewed_within(type_days)
        if self.renews_on != before:
            self._record("rescheduled", at, {"renews_on": (before, self.renews_on)})

    def revoke(self, at: datetime, reason: str | None) -> None:
        """It does not count any more, whatever its dates say."""
        self.require_standing()
        if self.number is None:
            raise IllegalMove("nobody has handed this document in")
        said = {} if reason is None else {"reason": reason}
        self._record("revoked", at, self._set({"revoked_at": at}), **said)


def _window_problem(days: int) -> RuleBroken | None:
    return checks.number(Decimal(days), ("renewal_window_days",), most=LONGEST_WINDOW)


def _before(last: date | None, days: int) -> date | None:
    """So many days earlier; the first day there is where that is none any more."""
    if last is None:
        return None
    return last - timedelta(days=min(days, (last - date.min).days))
