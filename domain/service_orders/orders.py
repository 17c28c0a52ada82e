"""The service order itself: placed, worked on, held, completed, cancelled."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.coupons import CouponRedemption
from domain.kit.aggregate import Aggregate
from domain.service_orders.clocks import SlaClock
from domain.service_orders.prices import ServiceOrderPriceLine
from domain.service_orders.statuses import Priority, ServiceOrderStatus
from domain.service_orders.steps import ServiceOrderStep


@dataclass(kw_only=True, eq=False)
class ServiceOrder(Aggregate):
    """Facts S-24 to S-35. Amounts are in `currency`, and without tax but for the last two.

    `price` is the base, `options` what was chosen, `discount` a coupon's, `covered` what a
    subscription pays for (by its `allocation_id`).
    """

    kind = "service_order"
    prefix = "so"

    number: str = ""
    status: ServiceOrderStatus = ServiceOrderStatus.PENDING
    service_definition_id: UUID
    customer_id: UUID | None
    worker_id: UUID | None
    quotation_line_id: UUID | None = None
    priority: Priority = Priority.NORMAL
    assignee_id: UUID | None = None
    currency: str
    price: Decimal
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

    def tell_clocks(self, at: datetime) -> None:
        """Record what its clocks have come to by now, at risk or breached, each once."""
        keys = {step.id: step.key for step in self.steps}
        for clock in self.clocks:
            if (news := clock.tell(at)) is not None:
                self._record(
                    news,
                    at,
                    clock=str(clock.id),
                    measures=clock.measures,
                    step=keys[clock.step_id] if clock.step_id else None,
                    due=clock.due_at.isoformat() if clock.due_at else None,
                )
