"""What is offered and was ordered with a coupon, in organizations with something in every table."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.coupons import Coupon
from domain.packages import Package
from domain.service_definitions import ServiceDefinition
from domain.service_orders import ServiceOrder
from persistence.reads import SqlReads
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.domain.catalogue import coupon, package
from tests.service_orders import order, redemption, served
from usecases.reads.coupons import (
    CouponFilter,
    CouponOrder,
    CouponRedemptionFilter,
    NewestRedemptions,
    SubjectUse,
)
from usecases.reads.kit import Listing, Whole
from usecases.reads.packages import PackageFilter, PackageOrder
from usecases.reads.service_definitions import ServiceDefinitionFilter, ServiceDefinitionOrder


@dataclass(frozen=True)
class Catalogue:
    """`order` has the coupon."""

    service: ServiceDefinition
    package: Package
    coupon: Coupon
    order: ServiceOrder

    @property
    def use(self) -> SubjectUse:
        assert self.order.customer_id is not None
        return SubjectUse(self.coupon.id, self.order.customer_id)


async def catalogue(world: World, storage: SqlStorage) -> Catalogue:
    to = await served(world, storage)
    applied = coupon(used=1)
    made = Catalogue(to.service, package(to.service.id), applied, order(world, to))
    await keep(storage, world.caller(), made.package, made.coupon)
    made.order.redemptions = [redemption(made.coupon, made.order)]
    await keep(storage, world.caller(), made.order)
    return made


Ask = Callable[[SqlReads, Catalogue], Awaitable[Any]]
W = Whole.ORGANIZATION
_IDS: Mapping[str, Callable[[Catalogue], Any]] = {
    "service_definitions": lambda c: c.service.id,
    "packages": lambda c: c.package.id,
    "coupons": lambda c: c.coupon.id,
    "coupon_redemptions": lambda c: c.order.redemptions[0].id,
}
# By what only the other organization's record has; a filter and an ordering.
_LISTED: Mapping[str, Callable[[Catalogue], tuple[Any, Any]]] = {
    "service_definitions": lambda c: (
        ServiceDefinitionFilter(search=c.service.code),
        ServiceDefinitionOrder(),
    ),
    "packages": lambda c: (PackageFilter(search=c.package.code), PackageOrder()),
    "coupons": lambda c: (CouponFilter(search=c.coupon.code), CouponOrder()),
    "coupon_redemptions": lambda c: (
        CouponRedemptionFilter(coupon_id=c.coupon.id),
        NewestRedemptions(),
    ),
}


def _by_ids(noun: str) -> Ask:
    return lambda reads, c: getattr(reads, noun).by_ids([_IDS[noun](c)])


def _numbered(noun: str) -> Ask:
    return lambda reads, c: getattr(reads, noun).numbered(*_LISTED[noun](c), offset=0, limit=9)


def _counts(noun: str) -> Ask:
    return lambda reads, c: getattr(reads, noun).counts([Listing(W, _LISTED[noun](c)[0])])


# Asked for the ids of an organization, what comes back when it is another's; as in test_isolation.
OF_THEIRS: dict[str, tuple[Ask, Any]] = {
    **{f"{noun}.by_ids": (_by_ids(noun), {}) for noun in _IDS},
    **{f"{noun}.numbered": (_numbered(noun), []) for noun in _LISTED},
    **{f"{noun}.counts": (_counts(noun), None) for noun in _LISTED},
    "coupons.ids_by_codes": (lambda r, c: r.coupons.ids_by_codes([c.coupon.code]), {}),
    "coupon_redemptions.by_coupon_ids": (
        lambda r, c: r.coupon_redemptions.by_coupon_ids([c.coupon.id]),
        None,
    ),
    "coupon_redemptions.uses": (lambda r, c: r.coupon_redemptions.uses([c.use]), {}),
    "coupon_redemptions.applied": (
        lambda r, c: r.coupon_redemptions.applied([c.coupon.id]),
        {},
    ),
    "coupon_redemptions.most_uses_by_coupon_ids": (
        lambda r, c: r.coupon_redemptions.most_uses_by_coupon_ids([c.coupon.id]),
        {},
    ),
}
# These take no ids: they list what the organization has.
OF_OURS: dict[str, Ask] = {
    "service_definitions.all": lambda r, _: r.service_definitions.all([W]),
    "packages.all": lambda r, _: r.packages.all([W]),
    "coupons.all": lambda r, _: r.coupons.all([W]),
}
