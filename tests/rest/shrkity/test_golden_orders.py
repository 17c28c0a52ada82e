"""The life of an order, every exchange as in tests/rest/golden/shrkity."""

from decimal import Decimal
from typing import Any

import httpx

from domain.coupons import DiscountType
from domain.service_definitions import RequiredDocument, ServiceStep, StepType
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.rest.goldens import exchange
from tests.rest.shrkity.orders import desk, old
from tests.service_orders import coupon
from tests.usecases.customers import customers


async def test_the_life_of_an_order(
    office: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    type = (await customers(world, storage)).document_type
    collect = ServiceStep(
        key="collect-documents",
        name="Collect documents",
        name_ar="جمع المستندات",
        type=StepType.DOCUMENT,
        documents=[RequiredDocument(type_id=type.id)],
    )
    pay = ServiceStep(key="pay-fees", name="Pay the fees", type=StepType.PAYMENT)
    steps = [collect, pay, ServiceStep(key="file", name="File", depends_on=[collect.key])]
    at = await desk(world, storage, code="CR-RENEWAL", steps=steps, targets=[])
    welcome = coupon(
        code="WELCOME10", discount_type=DiscountType.PERCENTAGE, discount_value=Decimal(10)
    )
    await keep(storage, world.caller(), welcome)

    async def golden(name: str, *asked: Any) -> None:
        await exchange(office, f"shrkity/{name}", *asked)

    call = at.order(company_employee_id=old(at.worker), priority="low")
    await golden("order-create", "POST", "/orders", call)
    await golden("order-create-invalid", "POST", "/orders", {"company_id": 42, "priority": "asap"})
    await golden("order-list", "GET", "/orders?status=pending&search=cr-renewal")
    await golden("order-list-empty", "GET", "/orders?page=2&per_page=50")
    await golden("order-get", "GET", "/orders/1")
    await golden("order-get-unknown", "GET", "/orders/42")
    await golden("order-update", "PATCH", "/orders/1", {"priority": "urgent"})
    await golden("order-step", "GET", "/orders/1/steps/collect-documents")
    await golden("order-apply-coupon", "POST", "/orders/1/apply-coupon", {"code": "WELCOME10"})
    await golden("order-apply-again", "POST", "/orders/1/apply-coupon", {"code": "WELCOME10"})
    await golden("order-remove-coupon", "DELETE", "/orders/1/coupon")
    await golden("order-remove-none", "DELETE", "/orders/1/coupon")
    await golden("order-cancel", "POST", "/orders/1/cancel")
    await golden("order-cancel-again", "POST", "/orders/1/cancel")
