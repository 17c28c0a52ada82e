"""What is offered, every exchange as in tests/rest/golden/shrkity."""

from decimal import Decimal
from typing import Any

import httpx

from domain.compliance_documents import ComplianceDocumentType
from domain.service_definitions import (
    EligibilityCheck,
    EligibilityKind,
    PriceOption,
    ServiceStatus,
)
from tests.conftest import Save
from tests.domain.catalogue import asking, package, service, step
from tests.make import NOON
from tests.rest.goldens import exchange

WELCOME = {
    "code": "WELCOME10",
    "name": "Acme Trading Co.",
    "discount_type": "fixed",
    "discount_value": 250,
    "description": "…",
}


async def test_services_and_packages(office: httpx.AsyncClient, save: Save) -> None:
    licence = ComplianceDocumentType.create({"code": "licence", "name": "Licence"}, NOON)
    await save(licence)
    visa = service(
        code="VISA",
        category="Government",
        status=ServiceStatus.PUBLISHED,
        requires_company=True,
        steps=[asking("collect-documents", licence=(licence.id, True)), step("file")],
        options=[PriceOption(key="express", name="Express", price=Decimal(50))],
        eligibility=[EligibilityCheck(key="tax", label="Tax id", kind=EligibilityKind.TAX_ID)],
    )
    await save(visa)
    await save(package(visa.id, code="STARTER"))

    async def golden(name: str, path: str) -> None:
        await exchange(office, f"shrkity/{name}", "GET", path)

    await golden("service-list", "/services?search=visa")
    await golden("service-get", "/services/1")
    await golden("service-get-unknown", "/services/42")
    await golden("service-required-documents", "/services/1/required-documents")
    await golden("package-list", "/packages")
    await golden("package-get", "/packages/1")


async def test_the_life_of_a_coupon(office: httpx.AsyncClient) -> None:
    async def golden(name: str, *asked: Any) -> None:
        await exchange(office, f"shrkity/{name}", *asked)

    await golden("coupon-create", "POST", "/coupons", WELCOME)
    await golden("coupon-create-again", "POST", "/coupons", WELCOME)
    await golden("coupon-create-invalid", "POST", "/coupons", {"discount_type": "free"})
    await golden("coupon-list", "GET", "/coupons")
    await golden("coupon-get", "GET", "/coupons/1")
    await golden("coupon-update", "PATCH", "/coupons/1", {"usage_limit_total": 100})
    await golden("coupon-redemptions", "GET", "/coupons/1/redemptions")
    await golden("coupon-delete", "DELETE", "/coupons/1")
    await golden("coupon-get-deleted", "GET", "/coupons/1")
