"""Subscriptions: packages that customers have bought."""

from datetime import UTC, datetime

import strawberry
from strawberry.scalars import JSON

from domain import package_subscriptions as domain
from domain.callers import Caller, Permission
from domain.kit import lifecycle
from schema.allocations import Allocation, AllocationEntryConnection, SubscriptionPeriod
from schema.audit import AuditEntry
from schema.customers import READ as READ_CUSTOMER
from schema.customers import Customer
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Payload
from schema.kit.mutations import does, mutations
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import computed, related, related_many
from schema.kit.scalars import CurrencyCode
from schema.kit.views import node_of, plain, view_of
from schema.lifecycles import Transition
from schema.packages import Package
from schema.sales_invoices import SalesInvoice
from schema.users import User
from usecases import package_subscriptions as usecases
from usecases.reads.kit import Page, Whole
from usecases.reads.package_subscriptions import PackageSubscriptionRow

shown(domain.SubscriptionStatus)

READ = Permission.SUBSCRIPTIONS_READ


def transitions_of(
    subscription: PackageSubscriptionRow, caller: Caller
) -> list[lifecycle.Transition]:
    """As commands would find it now, whatever has been put down so far."""
    return domain.LIFECYCLE.transitions(subscription.standing(datetime.now(UTC)), caller)


@node_of(PackageSubscriptionRow, "sub", lambda read: read.package_subscriptions.by_ids, needs=READ)
@strawberry.type(
    description="A package that a customer has bought: while it is active, it covers their orders"
    " for the services of the package."
)
class PackageSubscription(Node):
    version: int = plain(
        "Goes up with every change, covered orders included; give it back as `expectedVersion`."
    )
    package: Package | None = related(
        "package_id",
        lambda read: read.packages.by_ids,
        "What was bought.",
        needs=Permission.PACKAGES_READ,
    )
    customer: Customer | None = related(
        "customer_id", lambda read: read.customers.by_ids, "Who holds it.", needs=READ_CUSTOMER
    )
    status: domain.SubscriptionStatus = plain(
        "Where it stands; what begins or ends with time says so within a minute."
    )
    transitions: list[Transition] = computed(
        transitions_of, "What can be done next, and what stands in the way, for you."
    )
    currency: CurrencyCode = plain("The currency that it is paid in.")
    starts_at: datetime = plain("When its last period begins.")
    ends_at: datetime = plain("When its last period ends; later, if it was paused meanwhile.")
    paused_at: datetime | None = plain("Since when it is paused; null when it is not.")
    cancelled_at: datetime | None = plain("When it was cancelled.")
    cancellation_reason: str | None = plain("Why it was cancelled, where somebody said so.")
    current_period: SubscriptionPeriod | None = related(
        "id",
        lambda read: read.subscription_periods.last_by_subscription_ids,
        "The period that counts: the last one.",
        needs=READ,
    )
    periods: list[SubscriptionPeriod] = related_many(
        "id",
        lambda read: read.subscription_periods.by_subscription_ids,
        "All its periods, the first one first.",
        needs=READ,
    )
    allocations: list[Allocation] = related_many(
        "id",
        lambda read: read.allocations.by_subscription_ids,
        "What its last period covers.",
        needs=READ,
    )
    entries: AllocationEntryConnection = related(
        "id",
        lambda read: read.allocation_entries.by_subscription_ids,
        "Its ledger, the newest first.",
        needs=READ,
    )
    invoices: list[SalesInvoice] = related_many(
        "id",
        lambda read: read.sales_invoices.by_subscription_ids,
        "What its periods were billed with, in the order in which that was issued; of those of one"
        " period all but the last are void.",
        needs=Permission.INVOICES_READ,
    )
    created_by: User | None = related(
        "created_by_id",
        lambda read: read.users.by_ids,
        "Who sold it.",
        needs=Permission.USERS_READ,
    )
    metadata: JSON = plain("What older systems' clients sent beyond the fields that there are.")
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that happened to it."
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When it was sold.")
    updated_at: datetime = plain("When it was last changed.")


@view_of(Page[PackageSubscriptionRow])
@strawberry.type(description="A page of subscriptions.")
class PackageSubscriptionConnection(Connection[PackageSubscription]):
    total_count: int = related(
        "listing", lambda read: read.package_subscriptions.counts, "In the whole list."
    )


@strawberry.type
class PackageSubscriptionQueries:
    package_subscription: PackageSubscription | None = found_by_id("sub", "A subscription.")
    package_subscriptions: PackageSubscriptionConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.package_subscriptions.all,
        "The subscriptions, newest first unless ordered otherwise.",
        needs=READ,
    )


@strawberry.type(description="A subscription after the mutation.")
class PackageSubscriptionPayload(Payload):
    package_subscription: PackageSubscription | None = related(
        "id",
        lambda read: read.package_subscriptions.by_ids,
        "The subscription as it is now; after VERSION_CONFLICT, as somebody else left it.",
    )


@mutations(PackageSubscriptionPayload)
class PackageSubscriptionMutations:
    package_subscription_assign = does(usecases.AssignPackageSubscription, prefix="sub")
    package_subscription_pause = does(usecases.PausePackageSubscription)
    package_subscription_resume = does(usecases.ResumePackageSubscription)
    package_subscription_cancel = does(usecases.CancelPackageSubscription)
    package_subscription_renew = does(usecases.RenewPackageSubscription)
