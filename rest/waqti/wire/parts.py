"""Parts of what Waqti clients get, in the order of the documents; made out of rows.

Amounts have the digits of their currency (fact W-19), quantities and rates as many as they have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from domain.callers import Locale
from rest.kit.answers import plain
from rest.waqti.wire import words
from usecases.messages import translate
from usecases.reads.approvals import ApprovalRow, ApprovalStatus
from usecases.reads.audit import AuditEntryRow
from usecases.reads.departments import DepartmentRow
from usecases.reads.projects import ProjectRow
from usecases.reads.purchase_orders import PurchaseOrderAttachmentRow, PurchaseOrderLineRow
from usecases.reads.users import UserRow


class HasNames(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def name_ar(self) -> str | None: ...


def name_of(row: HasNames, locale: Locale) -> str:
    """In Arabic where that is asked for and known (fact W-7)."""
    return (row.name_ar if locale is Locale.AR else None) or row.name


@dataclass(slots=True)
class Named:
    id: int
    name: str


@dataclass(slots=True)
class VendorContact(Named):
    email: str | None


@dataclass(slots=True)
class Coded(Named):
    code: str


@dataclass(slots=True)
class Item:
    id: int
    line_number: int
    description: str
    quantity: Decimal
    unit: str | None
    unit_price: Decimal
    vat_rate: Decimal
    vat_amount: Decimal
    total: Decimal

    @classmethod
    def of(cls, row: PurchaseOrderLineRow) -> "Item":
        return cls(
            row.waqti_id,
            row.position,
            row.description,
            plain(row.quantity),
            row.unit,
            row.unit_price.amount,
            plain(row.vat_rate),
            row.vat.amount,
            row.total.amount,
        )


@dataclass(slots=True)
class Approval:
    step: int
    approver: str | None
    status: str
    approved_at: datetime | None
    comments: str | None

    @classmethod
    def of(cls, row: ApprovalRow, users: Mapping[UUID, UserRow], locale: Locale) -> "Approval":
        approver = users.get(row.approver_id) if row.approver_id else None
        return cls(
            row.step,
            name_of(approver, locale) if approver else None,
            words.APPROVALS[row.status],
            row.decided_at if row.status is ApprovalStatus.APPROVED else None,
            row.comment,
        )


@dataclass(slots=True)
class Attachment:
    id: int
    name: str
    size: int | None
    url: str

    @classmethod
    def of(cls, row: PurchaseOrderAttachmentRow) -> "Attachment":
        return cls(row.waqti_id, row.name, row.size, row.url)


@dataclass(slots=True)
class AuditEntry:
    action: str
    user: str
    timestamp: datetime

    @classmethod
    def of(cls, row: AuditEntryRow, users: Mapping[UUID, UserRow], locale: Locale) -> "AuditEntry":
        user = users.get(row.actor_id)
        name = name_of(user, locale) if user else translate("System", locale)
        return cls(words.action(row), name, row.at)


def shown(approvals: Sequence[ApprovalRow]) -> list[ApprovalRow]:
    """The last round, without approvers who no longer matter (fact W-37)."""
    last = max((each.round for each in approvals), default=0)
    return [each for each in approvals if each.round == last and each.status in words.APPROVALS]


def coded(row: DepartmentRow | ProjectRow, locale: Locale) -> Coded:
    return Coded(row.waqti_id, name_of(row, locale), row.code)
