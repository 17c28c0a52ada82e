"""Periods of subscriptions, what they cover, and the ledger of what was used."""

from datetime import datetime
from decimal import Decimal

import strawberry

from domain import package_subscriptions as domain
from domain.callers import Permission
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.nodes import LegacyId, Node, legacy_ids
from schema.kit.relations import computed, related, related_many
from schema.kit.views import node_of, plain, to_id, view_of
from schema.moneys import Money
from schema.service_definitions import ServiceDefinition
from schema.service_orders import ServiceOrder
from usecases.reads.allocations import AllocationEntryRow, AllocationRow, SubscriptionPeriodRow
from usecases.reads.kit import Page

shown(domain.AllocationEntryKind)

READ = Permission.SUBSCRIPTIONS_READ


@node_of(AllocationRow, "alo", lambda read: read.allocations.by_ids, needs=READ)
@strawberry.type(description="How many orders of a service a period of a subscription covers.")
class Allocation(Node):
    position: int = plain("1, 2, 3, …")
    service_definition: ServiceDefinition | None = related(
        "service_definition_id",
        lambda read: read.service_definitions.by_ids,
        "The service.",
        needs=Permission.SERVICES_READ,
    )
    unlimited: bool = plain("Whether it covers any number of orders.")
    total: int | None = plain("How many orders it was for; null when unlimited.")
    used: int = plain("How many it covers.")
    expired: int = plain("How many were left when the period ended.")
    remaining: int | None = plain("How many more it can cover; null when unlimited.")
    legacy_ids: list[LegacyId] = legacy_ids()


@view_of(SubscriptionPeriodRow, "spe")
@strawberry.type(description="A time that was paid for, at the package's terms of then.")
class SubscriptionPeriod:
    id: strawberry.ID = computed(to_id, "Its id.")
    position: int = plain("1, 2, 3, …")
    starts_at: datetime = plain("When it begins.")
    ends_at: datetime = plain("When it ends; later, if it was paused meanwhile.")
    price: Money = plain("What it cost, without tax.")
    vat_rate: Decimal = plain("Tax rate in percent.")
    allocations: list[Allocation] = related_many(
        "id", lambda read: read.allocations.by_period_ids, "What it covers.", needs=READ
    )


@view_of(AllocationEntryRow, "ale")
@strawberry.type(description="A line in the ledger of a subscription. Never changed or deleted.")
class AllocationEntry:
    id: strawberry.ID = computed(to_id, "Its id.")
    kind: domain.AllocationEntryKind = plain("What it is about.")
    allocation: Allocation | None = related(
        "allocation_id", lambda read: read.allocations.by_ids, "Whose units.", needs=READ
    )
    quantity: int | None = plain("How many units; null is any number of them.")
    service_order: ServiceOrder | None = related(
        "order_id",
        lambda read: read.service_orders.by_ids,
        "The order that took or gave back a unit.",
        needs=Permission.ORDERS_READ,
    )
    at: datetime = plain("When.")


@view_of(Page[AllocationEntryRow])
@strawberry.type(description="A page of a ledger.")
class AllocationEntryConnection(Connection[AllocationEntry]):
    total_count: int = related(
        "listing", lambda read: read.allocation_entries.counts, "In the whole list."
    )
