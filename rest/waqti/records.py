"""What answers are made of: the rows of one order or of many, asked for in one snapshot."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from domain.callers import Locale
from rest.kit.calls import the
from rest.waqti.wire.parts import shown
from rest.waqti.wire.purchase_orders import (
    CreatedPurchaseOrder,
    Parties,
    Parts,
    Progress,
    PurchaseOrder,
)
from rest.waqti.wire.vendors import Vendor
from usecases.reads import Reads
from usecases.reads.kit import Whole
from usecases.reads.purchase_orders import PurchaseOrderRow
from usecases.reads.suppliers import SupplierTotals

NOTHING_ORDERED = SupplierTotals(0, Decimal(0))


async def parties(read: Reads, orders: Sequence[PurchaseOrderRow]) -> Parties:
    projects = [order.project_id for order in orders if order.project_id is not None]
    return Parties(
        await read.suppliers.by_ids([*{order.supplier_id for order in orders}]),
        await read.departments.by_ids([*{order.department_id for order in orders}]),
        await read.projects.by_ids([*set(projects)]) if projects else {},
    )


async def parts(read: Reads, order: PurchaseOrderRow) -> Parts:
    lines = await read.purchase_order_lines.by_order_ids([order.id])
    approvals = (await read.approvals.by_order_ids([order.id])).get(order.id, ())
    attachments = await read.purchase_order_attachments.by_order_ids([order.id])
    audit = (await read.audit_entries.by_subject_ids([order.id])).get(order.id, ())
    people = {order.created_by_id, *(entry.actor_id for entry in audit)}
    people |= {row.approver_id for row in shown(approvals) if row.approver_id is not None}
    users = await read.users.by_ids([*people])
    return Parts(lines.get(order.id, ()), approvals, attachments.get(order.id, ()), audit, users)


async def detail(read: Reads, id: UUID, locale: Locale) -> PurchaseOrder:
    order = the(await read.purchase_orders.by_ids([id]), id)
    return PurchaseOrder.of(order, await parties(read, [order]), await parts(read, order), locale)


async def created(read: Reads, id: UUID) -> CreatedPurchaseOrder:
    order = the(await read.purchase_orders.by_ids([id]), id)
    lines = await read.purchase_order_lines.by_order_ids([id])
    attachments = await read.purchase_order_attachments.by_order_ids([id])
    return CreatedPurchaseOrder.of(
        order, await parties(read, [order]), lines.get(id, ()), attachments.get(id, ())
    )


async def progress(read: Reads, id: UUID, locale: Locale) -> Progress:
    order = the(await read.purchase_orders.by_ids([id]), id)
    approvals = (await read.approvals.by_order_ids([id])).get(id, ())
    users = await read.users.by_ids(order.pending_approver_ids)
    return Progress.of(order, approvals, users, locale)


async def vendor(read: Reads, id: UUID, locale: Locale) -> Vendor:
    supplier = the(await read.suppliers.by_ids([id]), id)
    totals = (await read.suppliers.totals_by_ids([id])).get(id, NOTHING_ORDERED)
    organization = (await read.organizations.own([Whole.ORGANIZATION]))[Whole.ORGANIZATION]
    return Vendor.of(supplier, totals, organization.base_currency, locale)
