"""Service orders: what is done for customers, step by step, and what it costs them."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.scalars import JSON

from domain import service_orders as domain
from domain.callers import Caller, Permission
from domain.kit import lifecycle
from schema.audit import AuditEntry
from schema.business_calendars import BusinessCalendar
from schema.coupons import CouponRedemption
from schema.customers import READ as READ_CUSTOMERS
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
from schema.sales_invoices import SalesInvoice
from schema.service_definitions import ServiceDefinition
from schema.service_order_steps import ServiceOrderStep
from schema.users import User
from schema.workers import Worker
from usecases import service_orders as usecases
from usecases.reads.kit import Page, Whole
from usecases.reads.service_orders import (
    ServiceOrderPrice as Price,
)
from usecases.reads.service_orders import (
    ServiceOrderPriceLineRow,
    ServiceOrderRow,
)

if TYPE_CHECKING:
    from schema.allocations import Allocation
    from schema.package_subscriptions import PackageSubscription
    from schema.quotations import Quotation
    from schema.sla_clocks import SlaClock

shown(domain.ServiceOrderStatus)
shown(domain.Priority)
shown(domain.PriceLineKind)

READ = Permission.ORDERS_READ


def transitions_of(order: ServiceOrderRow, caller: Caller) -> list[lifecycle.Transition]:
    return domain.LIFECYCLE.transitions(order, caller)


@view_of(Price)
@strawberry.type(
    description="What an order costs: `net` is `base` and `options` less `discount` and `covered`,"
    " `total` is `net` and `vat`."
)
class ServiceOrderPrice:
    base: Money = plain("The service itself, without tax.")
    options: Money = plain("What was chosen beside it, without tax.")
    discount: Money = plain("What its coupon takes off.")
    covered: Money = plain("What a subscription of the customer pays for.")
    net: Money = plain("What is left to pay, without tax.")
    vat_rate: Decimal = plain("Tax rate in percent.")
    vat: Money = plain("Tax on what is left.")
    total: Money = plain("What is to be paid.")


@view_of(ServiceOrderPriceLineRow, "spl")
@strawberry.type(description="A line of what an order costs, without tax.")
class ServiceOrderPriceLine:
    id: strawberry.ID = computed(to_id, "Its id.")
    position: int = plain("1, 2, 3, …")
    kind: domain.PriceLineKind = plain("What it is for.")
    key: str | None = plain("An option's key, or a coupon's code.")
    label: str = plain("What it is called.")
    label_ar: str | None = plain("The same in Arabic.")
    amount: Money = plain("Less than nothing for what is taken off.")


@node_of(ServiceOrderRow, "so", lambda read: read.service_orders.by_ids, needs=READ)
@strawberry.type(description="A piece of work for a customer: a service that was ordered.")
class ServiceOrder(Node):
    version: int = plain("Goes up with every change; give it back as `expectedVersion`.")
    number: str = plain("Document number, without gaps in each year: `SO-2026-0043`.")
    status: domain.ServiceOrderStatus = plain("Where it stands.")
    transitions: list[Transition] = computed(
        transitions_of, "What can be done next, and what stands in the way, for you."
    )
    service_definition: ServiceDefinition | None = related(
        "service_definition_id",
        lambda read: read.service_definitions.by_ids,
        "What was ordered, as it is offered now.",
        needs=Permission.SERVICES_READ,
    )
    customer: Customer | None = related(
        "customer_id",
        lambda read: read.customers.by_ids,
        "The company or client that it is for.",
        needs=READ_CUSTOMERS,
    )
    worker: Worker | None = related(
        "worker_id",
        lambda read: read.workers.by_ids,
        "The worker of the company that it is for, where it is for one.",
        needs=Permission.COMPANIES_READ,
    )
    priority: domain.Priority = plain("How urgent it is.")
    overdue: bool = plain("Whether the time for it, or for one of its steps, has run out.")
    assignee: User | None = related(
        "assignee_id",
        lambda read: read.users.by_ids,
        "Who looks after it.",
        needs=Permission.USERS_READ,
    )
    price: ServiceOrderPrice = plain("What it costs, summed up.")
    price_lines: list[ServiceOrderPriceLine] = related_many(
        "id",
        lambda read: read.service_order_price_lines.by_order_ids,
        "The same line by line, before tax.",
        needs=READ,
    )
    total: Money = plain("What is to be paid: the total of `price`.")
    coupon: CouponRedemption | None = related(
        "redemption_id",
        lambda read: read.coupon_redemptions.by_ids,
        "The coupon that is applied to it, and what it takes off.",
        needs=READ,
    )
    subscription_allocation: (
        Annotated["Allocation", strawberry.lazy("schema.allocations")] | None
    ) = related(
        "allocation_id",
        lambda read: read.allocations.by_ids,
        "The allocation that it took a unit of, where a subscription covers it.",
        needs=Permission.SUBSCRIPTIONS_READ,
    )
    package_subscription: (
        Annotated["PackageSubscription", strawberry.lazy("schema.package_subscriptions")] | None
    ) = related(
        "allocation_id",
        lambda read: read.package_subscriptions.by_allocation_ids,
        "The subscription that covers it.",
        needs=Permission.SUBSCRIPTIONS_READ,
    )
    invoices: list[SalesInvoice] = related_many(
        "id",
        lambda read: read.sales_invoices.by_order_ids,
        "What was invoiced for it, oldest first: all but the last are void.",
        needs=Permission.INVOICES_READ,
    )
    steps: list[ServiceOrderStep] = related_many(
        "id",
        lambda read: read.service_order_steps.by_order_ids,
        "What has to be done, in the order in which it is shown.",
        needs=READ,
    )
    clocks: list[Annotated["SlaClock", strawberry.lazy("schema.sla_clocks")]] = related_many(
        "id",
        lambda read: read.sla_clocks.by_order_ids,
        "How long it and its steps may take and have taken, in the order in which they began.",
        needs=READ,
    )
    calendar: BusinessCalendar | None = related(
        "calendar_id",
        lambda read: read.business_calendars.by_ids,
        "The hours that its clocks go by; null is around the clock.",
        needs=Permission.CALENDARS_READ,
    )
    quotation: Annotated["Quotation", strawberry.lazy("schema.quotations")] | None = related(
        "quotation_id",
        lambda read: read.quotations.by_ids,
        "The quotation that it comes from, whose price it has.",
        needs=Permission.QUOTATIONS_READ,
    )
    created_by: User | None = related(
        "created_by_id",
        lambda read: read.users.by_ids,
        "Who placed it.",
        needs=Permission.USERS_READ,
    )
    started_at: datetime | None = plain("When work on it began.")
    held_at: datetime | None = plain("Since when it is on hold.")
    hold_reason: str | None = plain("Why it is on hold.")
    completed_at: datetime | None = plain("When the last step was done.")
    cancelled_at: datetime | None = plain("When it was cancelled.")
    cancellation_reason: str | None = plain("Why it was cancelled, where somebody said so.")
    metadata: JSON = plain("What older systems' clients sent beyond the fields that there are.")
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that happened to it."
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When it was placed.")
    updated_at: datetime = plain("When it was last changed.")


@view_of(Page[ServiceOrderRow])
@strawberry.type(description="A page of service orders.")
class ServiceOrderConnection(Connection[ServiceOrder]):
    total_count: int = related(
        "listing", lambda read: read.service_orders.counts, "In the whole list."
    )


@strawberry.type
class ServiceOrderQueries:
    service_order: ServiceOrder | None = found_by_id("so", "A service order.")
    service_orders: ServiceOrderConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.service_orders.all,
        "The service orders, newest first unless ordered otherwise.",
        needs=READ,
    )


@strawberry.type(description="A service order after the mutation.")
class ServiceOrderPayload(Payload):
    service_order: ServiceOrder | None = related(
        "id",
        lambda read: read.service_orders.by_ids,
        "The order as it is now; after VERSION_CONFLICT, as somebody else left it.",
    )


@mutations(ServiceOrderPayload)
class ServiceOrderMutations:
    service_order_place = does(usecases.PlaceServiceOrder, prefix="so")
    service_order_start = does(usecases.StartServiceOrder)
    service_order_hold = does(usecases.HoldServiceOrder)
    service_order_resume = does(usecases.ResumeServiceOrder)
    service_order_cancel = does(usecases.CancelServiceOrder)
    service_order_assign = does(usecases.AssignServiceOrder)
    service_order_set_priority = does(usecases.SetServiceOrderPriority)
    service_order_choose_options = does(usecases.ChooseServiceOrderOptions)
    service_order_apply_coupon = does(usecases.ApplyServiceOrderCoupon)
    service_order_remove_coupon = does(usecases.RemoveServiceOrderCoupon)
    service_order_step_start = does(usecases.StartServiceOrderStep)
    service_order_step_wait = does(usecases.WaitServiceOrderStep)
    service_order_step_continue = does(usecases.ContinueServiceOrderStep)
    service_order_step_complete = does(usecases.CompleteServiceOrderStep)
    service_order_step_skip = does(usecases.SkipServiceOrderStep)
    service_order_step_reopen = does(usecases.ReopenServiceOrderStep)
    service_order_step_assign = does(usecases.AssignServiceOrderStep)
