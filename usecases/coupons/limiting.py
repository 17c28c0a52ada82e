"""Limits of coupons, which are not set below what is used of them."""

from domain.coupons import Coupon
from usecases.ports import UnitOfWork


async def check_limits(coupon: Coupon, uow: UnitOfWork) -> None:
    """Refuse a coupon's limit for each customer that one of them is above already.

    The coupon is locked, so nobody uses it meanwhile.
    """
    if coupon.usage_limit_per_subject is None:
        return
    used = (await uow.reads.coupon_redemptions.most_uses_by_coupon_ids([coupon.id])).get(coupon.id)
    if used is not None and coupon.usage_limit_per_subject < used:
        raise coupon.too_low("usage_limit_per_subject", used)
