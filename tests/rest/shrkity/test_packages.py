"""Packages over HTTP: fact S-43."""

from decimal import Decimal
from typing import Any

import httpx

from domain.callers import Permission
from domain.packages import PackageItem
from persistence.storage import SqlStorage
from tests.conftest import Save, World, keep
from tests.domain.catalogue import package, service
from tests.rest.shrkity.conftest import Login


async def test_s43_packages_that_are_sold_are_listed(office: httpx.AsyncClient, save: Save) -> None:
    visa, licence = service(), service()
    await save(visa, licence)
    items = [
        PackageItem(service_definition_id=visa.id, quantity=5),
        PackageItem(service_definition_id=licence.id),
    ]
    gold = package(code="GOLD", name="Gold", name_ar="ذهبي", price=Decimal("99.5"), items=items)
    old = package(visa.id, active=False)
    await save(gold, old)
    shown: dict[str, Any] = {
        "id": gold.shrkity_id,
        "code": "GOLD",
        "name": "Gold",
        "name_ar": "ذهبي",
        "description": None,
        "price": 99.5,
        "currency": "SAR",
        "duration_days": 30,
        "renewable": True,
        "items": [
            {"service_definition_id": visa.shrkity_id, "quantity": 5, "unlimited": False},
            {"service_definition_id": licence.shrkity_id, "quantity": None, "unlimited": True},
        ],
    }

    listed = await office.get("/packages")
    one = await office.get(f"/packages/{gold.shrkity_id}")

    assert (listed.status_code, listed.json()["data"]) == (200, [shown])
    assert listed.json()["meta"]["total"] == 1
    assert (one.status_code, one.json()) == (200, shown)
    assert '"price":99.50,' in one.text


async def test_s43_a_package_that_is_not_sold_any_more_is_still_there(
    office: httpx.AsyncClient, save: Save
) -> None:
    visa = service()
    old = package(visa.id, active=False)
    await save(visa, old)

    assert (await office.get(f"/packages/{old.shrkity_id}")).json()["code"] == old.code


async def test_s43_what_is_not_there_is_not_found(
    office: httpx.AsyncClient, other_world: World, storage: SqlStorage
) -> None:
    visa = service()
    theirs = package(visa.id)
    await keep(storage, other_world.caller(), visa, theirs)

    for id in (theirs.shrkity_id, 0, "x"):
        answer = await office.get(f"/packages/{id}")
        assert answer.status_code == 404
        assert answer.json() == {"message": "The requested resource was not found."}


async def test_s19_packages_take_their_scope(login: Login, world: World) -> None:
    blind = await login(world, permissions=sorted({*Permission} - {Permission.PACKAGES_READ}))

    for path in ("/packages", "/packages/1"):
        answer = await blind.get(path)
        assert (answer.status_code, answer.json()["required_scope"]) == (403, "packages:read")


async def test_a_page_of_packages_costs_three_statements(
    office: httpx.AsyncClient, save: Save, statements: list[str]
) -> None:
    services = [service() for _ in range(3)]
    await save(*services)
    await save(*(package(*(each.id for each in services)) for _ in range(12)))
    statements.clear()

    answer = await office.get("/packages")

    assert len(answer.json()["data"]) == 10
    assert len(statements) == 3
