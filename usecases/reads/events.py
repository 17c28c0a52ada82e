"""Events: what happened to records, in the order in which the organization committed it.

Positions count the events of an organization, without gaps; a cursor is a position.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from usecases.reads.kit import from_cursor, to_cursor

_ORDER = ("position",)


class RecordKind(StrEnum):
    """What kind of record something happened to."""

    API_CREDENTIAL = "api_credential"
    APPROVAL_WORKFLOW = "approval_workflow"
    BUDGET = "budget"
    BUSINESS_CALENDAR = "business_calendar"
    COUPON = "coupon"
    CLIENT = "client"
    COMPANY = "company"
    COMPLIANCE_DOCUMENT = "compliance_document"
    COMPLIANCE_DOCUMENT_TYPE = "compliance_document_type"
    CONNECTION_REQUEST = "connection_request"
    DELEGATION = "delegation"
    DEPARTMENT = "department"
    GOODS_RECEIPT = "goods_receipt"
    ORGANIZATION = "organization"
    PACKAGE = "package"
    PACKAGE_SUBSCRIPTION = "package_subscription"
    PROJECT = "project"
    PURCHASE_INVOICE = "purchase_invoice"
    PURCHASE_ORDER = "purchase_order"
    QUOTATION = "quotation"
    ROLE = "role"
    SERVICE_ORDER = "service_order"
    SALES_INVOICE = "sales_invoice"
    SERVICE_DEFINITION = "service_definition"
    SUPPLIER = "supplier"
    USER = "user"
    WEBHOOK_ENDPOINT = "webhook_endpoint"
    WORKER = "worker"


@dataclass(frozen=True, kw_only=True)
class EventFilter:
    """All that is given must hold."""

    kinds: tuple[RecordKind, ...]
    subject_ids: tuple[UUID, ...] | None = None
    types: tuple[str, ...] | None = None


class EventRow(NamedTuple):
    id: UUID
    position: int
    type: str
    kind: RecordKind
    subject_id: UUID
    version: int
    at: datetime
    actor_id: UUID | None
    payload: dict[str, Any]

    @property
    def cursor(self) -> str:
        return to_cursor(self, _ORDER)

    @property
    def changes(self) -> dict[str, Any]:
        """What it did to each field: before and after."""
        changes: dict[str, Any] = self.payload["changes"]
        return changes

    @property
    def details(self) -> dict[str, Any]:
        details: dict[str, Any] = self.payload["details"]
        return details


class EventMark(NamedTuple):
    """An event in brief. `sequence` counts the events of the record: the first one made it."""

    position: int
    type: str
    kind: RecordKind
    subject_id: UUID
    version: int
    at: datetime
    sequence: int


class Told(NamedTuple):
    """Events up to and including `position`; `newest` is that of the last one there is."""

    rows: list[EventRow]
    position: int
    newest: int


class Marked(NamedTuple):
    """The same in brief."""

    rows: list[EventMark]
    position: int
    newest: int


class Events(Protocol):
    """Both read on from a position; from None, which is now, there is nothing to read yet.

    They raise RuleBroken for a position that is still to come.
    """

    async def after(self, position: int | None, filter: EventFilter, *, most: int) -> Told: ...

    async def marks_after(
        self, position: int | None, filter: EventFilter, *, most: int
    ) -> Marked: ...


class Position(NamedTuple):
    position: int

    @property
    def cursor(self) -> str:
        return to_cursor(self, _ORDER)

    @classmethod
    def at(cls, cursor: str) -> "Position":
        """What a cursor says. Raises RuleBroken when it is none of events."""
        [position] = from_cursor(cursor, _ORDER, [int])
        return cls(max(position, 0))
