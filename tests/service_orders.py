"""Service orders as they are kept, with whatever they name; for tests of what is seen of them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from domain.coupons import Coupon, CouponRedemption, DiscountType
from domain.customers import Company, Customer
from domain.kit.ids import new_id
from domain.service_definitions import (
    ServiceDefinition,
    ServiceStatus,
    ServiceStep,
    SlaKind,
    StepType,
)
from domain.service_orders import (
    OrderStepStatus,
    PriceLineKind,
    ServiceOrder,
    ServiceOrderPriceLine,
    ServiceOrderStep,
    SlaClock,
)
from domain.users import User
from domain.workers import Worker
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.make import NOON

STEPS = (
    ServiceStep(key="collect", name="Collect documents", name_ar="جمع", type=StepType.DOCUMENT),
    ServiceStep(key="file", name="File the request", depends_on=["collect"]),
    ServiceStep(key="survey", name="Ask for feedback", depends_on=["file"], optional=True),
)


class Served(NamedTuple):
    """Whom something is done for, and what."""

    service: ServiceDefinition
    company: Customer
    worker: Worker


async def served(world: World, storage: SqlStorage, **of_service: Any) -> Served:
    """A published service, and a company with a worker."""
    code = new_id().hex
    given: dict[str, Any] = {
        "code": code,
        "name": "Licence renewal",
        "price": Decimal(100),
        "vat_rate": Decimal(15),
        "requires_company": True,
        "steps": [*STEPS],
    }
    service = ServiceDefinition.founded(
        NOON, **({"currency": "SAR", "status": ServiceStatus.PUBLISHED} | given | of_service)
    )
    company = Company.founded(NOON, name="Palm Trading", registration_number="1010000001")
    worker = Worker.founded(NOON, company_id=company.id, name="Wael Worker")
    await keep(storage, world.caller(), service, company)
    await keep(storage, world.caller(), worker)
    return Served(service, company, worker)


def order(world: World, to: Served, **values: Any) -> ServiceOrder:
    """For 100.00 and an option of 20.00, with its steps and a clock, as it was placed at NOON."""
    placed = ServiceOrder.founded(
        values.pop("at", NOON),
        **{
            "number": f"SO-2026-{new_id().hex}",
            "service_definition_id": to.service.id,
            "customer_id": to.company.id,
            "worker_id": to.worker.id,
            "currency": "SAR",
            "price": Decimal(100),
            "options": Decimal(20),
            "vat_rate": Decimal(15),
            "vat_amount": Decimal(18),
            "total": Decimal(138),
            "created_by_id": world.buyer.id,
            "steps": [_step(position, each) for position, each in enumerate(STEPS, 1)],
            "price_lines": [
                _line(1, PriceLineKind.BASE, "Licence renewal", 100),
                _line(2, PriceLineKind.OPTION, "Express", 20, key="express"),
            ],
            "clocks": [clock()],
        }
        | values,
    )
    placed._record("placed", placed.created_at)
    return placed


def _step(position: int, step: ServiceStep) -> ServiceOrderStep:
    return ServiceOrderStep(
        position=position,
        key=step.key,
        name=step.name,
        name_ar=step.name_ar,
        type=step.type,
        status=OrderStepStatus.BLOCKED if step.depends_on else OrderStepStatus.READY,
        optional=step.optional,
        depends_on=[*step.depends_on],
    )


def _line(
    position: int, kind: PriceLineKind, label: str, amount: int, *, key: str | None = None
) -> ServiceOrderPriceLine:
    return ServiceOrderPriceLine(
        position=position, line_kind=kind, label=label, amount=Decimal(amount), key=key
    )


def clock(due_at: datetime | None = None, **values: Any) -> SlaClock:
    """An hour from NOON on, around the clock."""
    given: dict[str, Any] = {
        "measures": SlaKind.RESOLUTION,
        "target_seconds": 3600,
        "started_at": NOON,
        "due_at": due_at or NOON + timedelta(hours=1),
    }
    return SlaClock(**(given | values))


def coupon(**values: Any) -> Coupon:
    given = {"code": new_id().hex.upper(), "name": "Welcome", "currency": "SAR"}
    terms = {"discount_type": DiscountType.FIXED, "discount_value": Decimal(10)}
    return Coupon.founded(NOON, **(given | terms | values))


def redemption(of: Coupon, order: ServiceOrder) -> CouponRedemption:
    return CouponRedemption(
        coupon_id=of.id,
        customer_id=order.customer_id,
        code=of.code,
        amount=of.discount_value,
        reserved_at=NOON,
    )


def assigned(order: ServiceOrder, user: User) -> ServiceOrder:
    order.assignee_id = user.id
    for step in order.steps:
        step.assignee_id = user.id
    return order
