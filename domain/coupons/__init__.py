"""Coupons: codes that take something off the price of a service order."""

from domain.coupons.coupons import Coupon, CouponStatus, DiscountType, folded
from domain.coupons.redemptions import CouponRedemption, RedemptionStatus, Sale

__all__ = [
    "Coupon",
    "CouponRedemption",
    "CouponStatus",
    "DiscountType",
    "RedemptionStatus",
    "Sale",
    "folded",
]
