"""Coupons: codes that take something off the price of a service order."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from domain.callers import Permission
from domain.kit.ids import new_id
from domain.kit.record import Record


class DiscountType(StrEnum):
    """FIXED takes an amount off, PERCENTAGE a part of the price."""

    FIXED = "FIXED"
    PERCENTAGE = "PERCENTAGE"


class CouponStatus(StrEnum):
    """As of now; only an ACTIVE coupon can be applied."""

    DISABLED = "DISABLED"
    SCHEDULED = "SCHEDULED"
    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    EXHAUSTED = "EXHAUSTED"


class RedemptionStatus(StrEnum):
    """RESERVED with the order, REDEEMED once it is done, RELEASED when it is not any more.

    The first two count against the coupon's limits.
    """

    RESERVED = "RESERVED"
    REDEEMED = "REDEEMED"
    RELEASED = "RELEASED"


@dataclass(kw_only=True, eq=False)
class Coupon(Record):
    """Facts S-54 to S-57. `used` counts what is reserved and redeemed."""

    kind = "coupon"
    prefix = "cpn"
    managed_with = Permission.COUPONS_WRITE

    code: Annotated[str, "What customers say; kept in upper case, unique in the organization."]
    name: Annotated[str, "What it is called."]
    description: Annotated[str | None, "What it is for."] = None
    discount_type: Annotated[DiscountType, "How it is reckoned."]
    discount_value: Annotated[Decimal, "The amount in the base currency, or the percentage."]
    max_discount_amount: Annotated[Decimal | None, "The most that a percentage takes off."] = None
    min_order_amount: Annotated[Decimal | None, "The least price it can be applied to."] = None
    valid_from: Annotated[datetime | None, "From when on; at once without it."] = None
    valid_until: Annotated[datetime | None, "Until when; for ever without it."] = None
    usage_limit_total: Annotated[int | None, "How often it can be used."] = None
    usage_limit_per_subject: Annotated[int | None, "How often by each customer."] = None
    active: Annotated[bool, "Whether it can be used at all."] = True
    currency: str
    used: int = 0
    deleted_at: datetime | None = None
    shrkity_id: int | None = None


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
