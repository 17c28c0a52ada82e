"""Service orders in memory: of a service with two steps that follow each other, and one more."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from domain.business_time import AROUND_THE_CLOCK
from domain.coupons import CouponRedemption
from domain.kit.ids import new_id
from domain.service_definitions import PriceOption, ServiceStep, SlaKind, SlaTarget
from domain.service_orders import (
    Applicant,
    Offer,
    OrderStepStatus,
    ServiceOrder,
    ServiceOrderStatus,
    ServiceOrderStep,
    WaitingFor,
    Wish,
    place,
)
from tests import make

HOURS = AROUND_THE_CLOCK
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AGENT = make.caller()
NOBODY, PLAIN = Applicant(), Wish()
TARGETS = [
    SlaTarget(kind=SlaKind.FIRST_RESPONSE, minutes=60),
    SlaTarget(kind=SlaKind.RESOLUTION, minutes=600),
]
STEPS = [
    ServiceStep(key="collect", name="Collect", targets=TARGETS),
    ServiceStep(key="submit", name="Submit", depends_on=["collect"]),
    ServiceStep(key="courier", name="Courier", optional=True),
]
EXPRESS = PriceOption(key="express", name="Express", name_ar="عاجل", price=Decimal(50))
COPIES = PriceOption(key="copies", name="Copies", price=Decimal("7.25"))
SERVICE: dict[str, Any] = {
    "name": "Visa renewal",
    "name_ar": "تجديد التأشيرة",
    "price": Decimal(100),
    "vat_rate": Decimal(15),
    "currency": "SAR",
    "targets": TARGETS,
    "steps": STEPS,
    "options": [EXPRESS, COPIES],
}


def offer(**values: Any) -> Offer:
    given: dict[str, Any] = {
        "service_definition_id": new_id(),
        "published": True,
        "requires_company": False,
        "requires_worker": False,
        "calendar_id": None,
        "eligibility": [],
    }
    return Offer(**(SERVICE | given | values))


def ordered(
    applicant: Applicant = NOBODY, wish: Wish = PLAIN, at: datetime = NOON, **values: Any
) -> ServiceOrder:
    order = place(offer(**values), applicant, wish, AGENT, at, HOURS)
    order.placed("SO-2026-0001", at)
    order.pull_events()
    return order


def step(order: ServiceOrder, key: str) -> ServiceOrderStep:
    [found] = [step for step in order.steps if step.key == key]
    return found


def statuses(order: ServiceOrder) -> dict[str, str]:
    return {step.key: step.status.value for step in order.steps}


def standing(status: ServiceOrderStatus) -> ServiceOrder:
    """An order at some point of its way: nothing done, its first step done, or all of it."""
    order = ordered()
    if status in {ServiceOrderStatus.PENDING, ServiceOrderStatus.CANCELLED}:
        if status is ServiceOrderStatus.CANCELLED:
            order.cancel(AGENT, NOON, HOURS)
    else:
        for key in ("collect", "submit"):
            order.start_step(step(order, key), AGENT, NOON, HOURS)
            if key == "collect" or status is ServiceOrderStatus.COMPLETED:
                order.complete_step(step(order, key), AGENT, NOON, HOURS)
        if status is ServiceOrderStatus.ON_HOLD:
            order.hold(AGENT, NOON, HOURS, "away")
    order.pull_events()
    return order


def with_step(status: OrderStepStatus) -> tuple[ServiceOrder, ServiceOrderStep]:
    """An order in progress, and its first step at some point of its way; it is optional."""
    steps = [
        ServiceStep(key="first", name="First", optional=True, targets=TARGETS),
        ServiceStep(key="last", name="Last", depends_on=["first"], targets=TARGETS),
    ]
    order = ordered(steps=steps)
    order.start(AGENT, NOON, HOURS)
    one = step(order, "last" if status is OrderStepStatus.BLOCKED else "first")
    if status is OrderStepStatus.SKIPPED:
        order.skip_step(one, AGENT, NOON, HOURS)
    elif status is OrderStepStatus.CANCELLED:
        one.status = status
    elif status not in {OrderStepStatus.BLOCKED, OrderStepStatus.READY}:
        order.start_step(one, AGENT, NOON, HOURS)
        if status is OrderStepStatus.WAITING:
            order.wait_step(one, WaitingFor.CLIENT, AGENT, NOON, HOURS)
        elif status is OrderStepStatus.COMPLETED:
            order.complete_step(one, AGENT, NOON, HOURS)
    order.pull_events()
    return order, one


def looks(order: ServiceOrder) -> Mapping[str, Any]:
    """Everything there is to see of it, to show that nothing happened."""
    parts = ("steps", "clocks", "price_lines", "redemptions")
    seen = _fields(order)
    return deepcopy(seen | {name: [_fields(part) for part in seen[name]] for name in parts})


def _fields(of: object) -> dict[str, Any]:
    return {name: value for name, value in vars(of).items() if not name.startswith("_")}


def redemption(amount: Decimal, **values: Any) -> CouponRedemption:
    given: dict[str, Any] = {"coupon_id": new_id(), "customer_id": None, "code": "WELCOME"}
    return CouponRedemption(**(given | {"amount": amount, "reserved_at": NOON} | values))
