"""Coupons, and what they were used for."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain import coupons as domain
from domain.callers import Permission
from schema.audit import AuditEntry
from schema.customers import READ as READ_CUSTOMERS
from schema.customers import Customer
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Payload
from schema.kit.mutations import creates, does, mutations, updates
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import computed, related, related_many
from schema.kit.views import node_of, plain, to_id, view_of
from schema.moneys import Money
from usecases import coupons as usecases
from usecases.reads.coupons import CouponRedemptionRow, CouponRow
from usecases.reads.kit import Page, Whole

if TYPE_CHECKING:
    from schema.service_orders import ServiceOrder

shown(domain.DiscountType)
shown(domain.CouponStatus)
shown(domain.RedemptionStatus)

READ = Permission.COUPONS_READ


@view_of(CouponRedemptionRow, "cpr")
@strawberry.type(description="One use of a coupon, for a service order.")
class CouponRedemption:
    id: strawberry.ID = computed(to_id, "Its id.")
    code: str = plain("The coupon's code when it was applied.")
    amount: Money = plain("What it takes off the order's price.")
    status: domain.RedemptionStatus = plain("Whether it counts, for now or for good.")
    reserved_at: datetime = plain("When the coupon was applied to the order.")
    settled_at: datetime | None = plain("When it was redeemed or released.")
    coupon: Annotated["Coupon", strawberry.lazy("schema.coupons")] | None = related(
        "coupon_id",
        lambda read: read.coupons.by_ids,
        "The coupon itself, as it is now.",
        needs=READ,
    )
    service_order: Annotated["ServiceOrder", strawberry.lazy("schema.service_orders")] | None = (
        related(
            "order_id",
            lambda read: read.service_orders.by_ids,
            "The order that it takes something off.",
            needs=Permission.ORDERS_READ,
        )
    )
    customer: Customer | None = related(
        "customer_id",
        lambda read: read.customers.by_ids,
        "Whose use it is; null for an order of nobody in particular.",
        needs=READ_CUSTOMERS,
    )
    legacy_ids: list[LegacyId] = legacy_ids()


@view_of(Page[CouponRedemptionRow])
@strawberry.type(description="A page of the uses of a coupon.")
class CouponRedemptionConnection(Connection[CouponRedemption]):
    total_count: int = related(
        "listing", lambda read: read.coupon_redemptions.counts, "In the whole list."
    )


@node_of(CouponRow, "cpn", lambda read: read.coupons.by_ids, needs=READ)
@strawberry.type(description="A code that takes something off the price of a service order.")
class Coupon(Node):
    version: int = plain(
        "Goes up with every change, uses included; give it back as `expectedVersion`."
    )
    code: str = plain("What customers say, in upper case; they may say it in any.")
    name: str = plain("What it is called.")
    description: str | None = plain("What it is for.")
    status: domain.CouponStatus = plain("What it is as of now; only an ACTIVE one can be applied.")
    discount_type: domain.DiscountType = plain("How the discount is reckoned.")
    discount_amount: Money | None = plain("What it takes off; null for a percentage.")
    discount_percentage: Decimal | None = plain("How many percent; null for a fixed amount.")
    max_discount_amount: Money | None = plain("The most that a percentage takes off.")
    min_order_amount: Money | None = plain("The least price, with options, that it applies to.")
    valid_from: datetime | None = plain("From when on; null is from the beginning.")
    valid_until: datetime | None = plain("Until when, this moment included; null is for ever.")
    usage_limit_total: int | None = plain("How often it can be used; null is without limit.")
    usage_limit_per_subject: int | None = plain(
        "How often by each customer; null is without limit."
    )
    used: int = plain("How often it is used: reserved by open orders, or redeemed.")
    remaining: int | None = plain("How often it can still be used; null is without limit.")
    active: bool = plain("Whether it can be used at all.")
    deleted_at: datetime | None = plain("When it was deleted; it is not listed any more.")
    redemptions: CouponRedemptionConnection = related(
        "id",
        lambda read: read.coupon_redemptions.by_coupon_ids,
        "What it was used for, the newest first.",
        needs=READ,
    )
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that happened to it."
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When it was created.")
    updated_at: datetime = plain("When it was last changed, uses included.")


@view_of(Page[CouponRow])
@strawberry.type(description="A page of coupons.")
class CouponConnection(Connection[Coupon]):
    total_count: int = related("listing", lambda read: read.coupons.counts, "In the whole list.")


@strawberry.type
class CouponQueries:
    coupon: Coupon | None = found_by_id("cpn", "A coupon.")
    coupons: CouponConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.coupons.all,
        "The coupons, newest first unless ordered otherwise; not those that were deleted.",
        needs=READ,
    )


@strawberry.type(description="A coupon after the mutation.")
class CouponPayload(Payload):
    coupon: Coupon | None = related(
        "id",
        lambda read: read.coupons.by_ids,
        "The coupon as it is now, null once it is erased; after VERSION_CONFLICT, as somebody else"
        " left it.",
    )


@mutations(CouponPayload)
class CouponMutations:
    coupon_create = creates(domain.Coupon, "Create a coupon, in the organization's base currency.")
    coupon_update = updates(
        domain.Coupon,
        "Change a coupon. What is left out stays; orders that have it keep what it took off.",
    )
    coupon_delete = does(usecases.DeleteCoupon)
