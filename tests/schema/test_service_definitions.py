"""Services in the graph: drafted, changed, published; what is shown of them, and what it costs."""

from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.callers import Locale
from domain.compliance_documents import ComplianceDocumentType
from domain.service_definitions import (
    EligibilityCheck,
    EligibilityKind,
    PriceOption,
    SlaKind,
    SlaTarget,
)
from persistence.storage import SqlStorage
from tests.conftest import Save, World
from tests.domain.catalogue import asking, service, step
from tests.make import NOON
from tests.persistence.contents import actions, unchanged
from tests.schema.conftest import Ask, public, reading
from tests.service_orders import order, served

NOWHERE = "0" * 32
SHOWN = """{ version code name nameAr status price { amount currency } startsAtPrice
  options { key price { amount } } vatRate requiresCompany requiresWorker
  eligibility { key label kind documentType { code } }
  steps { key name type dependsOn optional targets { kind minutes }
          documents { required type { code } } }
  requiredDocuments { stepKey required type { code } }
  targets { kind minutes } legacyIds { channel id } }"""


def document(code: str) -> ComplianceDocumentType:
    return ComplianceDocumentType.create({"code": code, "name": code.title()}, NOON)


@pytest.fixture
async def licence(save: Save) -> ComplianceDocumentType:
    made = document("licence")
    await save(made)
    return made


def draft(licence: ComplianceDocumentType, **values: Any) -> dict[str, Any]:
    return {
        "code": "VISA",
        "name": "Visa renewal",
        "nameAr": "تجديد التأشيرة",
        "price": "100",
        "requiresCompany": True,
        "targets": [{"kind": "RESOLUTION", "minutes": 2400}],
        "steps": [
            {"key": "pay", "name": "Pay", "type": "PAYMENT", "dependsOn": ["papers"]},
            {
                "key": "papers",
                "name": "Papers",
                "type": "DOCUMENT",
                "documents": [{"typeId": public(licence)}],
                "targets": [{"kind": "FIRST_RESPONSE", "minutes": 60}],
            },
        ],
        "eligibility": [
            {
                "key": "licensed",
                "label": "Licensed",
                "kind": "VALID_DOCUMENT",
                "typeId": public(licence),
            }
        ],
        "options": [{"key": "express", "name": "Express", "price": "49.5"}],
    } | values


async def test_a_service_is_drafted_with_everything_it_has(
    do: Ask, licence: ComplianceDocumentType
) -> None:
    made = await do("serviceDefinitionCreate", draft(licence), SHOWN)

    assert made["errors"] == []
    assert made["serviceDefinition"] == {
        "version": 1,
        "code": "VISA",
        "name": "Visa renewal",
        "nameAr": "تجديد التأشيرة",
        "status": "DRAFT",
        "price": {"amount": "100.00", "currency": "SAR"},
        "startsAtPrice": True,
        "options": [{"key": "express", "price": {"amount": "49.50"}}],
        "vatRate": None,
        "requiresCompany": True,
        "requiresWorker": False,
        "eligibility": [
            {
                "key": "licensed",
                "label": "Licensed",
                "kind": "VALID_DOCUMENT",
                "documentType": {"code": "licence"},
            }
        ],
        "steps": [
            {
                "key": "pay",
                "name": "Pay",
                "type": "PAYMENT",
                "dependsOn": ["papers"],
                "optional": False,
                "targets": [],
                "documents": [],
            },
            {
                "key": "papers",
                "name": "Papers",
                "type": "DOCUMENT",
                "dependsOn": [],
                "optional": False,
                "targets": [{"kind": "FIRST_RESPONSE", "minutes": 60}],
                "documents": [{"required": True, "type": {"code": "licence"}}],
            },
        ],
        "requiredDocuments": [{"stepKey": "papers", "required": True, "type": {"code": "licence"}}],
        "targets": [{"kind": "RESOLUTION", "minutes": 2400}],
        "legacyIds": [{"channel": "SHRKITY", "id": "1"}],
    }


async def test_whatever_is_wrong_is_named_where_it_is(
    do: Ask, world: World, owner: asyncpg.Connection, licence: ComplianceDocumentType
) -> None:
    steps = [
        {"key": "a", "name": "A", "dependsOn": ["b"]},
        {"key": "b", "name": "B", "dependsOn": ["a"]},
    ]
    given = draft(licence, steps=steps, price="-1", requiresCompany=False, requiresWorker=True)

    async with unchanged(owner, world):
        refused = await do("serviceDefinitionCreate", given)

    assert refused["serviceDefinition"] is None
    assert [(error["path"], error["message"]) for error in refused["errors"]] == [
        (["price"], "this must be 0 or more"),
        (["requiresWorker"], "what requires a worker requires a company, too"),
        (["steps", "0", "dependsOn"], "these steps wait for each other: a → b → a"),
    ]


async def test_documents_and_calendars_are_ones_that_there_are(
    do: Ask, world: World, owner: asyncpg.Connection, licence: ComplianceDocumentType
) -> None:
    papers = {"key": "papers", "name": "Papers", "type": "DOCUMENT"}
    unknown = {"documents": [{"typeId": f"dty_{NOWHERE}"}]}

    async with unchanged(owner, world):
        refused = await do("serviceDefinitionCreate", draft(licence, steps=[papers | unknown]))
        assert [(error["path"], error["message"]) for error in refused["errors"]] == [
            (["steps", "0", "documents", "0", "typeId"], f"no such id: dty_{NOWHERE}")
        ]
        refused = await do("serviceDefinitionCreate", draft(licence, calendarId=f"cal_{NOWHERE}"))
        assert [error["path"] for error in refused["errors"]] == [["calendarId"]]
        assert refused["serviceDefinition"] is None


TRANSITIONS = "{ status transitions { name allowed blockers { code message path } } }"


async def test_publishing_says_what_is_missing_before_it_is_tried(
    do: Ask, ask: Ask, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    made = service(steps=[], name_ar=None)
    await save(made)
    query = f"query ($id: ID!) {{ serviceDefinition(id: $id) {TRANSITIONS} }}"
    missing = [
        {
            "code": "VALIDATION",
            "message": "a published service needs at least one step",
            "path": ["steps"],
        },
        {
            "code": "VALIDATION",
            "message": "a published service needs a name in Arabic, too",
            "path": ["nameAr"],
        },
    ]

    shown = (await ask(query, id=public(made)))["serviceDefinition"]
    async with unchanged(owner, world):
        refused = await do("serviceDefinitionPublish", {"id": public(made)}, TRANSITIONS)

    transitions = {each["name"]: each for each in shown["transitions"]}
    assert transitions["publish"] == {"name": "publish", "allowed": False, "blockers": missing}
    assert {name for name, each in transitions.items() if each["allowed"]} == {"update", "archive"}
    assert refused["errors"] == missing


async def test_a_service_is_published_taken_back_archived_and_restored(
    do: Ask, save: Save, owner: asyncpg.Connection
) -> None:
    made = service()
    await save(made)
    given = {"id": public(made)}

    statuses = []
    for verb in ("Publish", "Unpublish", "Archive", "Restore"):
        done = await do(f"serviceDefinition{verb}", given, "{ status }")
        assert done["errors"] == []
        statuses.append(done["serviceDefinition"]["status"])

    assert statuses == ["PUBLISHED", "DRAFT", "ARCHIVED", "DRAFT"]
    assert await actions(owner, made.id) == [
        f"service_definition.{past}"
        for past in ("created", "published", "unpublished", "archived", "restored")
    ]


async def test_an_archived_service_cannot_be_changed(
    do: Ask, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    made = service()
    await save(made)
    await do("serviceDefinitionArchive", {"id": public(made)})

    async with unchanged(owner, world):
        refused = await do("serviceDefinitionUpdate", {"id": public(made), "name": "Other"})

    assert refused["errors"] == [
        {
            "code": "INVALID_TRANSITION",
            "message": "cannot update while archived",
            "path": None,
        }
    ]


async def test_changing_a_published_service_leaves_orders_as_they_are(
    do: Ask, world: World, storage: SqlStorage, save: Save, owner: asyncpg.Connection
) -> None:
    to = await served(world, storage)
    await save(order(world, to))
    query = "SELECT to_jsonb(o)::text FROM {} o WHERE organization_id = $1 ORDER BY id"
    tables = ("service_orders", "service_order_steps", "service_order_price_lines", "sla_clocks")
    id = world.organization.id
    before = {table: await owner.fetch(query.format(table), id) for table in tables}

    steps = [{"key": "only", "name": "Only"}]
    given = {"id": public(to.service), "price": "999", "steps": steps, "nameAr": "خدمة"}
    done = await do("serviceDefinitionUpdate", given, "{ status price { amount } steps { key } }")

    assert done == {
        "errors": [],
        "serviceDefinition": {
            "status": "PUBLISHED",
            "price": {"amount": "999.00"},
            "steps": [{"key": "only"}],
        },
    }
    assert {table: await owner.fetch(query.format(table), id) for table in tables} == before


async def test_a_code_is_one_services_alone(
    do: Ask, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    await save(service(code="VISA"))

    async with unchanged(owner, world):
        given = {"code": "VISA", "name": "Again", "price": "1"}
        refused = await do("serviceDefinitionCreate", given)

    assert [(e["path"], e["message"]) for e in refused["errors"]] == [
        (["code"], "this is taken already")
    ]


async def test_refusals_are_in_the_readers_language_where_they_are_translated(
    do: Ask, world: World, save: Save
) -> None:
    made = service()
    await save(made)
    by = reading(world.caller(), Locale.AR)

    refused = await do("serviceDefinitionUpdate", {"id": public(made), "code": ""}, as_=by)

    assert refused["errors"][0]["path"] == ["code"]
    assert refused["errors"][0]["message"] != "this must not be empty"


async def test_a_list_with_everything_costs_what_its_shape_costs(
    ask: Ask, save: Save, statements: list[str], licence: ComplianceDocumentType
) -> None:
    """The services, and the document types that they name: two statements for any number."""
    check = EligibilityCheck(
        key="licensed", label="Licensed", kind=EligibilityKind.VALID_DOCUMENT, type_id=licence.id
    )
    services = [
        service(
            steps=[asking("papers", licence=(licence.id, True)), step("rest", "papers")],
            targets=[SlaTarget(kind=SlaKind.RESOLUTION, minutes=60)],
            eligibility=[check],
            options=[PriceOption(key="express", name="Express", price=Decimal(5))],
        )
        for _ in range(50)
    ]
    await save(*services)
    query = f"{{ serviceDefinitions(first: 50) {{ nodes {SHOWN} }} }}"

    found = await ask(query)

    assert len(found["serviceDefinitions"]["nodes"]) == 50
    assert len(statements) == 2
