"""Customers: what companies and clients have in common."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.scalars import JSON

from domain import customers as domain
from domain.callers import Permission
from schema.audit import AuditEntry
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import related, related_many
from schema.kit.scalars import CurrencyCode
from schema.kit.views import OfKind, kinds_of, plain, view_of
from usecases.reads.customers import ClientRow, CompanyRow, CustomerRow
from usecases.reads.kit import Page, Whole

if TYPE_CHECKING:
    from schema.compliance_documents import ComplianceDocumentConnection
    from schema.package_subscriptions import PackageSubscriptionConnection
    from schema.quotations import QuotationConnection
    from schema.sales_invoices import SalesInvoiceConnection
    from schema.service_orders import ServiceOrderConnection

shown(domain.AddressKind)

READ_OF = {CompanyRow: Permission.COMPANIES_READ, ClientRow: Permission.CLIENTS_READ}


def needed_to_read(row: CustomerRow) -> Permission:
    return READ_OF[type(row)]


# What a relation to a customer takes: the permission for the kind that it is.
READ = OfKind(needed_to_read, (*READ_OF.values(),))


@view_of(domain.CustomerAddress)
@strawberry.type(description="Where a customer is.")
class CustomerAddress:
    kind: domain.AddressKind = plain("What it is for.")
    label: str | None = plain("What you call it, for kind OTHER.")
    street: str = plain("Street and number.")
    city: str = plain("City.")
    postal_code: str | None = plain("Postal code.")
    region: str | None = plain("Region or district.")
    country: str | None = plain("ISO 3166-1, two letters; the customer's when null.")
    phone: str | None = plain("Phone number there.")


@kinds_of(CustomerRow, "cus", lambda read: read.customers.by_ids, needs=READ)
@strawberry.interface(
    description="Whom you serve and sell to: ask for the fields of its kind with `... on Company`."
)
class Customer(Node):
    version: int = plain("Goes up with every change; give it back as `expectedVersion`.")
    code: str | None = plain("Your own short code for them.")
    name: str = plain("Name; of a company, the legal one.")
    name_ar: str | None = plain("Name in Arabic.")
    tax_id: str | None = plain("VAT number, or the number that tax authorities know.")
    email: str | None = plain("Where to write to.")
    phone: str | None = plain("Phone number, as dialled.")
    website: str | None = plain("Their website.")
    country: str | None = plain("ISO 3166-1, two letters.")
    city: str | None = plain("City.")
    currency: CurrencyCode | None = plain("Currency they usually pay in.")
    notes: str | None = plain("For your own people to read.")
    addresses: list[CustomerAddress] = plain("Where they are.")
    active: bool = plain("Inactive customers are not served or sold to any more.")
    metadata: JSON = plain("What older systems' clients sent beyond the fields that there are.")
    orders: Annotated["ServiceOrderConnection", strawberry.lazy("schema.service_orders")] = related(
        "id",
        lambda read: read.service_orders.by_customer_ids,
        "What was ordered for them, newest first unless ordered otherwise.",
        needs=Permission.ORDERS_READ,
    )
    quotations: Annotated["QuotationConnection", strawberry.lazy("schema.quotations")] = related(
        "id",
        lambda read: read.quotations.by_customer_ids,
        "What they were offered.",
        needs=Permission.QUOTATIONS_READ,
    )
    invoices: Annotated["SalesInvoiceConnection", strawberry.lazy("schema.sales_invoices")] = (
        related(
            "id",
            lambda read: read.sales_invoices.by_customer_ids,
            "What they were invoiced.",
            needs=Permission.INVOICES_READ,
        )
    )
    possible_duplicates: list["Customer"] = related_many(
        "id",
        lambda read: read.customers.duplicates_by_ids,
        "Other customers with the same tax id, however it is written: at most 20, oldest first.",
        needs=READ,
    )
    subscriptions: Annotated[
        "PackageSubscriptionConnection", strawberry.lazy("schema.package_subscriptions")
    ] = related(
        "id",
        lambda read: read.package_subscriptions.by_customer_ids,
        "The packages that they have bought.",
        needs=Permission.SUBSCRIPTIONS_READ,
    )
    documents: Annotated[
        "ComplianceDocumentConnection", strawberry.lazy("schema.compliance_documents")
    ] = related(
        "id",
        lambda read: read.compliance_documents.by_company_ids,
        "A company's own documents and those of its workers. A client has none; their companies"
        " do.",
        needs=Permission.DOCUMENTS_READ,
    )
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that happened to it."
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When the record was created.")
    updated_at: datetime = plain("When it was last changed.")


@view_of(Page[CustomerRow])
@strawberry.type(description="A page of customers, companies and clients alike.")
class CustomerConnection(Connection[Customer]):
    total_count: int = related("listing", lambda read: read.customers.counts, "In the whole list.")


@strawberry.type
class CustomerQueries:
    customer: Customer | None = found_by_id(
        "cus", "A customer: a company (`com_…`) or a client (`cli_…`).", "com", "cli"
    )
    customers: CustomerConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.customers.all,
        "The customers, companies and clients alike, by name unless ordered otherwise.",
        needs=READ,
    )
