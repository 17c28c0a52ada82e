"""What coupons are used for: orders, which reserve a use and redeem or release it later."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, NamedTuple
from uuid import UUID

from domain.kit.errors import IllegalMove
from domain.kit.ids import new_id


class RedemptionStatus(StrEnum):
    """RESERVED with the order, REDEEMED once it is done, RELEASED when it is not any more.

    The first two count against the coupon's limits.
    """

    RESERVED = "RESERVED"
    REDEEMED = "REDEEMED"
    RELEASED = "RELEASED"


class Sale(NamedTuple):
    """A service order, as far as coupons look at it.

    `amount` is its price with options, `covered` what a subscription pays of that; `uses` says how
    often the customer uses this coupon already, and `has_coupon` whether the order has one.
    """

    order_id: UUID
    customer_id: UUID | None
    currency: str
    amount: Decimal
    covered: Decimal
    uses: int
    has_coupon: bool


@dataclass(kw_only=True, eq=False)
class CouponRedemption:
    """One use of a coupon; a part of the order that it is applied to."""

    kind: ClassVar[str] = "coupon_redemption"

    id: UUID = field(default_factory=new_id)
    order_id: UUID | None = None
    coupon_id: UUID
    customer_id: UUID | None
    code: str
    amount: Decimal
    status: RedemptionStatus = RedemptionStatus.RESERVED
    reserved_at: datetime
    settled_at: datetime | None = None
    shrkity_id: int | None = None

    @property
    def counts(self) -> bool:
        """Whether it counts against the coupon's limits, and against having another one."""
        return self.status is not RedemptionStatus.RELEASED

    def settle(self, status: RedemptionStatus, at: datetime) -> None:
        """Only what is reserved can be redeemed or released."""
        if self.status is not RedemptionStatus.RESERVED:
            action = "redeem" if status is RedemptionStatus.REDEEMED else "release"
            raise IllegalMove("cannot {action} while {status}", action=action, status=self.status)
        self.status, self.settled_at = status, at
