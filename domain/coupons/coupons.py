"""The coupon itself: when it can be used, how often, and what it takes off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from domain.callers import Permission
from domain.coupons.redemptions import CouponRedemption, RedemptionStatus, Sale
from domain.kit import checks
from domain.kit.aggregate import Changes
from domain.kit.errors import Path, RuleBroken, raise_first
from domain.kit.money import rounded
from domain.kit.record import Record

MOST_USES = Decimal(10**9)
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


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


@dataclass(kw_only=True, eq=False)
class Coupon(Record):
    """Facts S-54 to S-57. `used` counts what is reserved and redeemed."""

    kind = "coupon"
    prefix = "cpn"
    managed_with = Permission.COUPONS_WRITE
    in_base_currency = True

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

    @classmethod
    def create(cls, given: Mapping[str, Any], at: datetime) -> Self:
        return super().create(_in_upper_case(given), at)

    def update(self, given: Mapping[str, Any], at: datetime) -> None:
        """Change what is given; orders that have it keep what it took off when it was applied."""
        if self.deleted_at is not None:
            raise self.missing(self.id)
        super().update(_in_upper_case(given), at)

    def delete(self, at: datetime, *, applied: bool) -> bool:
        """Take it out of use; whether nothing is left of it, because it was never `applied`.

        One that was is kept for the orders that it was applied to (fact S-56).
        """
        if self.deleted_at is not None:
            raise self.missing(self.id)
        if not applied:
            self._record("deleted", at)
            return True
        self._record("deactivated", at, self._set({"active": False, "deleted_at": at}))
        return False

    def status_at(self, at: datetime) -> CouponStatus:
        """What it is at a moment; both ends of its time belong to it."""
        if not self.active or self.deleted_at is not None:
            return CouponStatus.DISABLED
        if self.valid_until is not None and at > self.valid_until:
            return CouponStatus.EXPIRED
        if self._is_used_up():
            return CouponStatus.EXHAUSTED
        if self.valid_from is not None and at < self.valid_from:
            return CouponStatus.SCHEDULED
        return CouponStatus.ACTIVE

    def discount(self, amount: Decimal) -> Decimal:
        """What it takes off an amount, at most all of it (fact S-57)."""
        off = self.discount_value
        if self.discount_type is DiscountType.PERCENTAGE:
            off = rounded(amount * self.discount_value / 100, self.currency)
            if self.max_discount_amount is not None:
                off = min(off, self.max_discount_amount)
        return max(min(off, amount), Decimal(0))

    def reserve(self, sale: Sale, at: datetime) -> CouponRedemption:
        """One use of it, for an order. Raises everything that speaks against it (fact S-32)."""
        raise_first(self.refusals(sale, at))
        redemption = CouponRedemption(
            coupon_id=self.id,
            customer_id=sale.customer_id,
            code=self.code,
            amount=self.discount(sale.amount - sale.covered),
            reserved_at=at,
        )
        changes = self._set({"used": self.used + 1})
        self._tell("reserved", at, redemption, sale.order_id, changes)
        return redemption

    def reprice(self, redemption: CouponRedemption, sale: Sale) -> None:
        """Reckon again what a reserved use takes off, now that the order costs something else.

        Raises RuleBroken, at `options`, when it costs less than the coupon is for.
        """
        raise_first(checks.found(self._too_little(sale, ("options",))))
        redemption.amount = self.discount(sale.amount - sale.covered)

    def redeem(self, redemption: CouponRedemption, order_id: UUID, at: datetime) -> None:
        """The order is done: a use that was reserved is used for good."""
        redemption.settle(RedemptionStatus.REDEEMED, at)
        self._tell("redeemed", at, redemption, order_id)

    def release(self, redemption: CouponRedemption, order_id: UUID, at: datetime) -> None:
        """The order does without it: somebody else can use it."""
        redemption.settle(RedemptionStatus.RELEASED, at)
        changes = self._set({"used": self.used - 1})
        self._tell("released", at, redemption, order_id, changes)

    def refusals(self, sale: Sale, at: datetime) -> list[RuleBroken]:
        """Everything that keeps an order from having this coupon."""
        path = ("code",)
        mine = self.usage_limit_per_subject
        return checks.found(
            RuleBroken("this order has a coupon already: remove it first", path=path)
            if sale.has_coupon
            else None,
            None if self.active else RuleBroken("this coupon is not active", path=path),
            RuleBroken("this coupon cannot be used yet", path=path)
            if self.valid_from is not None and at < self.valid_from
            else None,
            RuleBroken("this coupon cannot be used any more", path=path)
            if self.valid_until is not None and at > self.valid_until
            else None,
            RuleBroken("this coupon is used up", path=path) if self._is_used_up() else None,
            RuleBroken(
                "this coupon counts each customer's uses: say whom the order is for", path=path
            )
            if mine is not None and sale.customer_id is None
            else None,
            RuleBroken("this customer has used up this coupon", path=path)
            if mine is not None and sale.customer_id is not None and sale.uses >= mine
            else None,
            RuleBroken("this coupon is for orders in {currency}", path=path, currency=self.currency)
            if sale.currency != self.currency
            else None,
            self._too_little(sale, path),
        )

    def problems(self) -> list[RuleBroken]:
        """Fact S-55."""
        return checks.found(
            checks.text(self.code, ("code",), most=64, required=True),
            RuleBroken("a code has no blanks in it", path=("code",))
            if len(self.code.split()) > 1
            else None,
            checks.text(self.name, ("name",), most=200, required=True),
            checks.text(self.description, ("description",), most=5000),
            *self._discount_problems(),
            self._amount_problem("max_discount_amount", above=True),
            self._amount_problem("min_order_amount"),
            *(_out_of_time(getattr(self, name), name) for name in ("valid_from", "valid_until")),
            RuleBroken("this is before the coupon is valid", path=("valid_until",))
            if self.valid_from is not None
            and self.valid_until is not None
            and self.valid_until < self.valid_from
            else None,
            *self._limit_problems(),
        )

    def _discount_problems(self) -> list[RuleBroken | None]:
        path = ("discount_value",)
        if self.discount_type is DiscountType.FIXED:
            of_nothing = self.max_discount_amount is not None
            return [
                checks.amount(self.discount_value, path, self.currency, above=True),
                RuleBroken("only a percentage has this", path=("max_discount_amount",))
                if of_nothing
                else None,
            ]
        return [checks.number(self.discount_value, path, above=True, most=Decimal(100))]

    def _limit_problems(self) -> list[RuleBroken | None]:
        found: list[RuleBroken | None] = [
            checks.number(Decimal(limit), (name,), least=1, most=MOST_USES)
            for name in ("usage_limit_total", "usage_limit_per_subject")
            if (limit := getattr(self, name)) is not None
        ]
        if self.usage_limit_total is not None and self.usage_limit_total < self.used:
            found.append(self.too_low("usage_limit_total", self.used))
        return found

    @staticmethod
    def too_low(limit: str, used: int) -> RuleBroken:
        """A limit cannot be below what is used of it already."""
        return RuleBroken("this is used {used} times already", path=(limit,), used=used)

    def _amount_problem(self, name: str, *, above: bool = False) -> RuleBroken | None:
        value = getattr(self, name)
        return None if value is None else checks.amount(value, (name,), self.currency, above=above)

    def _is_used_up(self) -> bool:
        return self.usage_limit_total is not None and self.used >= self.usage_limit_total

    def _too_little(self, sale: Sale, path: Path) -> RuleBroken | None:
        if self.min_order_amount is None or sale.amount >= self.min_order_amount:
            return None
        return RuleBroken(
            "this coupon is for orders of {least} {currency} or more",
            path=path,
            least=rounded(self.min_order_amount, self.currency),
            currency=self.currency,
        )

    def _tell(
        self,
        past: str,
        at: datetime,
        redemption: CouponRedemption,
        order_id: UUID,
        changes: Changes | None = None,
    ) -> None:
        self._record(past, at, changes, service_order=str(order_id), amount=redemption.amount)


def _in_upper_case(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The code as it is kept (fact S-55)."""
    code = given.get("code")
    return given if code is None else {**given, "code": folded(code)}


def folded(code: str) -> str:
    """A code as it is kept, however it is said."""
    return code.strip().upper()


def _out_of_time(value: datetime | None, name: str) -> RuleBroken | None:
    """PostgreSQL's driver takes the first and the last moment there is for infinite ones."""
    if value is None or EARLIEST <= value < LATEST:
        return None
    return RuleBroken("this is too long ago or too far ahead", path=(name,))
