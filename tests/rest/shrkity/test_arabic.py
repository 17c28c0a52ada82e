"""Arabic for who asks for it: names where there is one field for both, and what is refused."""

from datetime import date
from typing import Any

import httpx
import pytest

from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep
from tests.domain import subscriptions
from tests.rest.shrkity.conftest import Login
from tests.rest.shrkity.orders import desk, old, placed
from tests.usecases.customers import customers
from tests.usecases.orders import done
from usecases.compliance_documents import CreateComplianceDocument

ARABIC = {"Accept-Language": "ar"}


async def both(office: httpx.AsyncClient, path: str) -> tuple[Any, Any]:
    """What readers of English see, and readers of Arabic."""
    english, arabic = await office.get(path), await office.get(path, headers=ARABIC)
    assert (english.status_code, arabic.status_code) == (200, 200)
    return english.json(), arabic.json()


async def test_a_documents_type_is_named_in_the_readers_language(
    office: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    held = await customers(world, storage)
    licence = make.document_type(name="Licence", name_ar="رخصة")
    await keep(storage, world.caller(), licence)
    create = CreateComplianceDocument(
        type_id=licence.id, company_id=held.company.id, number="2", expires_on=date(9000, 1, 1)
    )
    document = await done(create, world, storage)

    english, arabic = await both(office, f"/documents/{document.shrkity_id}")
    page = (await office.get("/documents", headers=ARABIC)).json()["data"]

    assert english["document_type"] == {"id": licence.shrkity_id, "name": "Licence"}
    assert arabic == english | {"document_type": {"id": licence.shrkity_id, "name": "رخصة"}}
    # A type without an Arabic name has the one it has.
    assert {each["document_type"]["name"] for each in page} == {"رخصة", held.document_type.name}


async def test_an_orders_names_are_there_in_both_languages_for_everybody(
    office: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    at = await desk(world, storage)
    made = await placed(office, at)

    english, arabic = await both(office, f"/orders/{made['id']}")

    assert english == arabic
    assert "name_ar" in english["steps"][0]


async def test_services_packages_companies_and_workers_have_both_names(
    office: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    at = await desk(world, storage)
    company = make.company(name_ar="نجد للمقاولات")
    worker = make.worker(company.id, name="Noura", name_ar="نورة")
    package = subscriptions.package(subscriptions.item(at.service.id), name_ar="عناية")
    await keep(storage, world.caller(), company)
    await keep(storage, world.caller(), worker, package)
    named = {
        f"/services/{old(at.service)}": ("name_ar", "تجديد التأشيرة"),
        f"/packages/{old(package)}": ("name_ar", "عناية"),
        "/companies?page=3&per_page=1": ("legal_name_ar", "نجد للمقاولات"),
        f"/companies/{old(company)}/workers": ("name_ar", "نورة"),
    }

    for path, (field, name) in named.items():
        english, arabic = await both(office, path)
        assert english == arabic
        [shown] = english.get("data", [english])
        assert shown[field] == name


@pytest.mark.parametrize(
    "path",
    ["/orders", "/companies", "/clients", "/coupons", "/subscriptions", "/quotations"],
)
async def test_refusals_are_told_in_arabic(login: Login, world: World, path: str) -> None:
    office = await login(world)

    english = await office.post(path, json={})
    arabic = await office.post(path, json={}, headers=ARABIC)

    assert (english.status_code, arabic.status_code) == (422, 422)
    assert english.json()["message"].isascii()
    told = arabic.json()["errors"].values()
    said = [arabic.json()["message"], *(text for texts in told for text in texts)]
    assert all(any("\u0600" <= letter <= "\u06ff" for letter in text) for text in said)
    # Only what people read differs; what programs compare does not.
    assert arabic.json()["code"] == english.json()["code"]
    assert [*arabic.json()["errors"]] == [*english.json()["errors"]]
