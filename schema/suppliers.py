"""Suppliers."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

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
    performance_score: Decimal | None = plain("0 to 100; null as long as nothing is known.")
    purchase_orders: Annotated[
        "PurchaseOrderConnection", strawberry.lazy("schema.purchase_orders")
    ] = related(
        "id",
        lambda read: read.purchase_orders.by_supplier_ids,
        "What was ordered from them.",
        needs=Permission.PURCHASE_ORDERS_READ,
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
