"""Suppliers' invoices, and how they match."""

from datetime import date, datetime
from decimal import Decimal

import strawberry

from domain import purchase_invoices as domain
from domain.callers import Caller, Permission
from domain.kit import lifecycle
from schema.approvables import Approvable
from schema.approvals import Approval
from schema.audit import AuditEntry
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
from schema.purchase_orders import PurchaseOrder, PurchaseOrderLine
from schema.suppliers import Supplier
from schema.users import User
from usecases import purchase_invoices as usecases
from usecases.purchase_invoices.findings import in_words
from usecases.reads.kit import Page, Whole
from usecases.reads.purchase_invoices import (
    PurchaseInvoiceAttachmentRow,
    PurchaseInvoiceLineRow,
    PurchaseInvoicePaymentRow,
    PurchaseInvoiceRow,
)

shown(domain.PurchaseInvoiceStatus)
shown(domain.PaymentStatus)
shown(domain.MatchStatus)
shown(domain.MatchAspect)
shown(domain.MatchVerdict)

READ = Permission.PURCHASE_INVOICES_READ


def transitions_of(invoice: PurchaseInvoiceRow, caller: Caller) -> list[lifecycle.Transition]:
    return domain.LIFECYCLE.transitions(invoice, caller)


def message_of(finding: domain.MatchFinding, caller: Caller) -> str:
    return in_words(finding, caller.locale)


@view_of(domain.MatchFinding)
@strawberry.type(
    description="One comparison of an invoice's line with the order and what was received."
)
class MatchFinding:
    aspect: domain.MatchAspect = plain("What is compared.")
    verdict: domain.MatchVerdict = plain("Whether it agrees, within your tolerances.")
    expected: Decimal | None = plain(
        "The quantity accepted, or the one ordered when even that is exceeded;"
        " the price or the rate ordered. Null for a line that is on no line of the order."
    )
    found: Decimal | None = plain(
        "What is invoiced. Quantities count what earlier invoices bill of the order's line."
    )
    message: str = computed(message_of, "The same in words, in the language of Accept-Language.")


@node_of(PurchaseInvoiceLineRow, "pil", lambda read: read.purchase_invoice_lines.by_ids, needs=READ)
@strawberry.type(description="A line of a supplier's invoice.")
class PurchaseInvoiceLine(Node):
    position: int = plain("1, 2, 3, …")
    description: str = plain("What is invoiced.")
    quantity: Decimal = plain("How much.")
    unit_price: Money = plain("Of one unit without tax; may be finer than the minor units.")
    vat_rate: Decimal = plain("Tax rate in percent.")
    net: Money = plain("Quantity times unit price.")
    vat: Money = plain("Tax on it.")
    total: Money = plain("Both together.")
    order_line: PurchaseOrderLine | None = related(
        "order_line_id",
        lambda read: read.purchase_order_lines.by_ids,
        "The order's line that it bills.",
        needs=Permission.PURCHASE_ORDERS_READ,
    )
    match_status: domain.MatchStatus = plain("How it agrees; never PARTIAL_MATCH.")
    findings: list[MatchFinding] = plain("What was compared, and what came of it.")
    legacy_ids: list[LegacyId] = legacy_ids()


@view_of(PurchaseInvoiceAttachmentRow, "pia")
@strawberry.type(description="A file that goes with a supplier's invoice.")
class PurchaseInvoiceAttachment:
    id: strawberry.ID = computed(to_id, "Its id.")
    name: str = plain("File name.")
    url: str = plain("Where it can be fetched.")


@view_of(PurchaseInvoicePaymentRow)
@strawberry.type(description="A payment of a supplier's invoice, or of a part of it.")
class PurchaseInvoicePayment:
    position: int = plain("1, 2, 3, …")
    amount: Money = plain("How much.")
    paid_on: date = plain("The day it was paid.")
    reference: str | None = plain("What the bank or the cheque calls it.")
    paid_by: User | None = related(
        "paid_by_id",
        lambda read: read.users.by_ids,
        "Who noted it.",
        needs=Permission.USERS_READ,
    )
    recorded_at: datetime = plain("When it was noted.")


@node_of(PurchaseInvoiceRow, "pin", lambda read: read.purchase_invoices.by_ids, needs=READ)
@strawberry.type(description="What a supplier asks you to pay, and whether you ordered and got it.")
class PurchaseInvoice(Approvable):
    version: int = plain("Goes up with every change; give it back as `expectedVersion`.")
    number: str = plain("Your own number of it, without gaps: `INV-001088`.")
    vendor_invoice_number: str = plain("The supplier's own number of it.")
    status: domain.PurchaseInvoiceStatus = plain("Where it stands.")
    payment_status: domain.PaymentStatus = plain("How much of it is paid, and whether in time.")
    match_status: domain.MatchStatus = plain("How it agrees with its order and its receipts.")
    needs_attention: bool = plain(
        "Whether it waits for approval and does not match, and nobody has overridden that."
    )
    transitions: list[Transition] = computed(
        transitions_of, "What can be done next, and what stands in the way, for you."
    )
    supplier: Supplier | None = related(
        "supplier_id",
        lambda read: read.suppliers.by_ids,
        "Who sent it.",
        needs=Permission.SUPPLIERS_READ,
    )
    purchase_order: PurchaseOrder | None = related(
        "purchase_order_id",
        lambda read: read.purchase_orders.by_ids,
        "The order that it bills.",
        needs=Permission.PURCHASE_ORDERS_READ,
    )
    department: Department | None = related(
        "department_id",
        lambda read: read.departments.by_ids,
        "Who ordered; null without an order.",
        needs=Permission.DEPARTMENTS_READ,
    )
    project: Project | None = related(
        "project_id",
        lambda read: read.projects.by_ids,
        "What it was ordered for.",
        needs=Permission.PROJECTS_READ,
    )
    created_by: User | None = related(
        "created_by_id",
        lambda read: read.users.by_ids,
        "Who entered it.",
        needs=Permission.USERS_READ,
    )
    invoice_date: date = plain("The date it bears.")
    due_date: date = plain("When it is due.")
    exchange_rate: Decimal = plain("Base currency for one unit of the invoice's; frozen.")
    subtotal: Money = plain("The lines without tax.")
    vat: Money = plain("Their tax.")
    total: Money = plain("Both together.")
    base_total: Money = plain("The total in the base currency: what approvals look at.")
    paid: Money = plain("How much of it is paid.")
    owed: Money = plain("How much of it is not paid yet.")
    notes: str | None = plain("For whoever approves it.")
    lines: list[PurchaseInvoiceLine] = related_many(
        "id",
        lambda read: read.purchase_invoice_lines.by_invoice_ids,
        "What is invoiced.",
        needs=READ,
    )
    attachments: list[PurchaseInvoiceAttachment] = related_many(
        "id", lambda read: read.purchase_invoice_attachments.by_invoice_ids, "Files.", needs=READ
    )
    payments: list[PurchaseInvoicePayment] = related_many(
        "id",
        lambda read: read.purchase_invoice_payments.by_invoice_ids,
        "What was paid, and when.",
        needs=READ,
    )
    approvals: list[Approval] = related_many(
        "id",
        lambda read: read.approvals.by_invoice_ids,
        "Who was asked and what they said: round by round, step by step.",
        needs=READ,
    )
    overridden_by: User | None = related(
        "overridden_by_id",
        lambda read: read.users.by_ids,
        "Who lets it be approved although it does not match.",
        needs=Permission.USERS_READ,
    )
    overridden_at: datetime | None = plain("When its match was overridden.")
    override_reason: str | None = plain("Why its match was overridden.")
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that happened to it."
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    submitted_at: datetime | None = plain("When it was last submitted.")
    approved_at: datetime | None = plain("When it was approved.")
    created_at: datetime = plain("When it was entered.")
    updated_at: datetime = plain("When it was last changed.")


@view_of(Page[PurchaseInvoiceRow])
@strawberry.type(description="A page of suppliers' invoices.")
class PurchaseInvoiceConnection(Connection[PurchaseInvoice]):
    total_count: int = related(
        "listing", lambda read: read.purchase_invoices.counts, "In the whole list."
    )


@strawberry.type
class PurchaseInvoiceQueries:
    purchase_invoice: PurchaseInvoice | None = found_by_id("pin", "A supplier's invoice.")
    purchase_invoices: PurchaseInvoiceConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.purchase_invoices.all,
        "The suppliers' invoices, newest first unless ordered otherwise.",
        needs=READ,
    )


@strawberry.type(description="A supplier's invoice after the mutation.")
class PurchaseInvoicePayload(Payload):
    purchase_invoice: PurchaseInvoice | None = related(
        "id",
        lambda read: read.purchase_invoices.by_ids,
        "The invoice as it is now; after VERSION_CONFLICT, as somebody else left it.",
    )


@mutations(PurchaseInvoicePayload)
class PurchaseInvoiceMutations:
    purchase_invoice_create = does(usecases.CreatePurchaseInvoice, prefix="pin")
    purchase_invoice_update = does(usecases.UpdatePurchaseInvoice)
    purchase_invoice_delete = does(usecases.DeletePurchaseInvoice)
    purchase_invoice_submit = does(usecases.SubmitPurchaseInvoice)
    purchase_invoice_approve = does(usecases.ApprovePurchaseInvoice)
    purchase_invoice_reject = does(usecases.RejectPurchaseInvoice)
    purchase_invoice_request_changes = does(usecases.RequestPurchaseInvoiceChanges)
    purchase_invoice_delegate = does(usecases.DelegatePurchaseInvoice)
    purchase_invoice_recall = does(usecases.RecallPurchaseInvoice)
    purchase_invoice_override_match = does(usecases.OverridePurchaseInvoiceMatch)
    purchase_invoice_pay = does(usecases.PayPurchaseInvoice)
    purchase_invoice_cancel = does(usecases.CancelPurchaseInvoice)
