"""Purchase orders as Waqti clients get them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from domain.callers import Locale
from rest.waqti.wire import words
from rest.waqti.wire.parts import (
    Approval,
    Attachment,
    AuditEntry,
    Coded,
    Item,
    Named,
    VendorContact,
    coded,
    name_of,
    shown,
)
from usecases.reads.approvals import ApprovalRow, ApprovalStatus
from usecases.reads.audit import AuditEntryRow
from usecases.reads.departments import DepartmentRow
from usecases.reads.projects import ProjectRow
from usecases.reads.purchase_orders import (
    PurchaseOrderAttachmentRow,
    PurchaseOrderLineRow,
    PurchaseOrderRow,
)
from usecases.reads.suppliers import SupplierRow
from usecases.reads.users import UserRow


class Parties(NamedTuple):
    """Everybody that some orders name, by id."""

    suppliers: Mapping[UUID, SupplierRow]
    departments: Mapping[UUID, DepartmentRow]
    projects: Mapping[UUID, ProjectRow]


NO_PARTIES = Parties({}, {}, {})


@dataclass(slots=True)
class ListedPurchaseOrder:
    """Fact W-28."""

    id: int
    po_number: str
    status: str
    vendor: Named
    department: Named
    currency: str
    subtotal: Decimal
    vat_amount: Decimal
    total_amount: Decimal
    created_at: datetime
    approved_at: datetime | None

    @classmethod
    def of(cls, row: PurchaseOrderRow, parties: Parties, locale: Locale) -> "ListedPurchaseOrder":
        supplier = parties.suppliers[row.supplier_id]
        department = parties.departments[row.department_id]
        return cls(
            row.waqti_id,
            row.number,
            words.STATUSES[row.status],
            Named(supplier.waqti_id, name_of(supplier, locale)),
            Named(department.waqti_id, name_of(department, locale)),
            row.currency,
            row.subtotal.amount,
            row.vat.amount,
            row.total.amount,
            row.created_at,
            row.approved_at,
        )


@dataclass(slots=True)
class CreatedPurchaseOrder:
    """Fact W-34: flat ids here, and only here (W-A13)."""

    id: int
    po_number: str
    status: str
    vendor_id: int
    department_id: int
    project_id: int | None
    currency: str
    subtotal: Decimal
    vat_amount: Decimal
    total_amount: Decimal
    notes: str | None
    delivery_address: str | None
    expected_delivery_date: date | None
    items: list[Item]
    attachments: list[Attachment]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(
        cls,
        row: PurchaseOrderRow,
        parties: Parties,
        lines: Sequence[PurchaseOrderLineRow],
        attachments: Sequence[PurchaseOrderAttachmentRow],
    ) -> "CreatedPurchaseOrder":
        return cls(
            row.waqti_id,
            row.number,
            words.STATUSES[row.status],
            parties.suppliers[row.supplier_id].waqti_id,
            parties.departments[row.department_id].waqti_id,
            parties.projects[row.project_id].waqti_id if row.project_id else None,
            row.currency,
            row.subtotal.amount,
            row.vat.amount,
            row.total.amount,
            row.notes,
            row.delivery_address,
            row.expected_delivery_date,
            [*map(Item.of, lines)],
            [*map(Attachment.of, attachments)],
            row.created_at,
            row.updated_at,
        )


class Parts(NamedTuple):
    """What belongs to one order."""

    lines: Sequence[PurchaseOrderLineRow]
    approvals: Sequence[ApprovalRow]
    attachments: Sequence[PurchaseOrderAttachmentRow]
    audit: Sequence[AuditEntryRow]
    users: Mapping[UUID, UserRow]


@dataclass(slots=True)
class PurchaseOrder:
    """Fact W-35."""

    id: int
    po_number: str
    status: str
    vendor: VendorContact
    department: Coded
    project: Coded | None
    created_by: Named
    currency: str
    subtotal: Decimal
    vat_amount: Decimal
    total_amount: Decimal
    notes: str | None
    delivery_address: str | None
    expected_delivery_date: date | None
    items: list[Item]
    approvals: list[Approval]
    attachments: list[Attachment]
    audit_trail: list[AuditEntry]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(
        cls, row: PurchaseOrderRow, parties: Parties, parts: Parts, locale: Locale
    ) -> "PurchaseOrder":
        supplier = parties.suppliers[row.supplier_id]
        creator = parts.users[row.created_by_id]
        return cls(
            row.waqti_id,
            row.number,
            words.STATUSES[row.status],
            VendorContact(supplier.waqti_id, name_of(supplier, locale), supplier.email),
            coded(parties.departments[row.department_id], locale),
            coded(parties.projects[row.project_id], locale) if row.project_id else None,
            Named(creator.waqti_id, name_of(creator, locale)),
            row.currency,
            row.subtotal.amount,
            row.vat.amount,
            row.total.amount,
            row.notes,
            row.delivery_address,
            row.expected_delivery_date,
            [*map(Item.of, parts.lines)],
            sorted(
                (Approval.of(each, parts.users, locale) for each in shown(parts.approvals)),
                key=lambda approval: (approval.step, approval.approver or ""),
            ),
            [*map(Attachment.of, parts.attachments)],
            [AuditEntry.of(each, parts.users, locale) for each in parts.audit],
            row.created_at,
            row.updated_at,
        )


@dataclass(slots=True)
class PendingApprover(Named):
    role: str | None


@dataclass(slots=True)
class Progress:
    """Where an order stands on its way (facts W-45, W-47)."""

    id: int
    status: str
    current_approval_step: int | None
    pending_approvers: list[PendingApprover]

    @classmethod
    def of(
        cls,
        row: PurchaseOrderRow,
        approvals: Sequence[ApprovalRow],
        users: Mapping[UUID, UserRow],
        locale: Locale,
    ) -> "Progress":
        now = [each for each in approvals if each.status is ApprovalStatus.PENDING]
        approvers = [(users[each.approver_id], each.role) for each in now if each.approver_id]
        return cls(
            row.waqti_id,
            words.STATUSES[row.status],
            now[0].step if now else None,
            sorted(
                (
                    PendingApprover(user.waqti_id, name_of(user, locale), role)
                    for user, role in approvers
                ),
                key=lambda approver: approver.name,
            ),
        )
