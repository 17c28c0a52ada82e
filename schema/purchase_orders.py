"""Purchase orders."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain import purchase_orders as domain
from domain.callers import Caller, Permission
from domain.kit import lifecycle
from schema.approvables import Approvable
from schema.approval_previews import ApprovalPreview
from schema.approvals import Approval
from schema.audit import AuditEntry
from schema.budgets import Budget, BudgetEntryConnection, BudgetImpact
from schema.departments import Department
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Payload
from schema.kit.mutations import does, mutations
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import computed, related, related_many
from schema.kit.views import node_of, plain, to_id, view_of
from schema.lifecycles import Transition
from schema.moneys import Money
from schema.projects import Project
from schema.revisions import PurchaseOrderRevision
from schema.suppliers import Supplier
from schema.users import User
from usecases import purchase_orders as usecases
from usecases.reads.kit import Page, Whole
from usecases.reads.purchase_orders import (
    PurchaseOrderAttachmentRow,
    PurchaseOrderLineRow,
    PurchaseOrderRow,
)

if TYPE_CHECKING:
    from schema.goods_receipts import GoodsReceipt
    from schema.purchase_invoices import PurchaseInvoice

shown(domain.PurchaseOrderStatus)
shown(domain.ReceiptStatus)
shown(domain.BillingStatus)

READ = Permission.PURCHASE_ORDERS_READ


def transitions_of(order: PurchaseOrderRow, caller: Caller) -> list[lifecycle.Transition]:
    return domain.LIFECYCLE.transitions(order, caller)


@node_of(PurchaseOrderLineRow, "pol", lambda read: read.purchase_order_lines.by_ids, needs=READ)
@strawberry.type(description="A line of a purchase order.")
class PurchaseOrderLine(Node):
    position: int = plain("1, 2, 3, …")
    description: str = plain("What is ordered.")
    quantity: Decimal = plain("How much.")
    unit: str | None = plain("What the quantity counts.")
    unit_price: Money = plain("Of one unit without tax; may be finer than the minor units.")
    vat_rate: Decimal = plain("Tax rate in percent.")
    net: Money = plain("Quantity times unit price.")
    vat: Money = plain("Tax on it.")
    total: Money = plain("Both together.")
    accepted: Decimal = plain("How much was delivered and accepted.")
    rejected: Decimal = plain("How much was delivered and rejected.")
    open: Decimal = plain("How much is still to come.")
    invoiced: Decimal = plain("How much approved invoices bill.")
    legacy_ids: list[LegacyId] = legacy_ids()


@view_of(PurchaseOrderAttachmentRow, "att")
@strawberry.type(description="A file that goes with a purchase order.")
class PurchaseOrderAttachment:
    id: strawberry.ID = computed(to_id, "Its id.")
    name: str = plain("File name.")
    url: str = plain("Where it can be fetched.")
    size: int | None = plain("In bytes, where known.")


@node_of(PurchaseOrderRow, "po", lambda read: read.purchase_orders.by_ids, needs=READ)
@strawberry.type(description="What you ask a supplier for, and who agreed to it.")
class PurchaseOrder(Approvable):
    version: int = plain("Goes up with every change; give it back as `expectedVersion`.")
    number: str = plain("Document number, without gaps in each year: `PO-2026-0043`.")
    status: domain.PurchaseOrderStatus = plain("Where it stands.")
    receipt_status: domain.ReceiptStatus = plain("How much of it was delivered and accepted.")
    billing_status: domain.BillingStatus = plain("How much of it approved invoices bill.")
    revision: int = plain("1, and one more with every amendment.")
    approved_revision: int | None = plain("The newest revision that everybody agreed to.")
    transitions: list[Transition] = computed(
        transitions_of, "What can be done next, and what stands in the way, for you."
    )
    supplier: Supplier | None = related(
        "supplier_id",
        lambda read: read.suppliers.by_ids,
        "Whom it is ordered from.",
        needs=Permission.SUPPLIERS_READ,
    )
    department: Department | None = related(
        "department_id",
        lambda read: read.departments.by_ids,
        "Who orders.",
        needs=Permission.DEPARTMENTS_READ,
    )
    project: Project | None = related(
        "project_id",
        lambda read: read.projects.by_ids,
        "What it is for.",
        needs=Permission.PROJECTS_READ,
    )
    budget: Budget | None = related(
        "budget_id",
        lambda read: read.budgets.by_ids,
        "What it draws on: named by a user, or chosen when it was submitted.",
        needs=Permission.BUDGETS_READ,
    )
    budget_impact: BudgetImpact | None = related(
        "id",
        lambda read: read.budget_impacts.by_order_ids,
        "What it means for its budget, or as a draft would mean; null without one.",
        needs=Permission.BUDGETS_READ,
    )
    budget_entries: BudgetEntryConnection = related(
        "id",
        lambda read: read.budget_entries.by_order_ids,
        "What it booked in its budget, the newest first.",
        needs=Permission.BUDGETS_READ,
    )
    created_by: User | None = related(
        "created_by_id",
        lambda read: read.users.by_ids,
        "Who drafted it.",
        needs=Permission.USERS_READ,
    )
    exchange_rate: Decimal = plain("Base currency for one unit of the order's; frozen.")
    subtotal: Money = plain("The lines without tax.")
    vat: Money = plain("Their tax.")
    total: Money = plain("Both together.")
    base_total: Money = plain("The total in the base currency: what approvals look at.")
    notes: str | None = plain("For the supplier to read.")
    delivery_address: str | None = plain("Where to deliver.")
    expected_delivery_date: date | None = plain("When it should be there.")
    lines: list[PurchaseOrderLine] = related_many(
        "id", lambda read: read.purchase_order_lines.by_order_ids, "What is ordered.", needs=READ
    )
    attachments: list[PurchaseOrderAttachment] = related_many(
        "id", lambda read: read.purchase_order_attachments.by_order_ids, "Files.", needs=READ
    )
    approval_preview: ApprovalPreview | None = related(
        "id",
        lambda read: read.approval_previews.by_order_ids,
        "Which way it would go if you submitted it now; null when it is no draft.",
        needs=READ,
    )
    approvals: list[Approval] = related_many(
        "id",
        lambda read: read.approvals.by_order_ids,
        "Who was asked and what they said: round by round, step by step.",
        needs=READ,
    )
    revisions: list[PurchaseOrderRevision] = related_many(
        "id",
        lambda read: read.purchase_order_revisions.by_order_ids,
        "What it said since it was approved first: with every amendment one more.",
        needs=READ,
    )
    as_of: PurchaseOrderRevision | None = related(
        "id",
        lambda read: read.purchase_order_revisions.as_of,
        "What it said at a moment, or in a revision; null before it was approved.",
        needs=READ,
    )
    goods_receipts: list[Annotated["GoodsReceipt", strawberry.lazy("schema.goods_receipts")]] = (
        related_many(
            "id",
            lambda read: read.goods_receipts.by_order_ids,
            "What was delivered for it, oldest first; drafts and what was reversed, too.",
            needs=Permission.GOODS_RECEIPTS_READ,
        )
    )
    invoices: list[Annotated["PurchaseInvoice", strawberry.lazy("schema.purchase_invoices")]] = (
        related_many(
            "id",
            lambda read: read.purchase_invoices.by_order_ids,
            "What its supplier invoiced for it, oldest first; what was cancelled, too.",
            needs=Permission.PURCHASE_INVOICES_READ,
        )
    )
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that happened to it."
    )
    cloned_from: "PurchaseOrder | None" = related(
        "cloned_from_id", lambda read: read.purchase_orders.by_ids, "Its original.", needs=READ
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    submitted_at: datetime | None = plain("When it was last submitted.")
    approved_at: datetime | None = plain("When the last step agreed.")
    created_at: datetime = plain("When it was drafted.")
    updated_at: datetime = plain("When it was last changed.")


@view_of(Page[PurchaseOrderRow])
@strawberry.type(description="A page of purchase orders.")
class PurchaseOrderConnection(Connection[PurchaseOrder]):
    total_count: int = related(
        "listing", lambda read: read.purchase_orders.counts, "In the whole list."
    )


@strawberry.type
class PurchaseOrderQueries:
    purchase_order: PurchaseOrder | None = found_by_id("po", "A purchase order.")
    purchase_orders: PurchaseOrderConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.purchase_orders.all,
        "The purchase orders, newest first unless ordered otherwise.",
        needs=READ,
    )


@strawberry.type(description="A purchase order after the mutation.")
class PurchaseOrderPayload(Payload):
    purchase_order: PurchaseOrder | None = related(
        "id",
        lambda read: read.purchase_orders.by_ids,
        "The order as it is now; after VERSION_CONFLICT, as somebody else left it; after"
        " BUDGET_EXCEEDED, as it was.",
    )


@mutations(PurchaseOrderPayload)
class PurchaseOrderMutations:
    purchase_order_create = does(usecases.CreatePurchaseOrder, prefix="po")
    purchase_order_update = does(usecases.UpdatePurchaseOrder)
    purchase_order_delete = does(usecases.DeletePurchaseOrder)
    purchase_order_clone = does(usecases.ClonePurchaseOrder)
    purchase_order_line_add = does(usecases.AddPurchaseOrderLine)
    purchase_order_line_update = does(usecases.UpdatePurchaseOrderLine)
    purchase_order_line_delete = does(usecases.DeletePurchaseOrderLine)
    purchase_order_submit = does(usecases.SubmitPurchaseOrder)
    purchase_order_approve = does(usecases.ApprovePurchaseOrder)
    purchase_order_reject = does(usecases.RejectPurchaseOrder)
    purchase_order_request_changes = does(usecases.RequestPurchaseOrderChanges)
    purchase_order_delegate = does(usecases.DelegatePurchaseOrder)
    purchase_order_recall = does(usecases.RecallPurchaseOrder)
    purchase_order_cancel = does(usecases.CancelPurchaseOrder)
    purchase_order_amend = does(usecases.AmendPurchaseOrder)
    purchase_order_close_short = does(usecases.ClosePurchaseOrderShort)
