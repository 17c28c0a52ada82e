"""Services over HTTP: facts S-20 to S-23."""

from decimal import Decimal

import httpx
import pytest

from domain.callers import Permission
from domain.compliance_documents import ComplianceDocumentType
from domain.service_definitions import (
    EligibilityCheck,
    EligibilityKind,
    PriceOption,
    ServiceDefinition,
    ServiceStatus,
)
from persistence.storage import SqlStorage
from tests.conftest import Save, World, keep
from tests.domain.catalogue import asking, service, step
from tests.make import NOON
from tests.rest.shrkity.conftest import Login

PUBLISHED = ServiceStatus.PUBLISHED
NOT_FOUND = (404, {"message": "The requested resource was not found."})


def document(code: str, name: str, name_ar: str | None = None) -> ComplianceDocumentType:
    given = {"code": code, "name": name, "name_ar": name_ar}
    return ComplianceDocumentType.create(given, NOON)


@pytest.fixture
async def visa(save: Save) -> ServiceDefinition:
    made = service(code="VISA", category="Government", requires_company=True, status=PUBLISHED)
    await save(made, service(code="DRAFT"), service(code="GONE", status=ServiceStatus.ARCHIVED))
    return made


async def test_s20_only_published_services_are_listed(
    office: httpx.AsyncClient, visa: ServiceDefinition
) -> None:
    """Facts S-20 and S-21."""
    answer = await office.get("/services")

    assert answer.status_code == 200
    assert answer.json() == {
        "data": [
            {
                "id": visa.shrkity_id,
                "code": "VISA",
                "name": "Visa renewal",
                "name_ar": "تجديد التأشيرة",
                "description": None,
                "category": "Government",
                "price": 100.0,
                "currency": "SAR",
                "requires_company": True,
                "requires_employee": False,
                "status": "published",
            }
        ],
        "meta": {
            "total": 1,
            "per_page": 10,
            "current_page": 1,
            "last_page": 1,
            "has_next": False,
            "has_previous": False,
        },
    }
    assert '"price":100.00,' in answer.text


@pytest.mark.parametrize(
    ("search", "codes"),
    [("RENEW", ["VISA"]), ("تأشيرة", ["VISA"]), ("tax-", ["TAX-1"]), ("draft", []), ("", None)],
)
@pytest.mark.usefixtures("visa")
async def test_s20_search_matches_names_and_codes(
    office: httpx.AsyncClient, save: Save, search: str, codes: list[str] | None
) -> None:
    await save(service(code="TAX-1", name="Returns", name_ar="إقرار", status=PUBLISHED))

    answer = await office.get("/services", params={"search": search})

    found = [each["code"] for each in answer.json()["data"]]
    assert found == (["TAX-1", "VISA"] if codes is None else codes)


async def test_s20_services_come_in_pages(office: httpx.AsyncClient, save: Save) -> None:
    await save(*(service(code=f"S-{n}", name=f"S {n}", status=PUBLISHED) for n in range(5)))

    page = (await office.get("/services", params={"page": 2, "per_page": 2})).json()

    assert [each["code"] for each in page["data"]] == ["S-2", "S-3"]
    assert page["meta"]["last_page"] == 3


async def test_s22_a_service_says_what_it_takes(office: httpx.AsyncClient, save: Save) -> None:
    licence = document("licence", "Licence")
    await save(licence)
    made = service(
        status=PUBLISHED,
        options=[PriceOption(key="express", name="Express", price=Decimal(50))],
        eligibility=[
            EligibilityCheck(
                key="licensed",
                label="Valid licence",
                label_ar="رخصة سارية",
                kind=EligibilityKind.VALID_DOCUMENT,
                type_id=licence.id,
            ),
            EligibilityCheck(key="tax", label="Tax id", kind=EligibilityKind.TAX_ID),
        ],
    )
    await save(made)

    shown = (await office.get(f"/services/{made.shrkity_id}")).json()
    arabic = await office.get(f"/services/{made.shrkity_id}", headers={"Accept-Language": "ar"})

    assert (shown["id"], shown["starts_at_price"]) == (made.shrkity_id, True)
    assert shown["eligibility"] == [
        {"key": "licensed", "label": "Valid licence", "type": "valid_document"},
        {"key": "tax", "label": "Tax id", "type": "tax_id"},
    ]
    assert [each["label"] for each in arabic.json()["eligibility"]] == ["رخصة سارية", "Tax id"]


async def test_s22_a_service_without_options_has_a_price(
    office: httpx.AsyncClient, visa: ServiceDefinition
) -> None:
    shown = (await office.get(f"/services/{visa.shrkity_id}")).json()

    assert (shown["starts_at_price"], shown["eligibility"]) == (False, [])


async def test_s22_what_is_not_published_is_not_there(
    office: httpx.AsyncClient, other_world: World, storage: SqlStorage, save: Save
) -> None:
    draft, archived = service(), service(status=ServiceStatus.ARCHIVED)
    theirs = [service(status=PUBLISHED) for _ in range(3)]
    await save(draft, archived)
    await keep(storage, other_world.caller(), *theirs)

    for id in (draft.shrkity_id, archived.shrkity_id, theirs[2].shrkity_id, 0, "x", 2**70):
        for path in (f"/services/{id}", f"/services/{id}/required-documents"):
            answer = await office.get(path)
            assert (answer.status_code, answer.json()) == NOT_FOUND


async def test_s23_documents_are_those_of_all_steps_in_order(
    office: httpx.AsyncClient, save: Save
) -> None:
    """Once each, by the first step in the order of execution; a required one is required."""
    passport = document("passport", "Passport", "جواز السفر")
    photo, licence = document("photo", "Photo"), document("licence", "Licence")
    await save(passport, photo, licence)
    made = service(
        status=PUBLISHED,
        steps=[
            asking("last", "first", photo=(photo.id, False), passport=(passport.id, True)),
            step("pay"),
            asking("first", "pay", passport=(passport.id, False), licence=(licence.id, True)),
        ],
    )
    await save(made)
    path = f"/services/{made.shrkity_id}/required-documents"

    answer = (await office.get(path)).json()
    arabic = (await office.get(path, headers={"Accept-Language": "ar"})).json()

    assert answer == {
        "data": [
            {
                "step_key": "first",
                "document_type_id": passport.shrkity_id,
                "name": "Passport",
                "required": True,
            },
            {
                "step_key": "first",
                "document_type_id": licence.shrkity_id,
                "name": "Licence",
                "required": True,
            },
            {
                "step_key": "last",
                "document_type_id": photo.shrkity_id,
                "name": "Photo",
                "required": False,
            },
        ]
    }
    assert [each["name"] for each in arabic["data"]] == ["جواز السفر", "Licence", "Photo"]


async def test_s23_a_service_may_ask_for_nothing(
    office: httpx.AsyncClient, visa: ServiceDefinition
) -> None:
    answer = await office.get(f"/services/{visa.shrkity_id}/required-documents")

    assert (answer.status_code, answer.json()) == (200, {"data": []})


async def test_s19_services_take_their_scope(
    login: Login, world: World, visa: ServiceDefinition
) -> None:
    blind = await login(world, permissions=sorted({*Permission} - {Permission.SERVICES_READ}))

    one = f"/services/{visa.shrkity_id}"
    for path in ("/services", one, f"{one}/required-documents"):
        answer = await blind.get(path)
        assert (answer.status_code, answer.json()) == (
            403,
            {
                "message": "The API key does not have the required scope.",
                "code": "insufficient_scope",
                "required_scope": "services:read",
            },
        )


async def test_a_page_of_services_costs_two_statements(
    office: httpx.AsyncClient, save: Save, statements: list[str]
) -> None:
    await save(*(service(status=PUBLISHED) for _ in range(30)))
    statements.clear()

    answer = await office.get("/services", params={"per_page": 25})

    assert len(answer.json()["data"]) == 25
    assert len(statements) == 2
