"""Coupons as Shrkity clients send and see them: facts S-53 to S-57."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from domain.coupons import CouponStatus, DiscountType, RedemptionStatus
from domain.kit.money import Money
from rest.kit.answers import one_of_these, plain
from rest.kit.inputs import ABSENT, Input, Number, Whole, one_of
from rest.kit.moments import stretch
from rest.shrkity.wire import words
from usecases.reads.coupons import CouponRedemptionRow, CouponRow

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
DISCOUNT_TYPES = {kind: kind.lower() for kind in DiscountType}
STATUSES = {status: status.lower() for status in CouponStatus}
REDEMPTION_STATUSES = {status: status.lower() for status in RedemptionStatus}


def _read(value: Any) -> date | datetime:
    """A day, or a moment, whichever was written."""
    try:
        text = value.strip()
        return date.fromisoformat(text) if _DAY.fullmatch(text) else stretch(text).begins
    except (ValueError, TypeError, AttributeError):
        raise PydanticCustomError("datetime_type", "no time") from None


DayOrMoment = Annotated[datetime | date, PlainValidator(_read), WithJsonSchema({"type": "string"})]
Kind = Annotated[DiscountType, one_of(words.inverse(DISCOUNT_TYPES))]


class CouponUpdate(Input):
    """What is there must be valid; what is not, stays (decision S-A3)."""

    code: str = ABSENT
    name: str = ABSENT
    description: str | None = None
    discount_type: Kind = ABSENT
    discount_value: Number = ABSENT
    max_discount_amount: Number | None = None
    min_order_amount: Number | None = None
    valid_from: DayOrMoment | None = None
    valid_until: DayOrMoment | None = None
    usage_limit_total: Whole | None = None
    usage_limit_per_subject: Whole | None = None
    is_active: bool = ABSENT


class Coupon(CouponUpdate):
    code: str
    name: str
    discount_type: Kind
    discount_value: Number
    is_active: bool = True


@dataclass(slots=True)
class ShownCoupon:
    id: int
    code: str
    name: str
    description: str | None
    discount_type: Annotated[str, one_of_these(DISCOUNT_TYPES.values())]
    discount_value: Decimal
    max_discount_amount: Decimal | None
    min_order_amount: Decimal | None
    currency: str
    valid_from: datetime | None
    valid_until: datetime | None
    usage_limit_total: int | None
    usage_limit_per_subject: int | None
    used: int
    is_active: bool
    status: Annotated[str, one_of_these(STATUSES.values())]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: CouponRow) -> "ShownCoupon":
        fixed = row.discount_amount
        return cls(
            id=row.shrkity_id,
            code=row.code,
            name=row.name,
            description=row.description,
            discount_type=DISCOUNT_TYPES[row.discount_type],
            discount_value=plain(row.discount_value) if fixed is None else fixed.amount,
            max_discount_amount=_amount(row.max_discount_amount),
            min_order_amount=_amount(row.min_order_amount),
            currency=row.currency,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            usage_limit_total=row.usage_limit_total,
            usage_limit_per_subject=row.usage_limit_per_subject,
            used=row.used,
            is_active=row.active,
            status=STATUSES[row.status],
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


@dataclass(slots=True)
class Redemption:
    id: int
    order_id: int
    code: str
    discount: Decimal
    currency: str
    status: Annotated[str, one_of_these(REDEMPTION_STATUSES.values())]
    reserved_at: datetime
    settled_at: datetime | None

    @classmethod
    def of(cls, row: CouponRedemptionRow, order_id: int) -> "Redemption":
        return cls(
            id=row.shrkity_id,
            order_id=order_id,
            code=row.code,
            discount=row.amount.amount,
            currency=row.currency,
            status=REDEMPTION_STATUSES[row.status],
            reserved_at=row.reserved_at,
            settled_at=row.settled_at,
        )


def _amount(money: Money | None) -> Decimal | None:
    return None if money is None else money.amount
