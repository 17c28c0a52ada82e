"""Suppliers."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain import performances
from domain import suppliers as domain
from domain.callers import Permission
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Payload
from schema.kit.mutations import creates, mutations, updates
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import related
from schema.kit.scalars import CurrencyCode
from schema.kit.views import node_of, plain, view_of
from usecases.reads.kit import Page, Whole
from usecases.reads.suppliers import SupplierRow

if TYPE_CHECKING:
    from schema.purchase_invoices import PurchaseInvoiceConnection
    from schema.purchase_orders import PurchaseOrderConnection

shown(domain.SupplierStatus)

READ = Permission.SUPPLIERS_READ


@view_of(domain.SupplierContact)
@strawberry.type(description="A person to talk to at a supplier's.")
class SupplierContact:
    name: str = plain("Who it is.")
    email: str | None = plain("E-mail address.")
    phone: str | None = plain("Phone number, as dialled.")
    role: str | None = plain("What they are there.")


@view_of(performances.DeliveryTime)
@strawberry.type(description="Whether a supplier delivers in time.")
class DeliveryTimePerformance:
    score: Decimal | None = plain("The percentage of receipts in time.")
    average_days: Decimal | None = plain("Days from an order's approval to a receipt.")
    on_time_percentage: Decimal | None = plain(
        "Receipts on or before the expected delivery date, of those whose order has one."
    )


@view_of(performances.Quality)
@strawberry.type(description="What comes of what a supplier delivers.")
class QualityPerformance:
    score: Decimal | None = plain("100, less both rates.")
    defect_rate: Decimal | None = plain("The percentage of delivered goods that were rejected.")
    return_rate: Decimal | None = plain("The percentage of posted receipts that were reversed.")


@view_of(performances.Pricing)
@strawberry.type(description="How a supplier's prices compare, for goods that others deliver, too.")
class PricingPerformance:
    score: Decimal | None = plain("The competitiveness, at most 100.")
    competitiveness: Decimal | None = plain(
        "What the others were paid on average, in percent of what this one was paid:"
        " 110 is cheaper than the others, 90 is dearer."
    )


@view_of(performances.Responsiveness)
@strawberry.type(description="How soon a supplier reacts to an order.")
class ResponsivenessPerformance:
    score: Decimal | None = plain("100, less one for each day.")
    average_days: Decimal | None = plain("Days from an order's approval to its first delivery.")


@view_of(performances.SupplierPerformance)
@strawberry.type(
    description="How a supplier does, from posted goods receipts. Null is what nobody can know yet."
)
class SupplierPerformance:
    overall_score: Decimal | None = plain("The mean of the scores that are known, 0 to 100.")
    delivery_time: DeliveryTimePerformance = plain("Whether they deliver in time.")
    quality: QualityPerformance = plain("What comes of what they deliver.")
    pricing: PricingPerformance = plain("How their prices compare.")
    responsiveness: ResponsivenessPerformance = plain("How soon they react.")


@node_of(SupplierRow, "sup", lambda read: read.suppliers.by_ids, needs=READ)
@strawberry.type(description="Whom you buy from. Waqti calls them vendors.")
class Supplier(Node):
    version: int = plain("Goes up with every change.")
    code: str | None = plain("Your own short code for them.")
    name: str = plain("Name in English.")
    name_ar: str | None = plain("Name in Arabic.")
    status: domain.SupplierStatus = plain("Only ACTIVE suppliers can be ordered from.")
    category: str | None = plain("What they sell.")
    tax_id: str | None = plain("VAT number.")
    registration_number: str | None = plain("Commercial registration number.")
    email: str | None = plain("Where orders are sent.")
    phone: str | None = plain("Phone number, as dialled.")
    address: str | None = plain("Postal address, as it is printed.")
    payment_terms: int | None = plain("Days until their invoices are due.")
    currency: CurrencyCode | None = plain("Currency they usually invoice in.")
    bank_name: str | None = plain("Their bank.")
    bank_account: str | None = plain("Their account, usually an IBAN.")
    contacts: list[SupplierContact] = plain("People to talk to.")
    performance_score: Decimal | None = plain(
        "0 to 100, as of their last goods receipt; null as long as nothing is known."
    )
    performance: SupplierPerformance | None = related(
        "id",
        lambda read: read.suppliers.performances_by_ids,
        "How they do, as of now.",
        needs=READ,
    )
    purchase_orders: Annotated[
        "PurchaseOrderConnection", strawberry.lazy("schema.purchase_orders")
    ] = related(
        "id",
        lambda read: read.purchase_orders.by_supplier_ids,
        "What was ordered from them.",
        needs=Permission.PURCHASE_ORDERS_READ,
    )
    invoices: Annotated[
        "PurchaseInvoiceConnection", strawberry.lazy("schema.purchase_invoices")
    ] = related(
        "id",
        lambda read: read.purchase_invoices.by_supplier_ids,
        "What they invoiced.",
        needs=Permission.PURCHASE_INVOICES_READ,
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When the record was created.")
    updated_at: datetime = plain("When it was last changed.")


@view_of(Page[SupplierRow])
@strawberry.type(description="A page of suppliers.")
class SupplierConnection(Connection[Supplier]):
    total_count: int = related("listing", lambda read: read.suppliers.counts, "In the whole list.")


@strawberry.type
class SupplierQueries:
    supplier: Supplier | None = found_by_id("sup", "A supplier.")
    suppliers: SupplierConnection = related(
        Whole.ORGANIZATION, lambda read: read.suppliers.all, "The suppliers.", needs=READ
    )


@strawberry.type(description="A supplier after the mutation.")
class SupplierPayload(Payload):
    supplier: Supplier | None = related(
        "id", lambda read: read.suppliers.by_ids, "The supplier as it is now."
    )


@mutations(SupplierPayload)
class SupplierMutations:
    supplier_create = creates(domain.Supplier, "Create a supplier.")
    supplier_update = updates(
        domain.Supplier, "Change a supplier, its status included. What is left out stays."
    )
