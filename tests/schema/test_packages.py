"""Packages in the graph."""

import asyncpg

from tests.conftest import Save, World
from tests.domain.catalogue import package, service
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, public

NOWHERE = "0" * 32
SHOWN = """{ version code name nameAr description price { amount currency } vatRate durationDays
  renewable active items { quantity serviceDefinition { name } } legacyIds { channel id } }"""


async def test_a_package_is_created_of_services(do: Ask, save: Save) -> None:
    visa, licence = service(name="Visa"), service(name="Licence")
    await save(visa, licence)

    made = await do(
        "packageCreate",
        {
            "code": "START",
            "name": "Starter",
            "price": "150",
            "durationDays": 30,
            "items": [
                {"serviceDefinitionId": public(visa), "quantity": 2},
                {"serviceDefinitionId": public(licence)},
            ],
        },
        SHOWN,
    )

    assert made == {
        "errors": [],
        "package": {
            "version": 1,
            "code": "START",
            "name": "Starter",
            "nameAr": None,
            "description": None,
            "price": {"amount": "150.00", "currency": "SAR"},
            "vatRate": None,
            "durationDays": 30,
            "renewable": True,
            "active": True,
            "items": [
                {"quantity": 2, "serviceDefinition": {"name": "Visa"}},
                {"quantity": None, "serviceDefinition": {"name": "Licence"}},
            ],
            "legacyIds": [{"channel": "SHRKITY", "id": "1"}],
        },
    }


async def test_services_are_ones_that_there_are_each_once(
    do: Ask, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    visa = service()
    await save(visa)
    base = {"code": "A", "name": "A", "price": "1", "durationDays": 1}
    unknown = {"serviceDefinitionId": f"svc_{NOWHERE}", "quantity": 1}
    known = {"serviceDefinitionId": public(visa), "quantity": 1}

    async with unchanged(owner, world):
        refused = await do("packageCreate", base | {"items": [known, unknown]})
        twice = await do("packageCreate", base | {"items": [known, known]})

    assert [(e["path"], e["message"]) for e in refused["errors"]] == [
        (["items", "1", "serviceDefinitionId"], f"no such id: svc_{NOWHERE}")
    ]
    assert [(e["path"], e["message"]) for e in twice["errors"]] == [
        (["items", "1", "serviceDefinitionId"], "this is there twice")
    ]


async def test_a_package_is_changed(do: Ask, save: Save) -> None:
    visa = service()
    made = package(visa.id)
    await save(visa, made)

    done = await do(
        "packageUpdate",
        {"id": public(made), "expectedVersion": 1, "active": False, "price": "0"},
        "{ version active price { amount } items { quantity } }",
    )
    stale = await do("packageUpdate", {"id": public(made), "expectedVersion": 1, "name": "New"})

    assert done["package"] == {
        "version": 2,
        "active": False,
        "price": {"amount": "0.00"},
        "items": [{"quantity": 2}],
    }
    assert [error["code"] for error in stale["errors"]] == ["VERSION_CONFLICT"]


async def test_a_list_with_its_services_costs_two_statements(
    ask: Ask, save: Save, statements: list[str]
) -> None:
    services = [service() for _ in range(3)]
    await save(*services)
    await save(*(package(*(each.id for each in services)) for _ in range(30)))

    found = await ask(f"{{ packages {{ nodes {SHOWN} }} }}")

    assert len(found["packages"]["nodes"]) == 30
    assert len(statements) == 2
