"""Sales invoices."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain import sales_invoices as domain
from domain.callers import Caller, Permission
from domain.kit import lifecycle
from schema import customers
from schema.audit import AuditEntry
from schema.customers import Customer
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Payload
from schema.kit.mutations import does, mutations
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import computed, related, related_many
from schema.kit.views import node_of, plain, to_id, view_of
from schema.lifecycles import Transition
from schema.moneys import Money
from usecases import sales_invoices as usecases
from usecases.reads.kit import Page, Whole
from usecases.reads.sales_invoices import InvoiceLanguage, SalesInvoiceLineRow, SalesInvoiceRow

if TYPE_CHECKING:
    from schema.package_subscriptions import PackageSubscription
    from schema.quotations import Quotation
    from schema.service_orders import ServiceOrder

shown(domain.SalesInvoiceStatus)
shown(InvoiceLanguage)

READ = Permission.INVOICES_READ


def transitions_of(invoice: SalesInvoiceRow, caller: Caller) -> list[lifecycle.Transition]:
    return domain.LIFECYCLE.transitions(invoice, caller)


@view_of(SalesInvoiceLineRow, "sil")
@strawberry.type(description="A line of a sales invoice; what is taken off is less than nothing.")
class SalesInvoiceLine:
    id: strawberry.ID = computed(to_id, "Its id.")
    position: int = plain("1, 2, 3, …")
    description: str = plain("What is invoiced.")
    description_ar: str | None = plain("The same in Arabic.")
    quantity: Decimal = plain("How much.")
    unit_price: Money = plain("Of one unit without tax; may be finer than the minor units.")
    vat_rate: Decimal = plain("Tax rate in percent.")
    net: Money = plain("Quantity times unit price.")
    vat: Money = plain("Tax on it; rounded so that the lines add up to the invoice's.")
    total: Money = plain("Both together.")


@node_of(SalesInvoiceRow, "sin", lambda read: read.sales_invoices.by_ids, needs=READ)
@strawberry.type(
    description="What a customer owes for an order, a subscription or a quotation."
    " The system issues it when there is something to bill."
)
class SalesInvoice(Node):
    version: int = plain("Goes up with every change; give it back as `expectedVersion`.")
    number: str = plain("Document number, without gaps in each year: `SINV-2026-0007`.")
    status: domain.SalesInvoiceStatus = plain("Where it stands.")
    overdue: bool = plain("Whether it is owed and was due before today.")
    transitions: list[Transition] = computed(
        transitions_of, "What can be done next, and what stands in the way, for you."
    )
    customer: Customer | None = related(
        "customer_id",
        lambda read: read.customers.by_ids,
        "Who owes it; a simplified invoice names nobody.",
        needs=customers.READ,
    )
    quotation: Annotated["Quotation", strawberry.lazy("schema.quotations")] | None = related(
        "quotation_id",
        lambda read: read.quotations.by_ids,
        "The quotation whose lines it bills, where it does.",
        needs=Permission.QUOTATIONS_READ,
    )
    issued_on: date = plain("The date it bears.")
    due_on: date = plain("When it is due: thirty days later.")
    subtotal: Money = plain("The lines without tax.")
    vat: Money = plain("Their tax.")
    total: Money = plain("Both together: exactly what was sold.")
    lines: list[SalesInvoiceLine] = related_many(
        "id",
        lambda read: read.sales_invoice_lines.by_invoice_ids,
        "What is invoiced.",
        needs=READ,
    )
    service_order: Annotated["ServiceOrder", strawberry.lazy("schema.service_orders")] | None = (
        related(
            "order_id",
            lambda read: read.service_orders.by_ids,
            "The service order that it bills, where it does.",
            needs=Permission.ORDERS_READ,
        )
    )
    package_subscription: (
        Annotated["PackageSubscription", strawberry.lazy("schema.package_subscriptions")] | None
    ) = related(
        "subscription_id",
        lambda read: read.package_subscriptions.by_ids,
        "The subscription of which it bills a period, where it does.",
        needs=Permission.SUBSCRIPTIONS_READ,
    )
    pdf_url: str = related(
        "id",
        lambda read: read.sales_invoice_links.by_ids,
        "Where it can be fetched as PDF: a path on this server, good for ten minutes for whoever"
        " has it, without a credential.",
        needs=READ,
    )
    paid_on: date | None = plain("The day it was paid.")
    payment_reference: str | None = plain("What the bank or the cheque calls the payment.")
    voided_at: datetime | None = plain("When it was declared void.")
    void_reason: str | None = plain("Why it was declared void.")
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that happened to it."
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When it was issued.")
    updated_at: datetime = plain("When it was last changed.")


@view_of(Page[SalesInvoiceRow])
@strawberry.type(description="A page of sales invoices.")
class SalesInvoiceConnection(Connection[SalesInvoice]):
    total_count: int = related(
        "listing", lambda read: read.sales_invoices.counts, "In the whole list."
    )


@strawberry.type
class SalesInvoiceQueries:
    sales_invoice: SalesInvoice | None = found_by_id("sin", "A sales invoice.")
    sales_invoices: SalesInvoiceConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.sales_invoices.all,
        "The sales invoices, newest first unless ordered otherwise.",
        needs=READ,
    )


@strawberry.type(description="A sales invoice after the mutation.")
class SalesInvoicePayload(Payload):
    sales_invoice: SalesInvoice | None = related(
        "id",
        lambda read: read.sales_invoices.by_ids,
        "The invoice as it is now; after VERSION_CONFLICT, as somebody else left it.",
    )


@mutations(SalesInvoicePayload)
class SalesInvoiceMutations:
    sales_invoice_pay = does(usecases.PaySalesInvoice)
    sales_invoice_void = does(usecases.VoidSalesInvoice)
    sales_invoice_reissue = does(usecases.ReissueSalesInvoice, prefix="sin")
