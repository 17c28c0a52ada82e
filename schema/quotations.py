"""Quotations."""

from datetime import date, datetime
from decimal import Decimal

import strawberry
from strawberry.scalars import JSON

from domain import quotations as domain
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
from schema.kit.views import node_of, plain, view_of
from schema.lifecycles import Transition
from schema.moneys import Money
from schema.sales_invoices import SalesInvoice
from schema.service_definitions import ServiceDefinition
from schema.service_orders import ServiceOrder
from schema.users import User
from usecases import quotations as usecases
from usecases.reads.kit import Page, Whole
from usecases.reads.quotations import QuotationLineRow, QuotationRow

shown(domain.QuotationStatus)

READ = Permission.QUOTATIONS_READ


def transitions_of(quotation: QuotationRow, caller: Caller) -> list[lifecycle.Transition]:
    return domain.LIFECYCLE.transitions(quotation, caller)


@node_of(QuotationLineRow, "qol", lambda read: read.quotation_lines.by_ids, needs=READ)
@strawberry.type(description="Something that is offered at a price.")
class QuotationLine(Node):
    position: int = plain("1, 2, 3, …")
    description: str = plain("What is offered.")
    service_definition: ServiceDefinition | None = related(
        "service_definition_id",
        lambda read: read.service_definitions.by_ids,
        "The service that it becomes orders of; null when it is invoiced instead.",
        needs=Permission.SERVICES_READ,
    )
    quantity: Decimal = plain("How much.")
    unit_price: Money = plain("Of one unit without tax; may be finer than the minor units.")
    vat_rate: Decimal = plain("Tax rate in percent.")
    net: Money = plain("Quantity times unit price.")
    vat: Money = plain("Tax on it.")
    total: Money = plain("Both together.")
    legacy_ids: list[LegacyId] = legacy_ids()


@node_of(QuotationRow, "quo", lambda read: read.quotations.by_ids, needs=READ)
@strawberry.type(description="What a customer is offered, at which prices, until which day.")
class Quotation(Node):
    version: int = plain("Goes up with every change; give it back as `expectedVersion`.")
    number: str = plain("Document number: `QUO-2026-0007`.")
    status: domain.QuotationStatus = plain("Where it stands.")
    transitions: list[Transition] = computed(
        transitions_of, "What can be done next, and what stands in the way, for you."
    )
    customer: Customer | None = related(
        "customer_id",
        lambda read: read.customers.by_ids,
        "Who is to have it.",
        needs=customers.READ,
    )
    valid_until: date | None = plain("The last day it holds; null: it holds until it is withdrawn.")
    notes: str | None = plain("For the customer to read.")
    subtotal: Money = plain("The lines without tax.")
    vat: Money = plain("Their tax.")
    total: Money = plain("Both together.")
    lines: list[QuotationLine] = related_many(
        "id",
        lambda read: read.quotation_lines.by_quotation_ids,
        "What is offered.",
        needs=READ,
    )
    orders: list[ServiceOrder] = related_many(
        "id",
        lambda read: read.service_orders.by_quotation_ids,
        "The orders that it became, line by line.",
        needs=Permission.ORDERS_READ,
    )
    invoices: list[SalesInvoice] = related_many(
        "id",
        lambda read: read.sales_invoices.by_quotation_ids,
        "What was invoiced of the lines that are no orders; all but the last are void.",
        needs=Permission.INVOICES_READ,
    )
    created_by: User | None = related(
        "created_by_id",
        lambda read: read.users.by_ids,
        "Who drafted it.",
        needs=Permission.USERS_READ,
    )
    sent_at: datetime | None = plain("When the customer got it.")
    decided_at: datetime | None = plain(
        "When it was accepted, declined or withdrawn, or when it expired."
    )
    converted_at: datetime | None = plain("When it was ordered and invoiced.")
    reason: str | None = plain("Why it was declined or withdrawn.")
    metadata: JSON = plain("What older systems' clients sent beyond the fields that there are.")
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that happened to it."
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When it was drafted.")
    updated_at: datetime = plain("When it was last changed.")


@view_of(Page[QuotationRow])
@strawberry.type(description="A page of quotations.")
class QuotationConnection(Connection[Quotation]):
    total_count: int = related("listing", lambda read: read.quotations.counts, "In the whole list.")


@strawberry.type
class QuotationQueries:
    quotation: Quotation | None = found_by_id("quo", "A quotation.")
    quotations: QuotationConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.quotations.all,
        "The quotations, newest first unless ordered otherwise.",
        needs=READ,
    )


@strawberry.type(description="A quotation after the mutation.")
class QuotationPayload(Payload):
    quotation: Quotation | None = related(
        "id",
        lambda read: read.quotations.by_ids,
        "The quotation as it is now; after VERSION_CONFLICT, as somebody else left it.",
    )


@mutations(QuotationPayload)
class QuotationMutations:
    quotation_create = does(usecases.CreateQuotation, prefix="quo")
    quotation_update = does(usecases.UpdateQuotation)
    quotation_delete = does(usecases.DeleteQuotation)
    quotation_send = does(usecases.SendQuotation)
    quotation_accept = does(usecases.AcceptQuotation)
    quotation_decline = does(usecases.DeclineQuotation)
    quotation_withdraw = does(usecases.WithdrawQuotation)
    quotation_convert = does(usecases.ConvertQuotation)
