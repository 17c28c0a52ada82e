"""Packages: services that are sold together, for a time."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain import packages as domain
from domain.callers import Permission
from schema.audit import AuditEntry
from schema.kit.connections import Connection
from schema.kit.errors import Payload
from schema.kit.mutations import creates, mutations, updates
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import related, related_many
from schema.kit.views import node_of, plain, view_of
from schema.moneys import Money
from schema.service_definitions import ServiceDefinition
from usecases.reads.kit import Page, Whole
from usecases.reads.packages import PackageRow

if TYPE_CHECKING:
    from schema.package_subscriptions import PackageSubscriptionConnection

READ = Permission.PACKAGES_READ


@view_of(domain.PackageItem)
@strawberry.type(description="How often a package covers a service within a period.")
class PackageItem:
    service_definition: ServiceDefinition | None = related(
        "service_definition_id",
        lambda read: read.service_definitions.by_ids,
        "The service.",
        needs=Permission.SERVICES_READ,
    )
    quantity: int | None = plain("How many orders it covers; null is any number of them.")


@node_of(PackageRow, "pkg", lambda read: read.packages.by_ids, needs=READ)
@strawberry.type(
    description="Services that are sold together, for a time. Customers buy it as a subscription."
)
class Package(Node):
    version: int = plain("Goes up with every change; give it back as `expectedVersion`.")
    code: str = plain("Your own short code for it.")
    name: str = plain("What it is called.")
    name_ar: str | None = plain("The same in Arabic.")
    description: str | None = plain("What it is, for customers to read.")
    price: Money = plain("What a period costs without tax.")
    vat_rate: Decimal | None = plain("Percent; null is the organization's usual rate.")
    duration_days: int = plain("How long a period lasts, in days.")
    renewable: bool = plain("Whether another period can follow.")
    active: bool = plain("Only active packages are sold; what was sold goes on.")
    items: list[PackageItem] = plain("What it covers in a period.")
    subscriptions: Annotated[
        "PackageSubscriptionConnection", strawberry.lazy("schema.package_subscriptions")
    ] = related(
        "id",
        lambda read: read.package_subscriptions.by_package_ids,
        "The customers' subscriptions to it.",
        needs=Permission.SUBSCRIPTIONS_READ,
    )
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that happened to it."
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When it was created.")
    updated_at: datetime = plain("When it was last changed.")


@view_of(Page[PackageRow])
@strawberry.type(description="A page of packages.")
class PackageConnection(Connection[Package]):
    total_count: int = related("listing", lambda read: read.packages.counts, "In the whole list.")


@strawberry.type
class PackageQueries:
    package: Package | None = found_by_id("pkg", "A package.")
    packages: PackageConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.packages.all,
        "The packages, by name unless ordered otherwise.",
        needs=READ,
    )


@strawberry.type(description="A package after the mutation.")
class PackagePayload(Payload):
    package: Package | None = related(
        "id",
        lambda read: read.packages.by_ids,
        "The package as it is now; after VERSION_CONFLICT, as somebody else left it.",
    )


@mutations(PackagePayload)
class PackageMutations:
    package_create = creates(
        domain.Package, "Create a package, in the organization's base currency."
    )
    package_update = updates(
        domain.Package,
        "Change a package. What is left out stays; periods that customers have begun are not"
        " touched.",
    )
