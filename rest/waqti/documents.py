"""A purchase order as it is printed (fact W-50), in days of the organization's time zone."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.callers import Locale
from domain.kit.money import minor_units
from rest.kit.calls import the
from rest.waqti import records
from rest.waqti.pdf import DocumentApproval, DocumentLine, Party, PurchaseOrderDocument
from rest.waqti.wire.parts import name_of, shown
from usecases.messages import translate
from usecases.reads import Reads
from usecases.reads.approvals import ApprovalRow, ApprovalStatus
from usecases.reads.purchase_orders import PurchaseOrderLineRow

_LANGUAGES: dict[Locale, Literal["en", "ar"]] = {Locale.AR: "ar"}
# Steps that were not needed, and refusals, are no business of the vendor.
_PRINTED = frozenset({ApprovalStatus.WAITING, ApprovalStatus.PENDING, ApprovalStatus.APPROVED})


async def purchase_order(
    read: Reads, id: UUID, organization_id: UUID, locale: Locale
) -> PurchaseOrderDocument:
    order = the(await read.purchase_orders.by_ids([id]), id)
    organization = the(await read.organizations.by_ids([organization_id]), organization_id)
    parties = await records.parties(read, [order])
    parts = await records.parts(read, order)
    supplier = parties.suppliers[order.supplier_id]
    zone = ZoneInfo(organization.time_zone)
    project = parties.projects[order.project_id] if order.project_id else None

    def day(moment: datetime | None) -> date | None:
        return None if moment is None else moment.astimezone(zone).date()

    def approval(row: ApprovalRow) -> DocumentApproval:
        user = parts.users.get(row.approver_id) if row.approver_id else None
        return DocumentApproval(
            step=row.step,
            name=name_of(user, locale) if user else row.name,
            role=row.role,
            approved_on=day(row.decided_at),
        )

    return PurchaseOrderDocument(
        locale=_LANGUAGES.get(locale, "en"),
        buyer=Party(
            name=name_of(organization, locale),
            address=organization.address,
            vat_number=organization.tax_id,
        ),
        vendor=Party(
            name=name_of(supplier, locale),
            address=supplier.address,
            vat_number=supplier.tax_id,
            email=supplier.email,
        ),
        number=order.number,
        status=order.status,
        created_on=order.created_at.astimezone(zone).date(),
        approved_on=day(order.approved_at),
        expected_on=order.expected_delivery_date,
        department=name_of(parties.departments[order.department_id], locale),
        project=name_of(project, locale) if project else None,
        delivery_address=order.delivery_address,
        notes=order.notes,
        terms=_terms(supplier.payment_terms, locale),
        currency=order.currency,
        minor_units=minor_units(order.currency),
        lines=tuple(map(_line, parts.lines)),
        subtotal=order.subtotal.amount,
        vat=order.vat.amount,
        total=order.total.amount,
        approvals=tuple(approval(row) for row in shown(parts.approvals) if row.status in _PRINTED),
    )


def _line(row: PurchaseOrderLineRow) -> DocumentLine:
    return DocumentLine(
        position=row.position,
        description=row.description,
        quantity=row.quantity,
        unit=row.unit,
        unit_price=row.unit_price.amount,
        vat_rate=row.vat_rate,
        vat=row.vat.amount,
        total=row.total.amount,
    )


def _terms(days: int | None, locale: Locale) -> str | None:
    if days is None:
        return None
    return translate("Payment within {days} days of the invoice date.", locale, {"days": days})
