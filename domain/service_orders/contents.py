"""What a service order holds: for whom it is, what it costs, and its parts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.callers import Caller
from domain.coupons import CouponRedemption
from domain.kit.aggregate import Aggregate, Changes
from domain.kit.errors import raise_first
from domain.kit.money import rounded
from domain.service_definitions import PriceOption
from domain.service_orders.clocks import SlaClock
from domain.service_orders.lifecycle import LIFECYCLE
from domain.service_orders.prices import (
    Priced,
    PriceLineKind,
    ServiceOrderPriceLine,
    added_up,
    coverage,
    discounts,
    put,
    said,
)
from domain.service_orders.statuses import Priority, ServiceOrderStatus
from domain.service_orders.steps import ServiceOrderStep


@dataclass(kw_only=True, eq=False)
class ServiceOrderContent(Aggregate):
    """Facts S-24 to S-35. Amounts are in `currency`, and without tax but for the last two.

    `price` is the base, `options` what was chosen, `discount` a coupon's, `covered` what a
    subscription pays for (by its `allocation_id`).
    """

    number: str = ""
    status: ServiceOrderStatus = LIFECYCLE.initial
    service_definition_id: UUID
    customer_id: UUID | None
    worker_id: UUID | None
    quotation_line_id: UUID | None = None
    priority: Priority = Priority.NORMAL
    assignee_id: UUID | None = None
    currency: str
    price: Decimal = Decimal(0)
    options: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    covered: Decimal = Decimal(0)
    vat_rate: Decimal
    vat_amount: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    allocation_id: UUID | None = None
    calendar_id: UUID | None = None
    created_by_id: UUID
    started_at: datetime | None = None
    held_at: datetime | None = None
    hold_reason: str | None = None
    completed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancellation_reason: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    shrkity_id: int | None = None
    steps: list[ServiceOrderStep] = field(default_factory=list)
    clocks: list[SlaClock] = field(default_factory=list)
    price_lines: list[ServiceOrderPriceLine] = field(default_factory=list)
    redemptions: list[CouponRedemption] = field(default_factory=list)

    @property
    def redemption(self) -> CouponRedemption | None:
        """That of the order's coupon; those that were released are history."""
        return next((each for each in self.redemptions if each.counts), None)

    @property
    def coupon_applied(self) -> bool:
        return self.redemption is not None

    @property
    def discountable(self) -> Decimal:
        """What a coupon can take something off: what is left to pay without it, and without tax."""
        return self.price + self.options - self.covered

    def on_offer(self, offered: Sequence[PriceOption]) -> list[PriceOption]:
        """What may be chosen: what its service offers, and what was chosen before.

        The latter at the price of then, even when the service does not offer it any more.
        """
        before = {
            line.key: PriceOption(
                key=line.key, name=line.label, name_ar=line.label_ar, price=line.amount
            )
            for line in self.price_lines
            if line.line_kind is _OPTION and line.key is not None
        }
        now = {option.key: option for option in offered}
        return [*(now | before).values()]

    @property
    def chosen(self) -> list[str]:
        """The keys of the options, in the service's order."""
        options = [line for line in self.price_lines if line.line_kind is PriceLineKind.OPTION]
        return [line.key for line in options if line.key is not None]

    def require(self, action: str, by: Caller) -> None:
        """Raise what stands in the way of a move, all of it."""
        raise_first(LIFECYCLE.blockers(self, action, by))

    def price_at(
        self, base: Decimal, label: tuple[str, str | None], options: Sequence[PriceOption] = ()
    ) -> None:
        """Price an order that is being placed; `label` says in both languages what it is."""
        price = rounded(base, self.currency)
        put(self.price_lines, [Priced(PriceLineKind.BASE, None, *label, price)])
        self._choose(options)

    def cover(self, allocation_id: UUID | None) -> None:
        """Have a subscription pay for the service itself: a unit of this allocation was taken."""
        self.allocation_id = allocation_id
        self._reprice()

    def choose_options(self, options: Sequence[PriceOption], by: Caller, at: datetime) -> None:
        """Make these the options, of those that are `on_offer`."""
        self.require("choose_options", by)
        before = self.chosen
        changes = self._choose(options)
        if before != self.chosen:
            self._record("options_chosen", at, changes, before=before, after=self.chosen)

    def coupon_reserved(self, redemption: CouponRedemption, at: datetime) -> None:
        """Take off what was reserved of a coupon, which is among its redemptions (fact S-32)."""
        self._reprice_for("coupon_applied", redemption, at)

    def coupon_released(self, redemption: CouponRedemption, at: datetime) -> None:
        """Do without a coupon whose redemption was released (fact S-33)."""
        self._reprice_for("coupon_removed", redemption, at)

    def reprice(self, at: datetime) -> None:
        """Add up again, after what its coupon takes off has changed."""
        if changes := self._reprice():
            self._record("repriced", at, changes)

    def let_go(self, at: datetime) -> None:
        """Forget the coupon and the coverage that were given back: it costs what it would have."""
        self.allocation_id = None
        self.reprice(at)

    def _reprice_for(self, past: str, redemption: CouponRedemption, at: datetime) -> None:
        code, coupon = redemption.code, str(redemption.coupon_id)
        self._record(past, at, self._reprice(), code=code, coupon_id=coupon)

    def _choose(self, options: Sequence[PriceOption]) -> Changes:
        kept = said(self.price_lines)
        base = [line for line in kept if line.line_kind is PriceLineKind.BASE]
        put(self.price_lines, [*base, *(_line_of(each, self.currency) for each in options)])
        return self._reprice()

    def _reprice(self) -> Changes:
        """What there is to pay, from the base, the options, the coverage and the coupon."""
        kept = [line for line in said(self.price_lines) if line.line_kind in _ASKED]
        base = added_up(kept, self.vat_rate, self.currency).price
        lines = [*kept, *coverage(base, covered=self.allocation_id is not None)]
        left = sum((line.amount for line in lines), Decimal(0))
        lines += discounts(self.redemption, most=left, currency=self.currency)
        put(self.price_lines, lines)
        return self._set(added_up(lines, self.vat_rate, self.currency)._asdict())


_OPTION = PriceLineKind.OPTION
_ASKED = frozenset({PriceLineKind.BASE, _OPTION})  # the rest follows from something else


def _line_of(option: PriceOption, currency: str) -> Priced:
    price = rounded(option.price, currency)
    return Priced(_OPTION, option.key, option.name, option.name_ar, price)
