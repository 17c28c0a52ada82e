"""Taking coupons out of use."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from domain.coupons import Coupon
from usecases.kit import ExpectedVersion, UseCase
from usecases.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class DeleteCoupon(UseCase[Coupon]):
    """Take a coupon out of use for good. Its code stays taken if it was ever applied.

    A coupon that was never applied to an order is erased. Any other is deactivated and not listed
    any more; the orders that have it keep what it took off.
    """

    requires = Coupon.managed_with

    id: Annotated[UUID, Coupon, "The coupon."]
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> Coupon:
        coupons = uow.records(Coupon)
        coupon = await coupons.get(self.id, expected=self.expected_version)
        applied = await uow.reads.coupon_redemptions.applied([coupon.id])
        if coupon.delete(uow.now, applied=coupon.id in applied):
            await coupons.remove(coupon)
        return coupon
