"""What is offered, in memory: a service of three steps, a package of it, a coupon for it."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.coupons import Coupon, DiscountType, Sale
from domain.kit.ids import new_id
from domain.packages import Package, PackageItem
from domain.service_definitions import (
    RequiredDocument,
    ServiceDefinition,
    ServiceStatus,
    ServiceStep,
    StepType,
)
from tests.make import NOON


def step(key: str, *after: str, **values: Any) -> ServiceStep:
    return ServiceStep(**({"key": key, "name": key.title(), "depends_on": [*after]} | values))


def asking(key: str, *after: str, **types: tuple[UUID, bool]) -> ServiceStep:
    """A step that asks for documents: of each, the type and whether it is required."""
    documents = [RequiredDocument(type_id=id, required=must) for id, must in types.values()]
    return step(key, *after, type=StepType.DOCUMENT, documents=documents)


def service(**values: Any) -> ServiceDefinition:
    """A draft of 100.00 that could be published."""
    given = {
        "code": new_id().hex,
        "name": "Visa renewal",
        "name_ar": "تجديد التأشيرة",
        "price": Decimal(100),
        "currency": "SAR",
        "steps": [step("collect"), step("submit", "collect"), step("deliver", "submit")],
    }
    status = values.pop("status", ServiceStatus.DRAFT)
    made = ServiceDefinition.create(given | values, NOON)
    made.status = status
    return made


def package(*services: UUID, **values: Any) -> Package:
    """Two orders of each of the services, for thirty days."""
    items = [PackageItem(service_definition_id=id, quantity=2) for id in services or [new_id()]]
    given = {"code": new_id().hex, "name": "Starter", "price": Decimal(150), "currency": "SAR"}
    return Package.create(given | {"duration_days": 30, "items": items} | values, NOON)


def coupon(**values: Any) -> Coupon:
    """Ten off, for whoever says it."""
    given = {
        "code": new_id().hex,
        "name": "Welcome",
        "discount_type": DiscountType.FIXED,
        "discount_value": Decimal(10),
        "currency": "SAR",
    }
    used = values.pop("used", 0)
    made = Coupon.create(given | values, NOON)
    made.used = used
    return made


def percentage(value: str, **values: Any) -> Coupon:
    kind = {"discount_type": DiscountType.PERCENTAGE, "discount_value": Decimal(value)}
    return coupon(**(kind | values))


def sale(**values: Any) -> Sale:
    """An order of 100.00 by a customer who has not used the coupon yet."""
    given: dict[str, Any] = {
        "order_id": new_id(),
        "customer_id": new_id(),
        "currency": "SAR",
        "amount": Decimal(100),
        "covered": Decimal(0),
        "uses": 0,
        "has_coupon": False,
    }
    return Sale(**(given | values))
