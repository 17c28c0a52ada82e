"""Coupons and what they were used for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from domain.coupons import CouponStatus, DiscountType, RedemptionStatus
from domain.kit.money import Money
from usecases.reads.kit import Direction, Listing, Page, Whole


class CouponRow(NamedTuple):
    id: UUID
    version: int
    code: str
    name: str
    description: str | None
    discount_type: DiscountType
    discount_value: Decimal
    max_discount_value: Decimal | None
    min_order_value: Decimal | None
    currency: str
    valid_from: datetime | None
    valid_until: datetime | None
    usage_limit_total: int | None
    usage_limit_per_subject: int | None
    active: bool
    used: int
    status: CouponStatus
    deleted_at: datetime | None
    shrkity_id: int
    created_at: datetime
    updated_at: datetime

    @property
    def discount_amount(self) -> Money | None:
        """What a fixed discount takes off."""
        if self.discount_type is DiscountType.PERCENTAGE:
            return None
        return Money.of(self.discount_value, self.currency)

    @property
    def discount_percentage(self) -> Decimal | None:
        return self.discount_value if self.discount_type is DiscountType.PERCENTAGE else None

    @property
    def max_discount_amount(self) -> Money | None:
        value = self.max_discount_value
        return None if value is None else Money.of(value, self.currency)

    @property
    def min_order_amount(self) -> Money | None:
        value = self.min_order_value
        return None if value is None else Money.of(value, self.currency)

    @property
    def remaining(self) -> int | None:
        """How often it can still be used; None is without limit."""
        return None if self.usage_limit_total is None else self.usage_limit_total - self.used


class CouponRedemptionRow(NamedTuple):
    id: UUID
    order_id: UUID
    coupon_id: UUID
    customer_id: UUID | None
    code: str
    amount_value: Decimal
    currency: str
    status: RedemptionStatus
    reserved_at: datetime
    settled_at: datetime | None
    shrkity_id: int

    @property
    def amount(self) -> Money:
        return Money.of(self.amount_value, self.currency)


class SubjectUse(NamedTuple):
    """A coupon and a customer, who may have used it."""

    coupon_id: UUID
    customer_id: UUID


class CouponSort(StrEnum):
    """What lists of coupons can be sorted by."""

    CREATED_AT = "CREATED_AT"
    CODE = "CODE"


@dataclass(frozen=True, kw_only=True)
class CouponFilter:
    """All that is given must hold."""

    status: Annotated[tuple[CouponStatus, ...] | None, "One of these statuses, as of now."] = None
    search: Annotated[str | None, "Part of the name or the code."] = None


@dataclass(frozen=True, kw_only=True)
class CouponOrder:
    """By what to sort, and which way. Ties are broken by creation."""

    field: Annotated[CouponSort, "What to sort by."] = CouponSort.CREATED_AT
    direction: Annotated[Direction, "Which way."] = Direction.DESC


@dataclass(frozen=True, kw_only=True)
class CouponRedemptionFilter:
    """All that is given must hold."""

    coupon_id: UUID | None = None


class NewestRedemptions(NamedTuple):
    field: None = None
    direction: Direction = Direction.DESC


class Coupons(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, CouponRow]:
        """Deleted ones, too, for what they were used for."""

    async def ids_by_codes(self, codes: Sequence[str]) -> Mapping[str, UUID]:
        """By codes in upper case; deleted ones are not found."""

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: CouponFilter = CouponFilter(),
        order_by: CouponOrder = CouponOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[CouponRow]]: ...

    async def numbered(
        self, filter: CouponFilter, order_by: CouponOrder, *, offset: int, limit: int
    ) -> Sequence[CouponRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...


class CouponRedemptions(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, CouponRedemptionRow]: ...

    async def by_coupon_ids(
        self, ids: Sequence[UUID], *, first: int = 50, after: str | None = None
    ) -> Mapping[UUID, Page[CouponRedemptionRow]]:
        """The newest first."""

    async def numbered(
        self,
        filter: CouponRedemptionFilter,
        order_by: NewestRedemptions,
        *,
        offset: int,
        limit: int,
    ) -> Sequence[CouponRedemptionRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...

    async def uses(self, subjects: Sequence[SubjectUse]) -> Mapping[SubjectUse, int]:
        """How often a customer uses a coupon: reserved or redeemed."""

    async def applied(self, coupon_ids: Sequence[UUID]) -> Mapping[UUID, bool]:
        """Which of them were ever applied to an order: true for those, nothing for others."""

    async def most_uses_by_coupon_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, int]:
        """How often the customer uses each of them who uses it most."""
