"""Coupons: taken out of use, and used for orders."""

from usecases.coupons.deleting import DeleteCoupon

__all__ = ["DeleteCoupon"]
