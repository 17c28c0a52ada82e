"""Quotations through the graph: drafted, sent, decided on, converted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from domain.callers import Permission
from domain.customers import Company
from domain.kit.ids import new_id
from domain.service_definitions import ServiceDefinition
from persistence.storage import SqlStorage
from schema.kit.ids import to_public
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, public
from tests.usecases.selling import accepted, buyer, line, quoted, sent
from tests.usecases.services import allow, offered

WHOLE = """{ version number status customer { name __typename } validUntil notes
  subtotal { amount } vat { amount } total { amount currency }
  lines { position description serviceDefinition { name } quantity unitPrice { amount } vatRate
    net { amount } vat { amount } total { amount } legacyIds { channel } }
  orders { status customer { name } price { base { amount } vatRate } total { amount } }
  invoices { number status total { amount } quotation { number } }
  createdBy { name } sentAt decidedAt convertedAt reason metadata
  transitions { name allowed } auditTrail { action } legacyIds { channel } }"""
ONE = f"query ($id: ID!) {{ quotation(id: $id) {WHOLE} }}"
YEAR = datetime.now(UTC).year
YESTERDAY = (datetime.now(UTC) - timedelta(days=2)).date()


@pytest.fixture
async def company(world: World, storage: SqlStorage) -> Company:
    return await buyer(world, storage)


@pytest.fixture
async def service(world: World, storage: SqlStorage) -> ServiceDefinition:
    return await offered(world, storage)


def offering(**values: Any) -> dict[str, Any]:
    return {"description": "Translation", "quantity": "1.5", "unitPrice": "10.05"} | values


def drafting(company: Company, **values: Any) -> dict[str, Any]:
    return {"customerId": public(company), "lines": [offering()]} | values


async def test_a_quotation_is_drafted_with_everything(
    do: Ask, ask: Ask, company: Company, service: ServiceDefinition
) -> None:
    visa = {"serviceDefinitionId": public(service), "description": "Visa", "vatRate": "5"}
    lines = [offering(), offering(quantity="2", unitPrice="80", **visa)]
    given = drafting(company, lines=lines, validUntil="2099-12-31", notes="Until new year")

    payload = await do("quotationCreate", given, f"{WHOLE[:-1]} id }}")

    assert payload["errors"] == []
    shown = payload["quotation"]
    assert (await ask(ONE, id=shown.pop("id")))["quotation"] == shown
    first, second = shown.pop("lines")
    assert first == {
        "position": 1,
        "description": "Translation",
        "serviceDefinition": None,
        "quantity": "1.5",
        "unitPrice": {"amount": "10.05"},
        "vatRate": "15",
        "net": {"amount": "15.08"},
        "vat": {"amount": "2.26"},
        "total": {"amount": "17.34"},
        "legacyIds": [{"channel": "SHRKITY"}],
    }
    assert (second["serviceDefinition"], second["vatRate"]) == ({"name": "Visa renewal"}, "5")
    assert second["total"] == {"amount": "168.00"}
    assert shown == {
        "version": 1,
        "number": f"QUO-{YEAR}-0001",
        "status": "DRAFT",
        "customer": {"name": "Najd Trading", "__typename": "Company"},
        "validUntil": "2099-12-31",
        "notes": "Until new year",
        "subtotal": {"amount": "175.08"},
        "vat": {"amount": "10.26"},
        "total": {"amount": "185.34", "currency": "SAR"},
        "orders": [],
        "invoices": [],
        "createdBy": {"name": "Bea Buyer"},
        **dict.fromkeys(("sentAt", "decidedAt", "convertedAt", "reason")),
        "metadata": {},
        "transitions": [
            {"name": name, "allowed": name in {"update", "delete", "send"}}
            for name in ("update", "delete", "send", "accept", "decline", "withdraw", "convert")
        ],
        "auditTrail": [{"action": "quotation.created"}],
        "legacyIds": [{"channel": "SHRKITY"}],
    }


async def test_an_accepted_one_becomes_orders_and_an_invoice(
    do: Ask, company: Company, service: ServiceDefinition
) -> None:
    visa = {"serviceDefinitionId": public(service), "quantity": "2", "unitPrice": "80"}
    lines = [offering(**visa), offering(quantity="1", unitPrice="20")]
    made = await do("quotationCreate", drafting(company))
    id = {"id": made["quotation"]["id"]}

    async def move(verb: str, **values: Any) -> Any:
        payload = await do(f"quotation{verb}", id | values, WHOLE)
        assert payload["errors"] == []
        return payload["quotation"]

    updated = await move("Update", lines=lines, notes="As agreed", expectedVersion=1)
    assert (updated["notes"], updated["total"]["amount"]) == ("As agreed", "207.00")
    assert [each["position"] for each in updated["lines"]] == [1, 2]
    assert (await move("Send", expectedVersion=2))["sentAt"] is not None
    assert (await move("Accept", expectedVersion=3))["decidedAt"] is not None
    converted = await move("Convert", expectedVersion=4)

    assert (converted["status"], converted["version"]) == ("CONVERTED", 5)
    assert converted["convertedAt"] is not None
    assert [each for each in converted["transitions"] if each["allowed"]] == []
    order = {
        "status": "PENDING",
        "customer": {"name": "Najd Trading"},
        "price": {"base": {"amount": "80.00"}, "vatRate": "15"},
        "total": {"amount": "92.00"},
    }
    assert converted["orders"] == [order, order]
    assert converted["invoices"] == [
        {
            "number": f"SINV-{YEAR}-0001",
            "status": "ISSUED",
            "total": {"amount": "23.00"},
            "quotation": {"number": f"QUO-{YEAR}-0001"},
        }
    ]
    told = ["created", "updated", "sent", "accepted", "converted"]
    assert converted["auditTrail"] == [{"action": f"quotation.{each}"} for each in told]


async def test_it_is_deleted_declined_or_withdrawn_instead(
    do: Ask, ask: Ask, world: World, storage: SqlStorage, company: Company
) -> None:
    draft = public(await quoted(world, storage, company))
    one, other = [public(await sent(world, storage, company)) for _ in range(2)]
    shown = "{ status reason decidedAt }"

    deleted = await do("quotationDelete", {"id": draft})
    declined = await do("quotationDecline", {"id": one, "reason": "Too much."}, shown)
    withdrawn = await do("quotationWithdraw", {"id": other}, shown)

    assert deleted == {"errors": [], "quotation": None}
    assert (await ask(ONE, id=draft))["quotation"] is None
    for payload, status, reason in (
        (declined, "DECLINED", "Too much."),
        (withdrawn, "WITHDRAWN", None),
    ):
        assert payload["errors"] == []
        assert payload["quotation"].pop("decidedAt") is not None
        assert payload["quotation"] == {"status": status, "reason": reason}


async def test_transitions_say_what_stands_in_the_way(
    do: Ask,
    ask: Ask,
    world: World,
    storage: SqlStorage,
    company: Company,
    owner: asyncpg.Connection,
) -> None:
    empty = (await do("quotationCreate", drafting(company, lines=[])))["quotation"]["id"]
    late = await sent(world, storage, company)
    await owner.execute("UPDATE quotations SET valid_until = $2 WHERE id = $1", late.id, YESTERDAY)
    document = """query ($id: ID!) { quotation(id: $id) {
      transitions { name allowed blockers { code message path } } } }"""

    async def blockers(id: str, name: str, **asked: Any) -> list[tuple[str, str]]:
        shown = (await ask(document, id=id, **asked))["quotation"]["transitions"]
        [found] = [each for each in shown if each["name"] == name]
        assert found["allowed"] is (found["blockers"] == [])
        return [(each["code"], each["message"]) for each in found["blockers"]]

    assert await blockers(empty, "update") == []
    assert await blockers(empty, "send") == [("VALIDATION", "a quotation needs at least one line")]
    assert await blockers(empty, "convert") == [
        ("INVALID_TRANSITION", "cannot convert while draft")
    ]
    assert await blockers(public(late), "accept") == [
        ("INVALID_TRANSITION", "the last day of this quotation is over")
    ]
    assert await blockers(public(late), "decline") == []
    reader = world.caller(permissions=frozenset({Permission.QUOTATIONS_READ}))
    [(code, _)] = await blockers(empty, "update", as_=reader)
    assert code == "FORBIDDEN"


async def test_what_is_wrong_is_said_at_its_field_and_nothing_happens(
    do: Ask, world: World, storage: SqlStorage, company: Company, owner: asyncpg.Connection
) -> None:
    draft, away = await quoted(world, storage, company), await buyer(world, storage, active=False)
    late = await sent(world, storage, company)
    needy = await offered(world, storage, requires_company=True, requires_worker=True)
    agreed = await accepted(world, storage, company, line(), line(needy))
    many = await accepted(world, storage, company, line(await offered(world, storage)))
    await owner.execute("UPDATE quotations SET valid_until = $2 WHERE id = $1", late.id, YESTERDAY)
    await allow(owner, world, 1)
    id, nobody = {"id": public(draft)}, to_public("com", new_id())
    service, nothing = {"serviceDefinitionId": public(needy)}, to_public("svc", new_id())

    async with unchanged(owner, world):
        tried = [
            await do("quotationCreate", drafting(company, customerId=nobody)),
            await do("quotationCreate", drafting(away)),
            await do("quotationCreate", drafting(company, currency="sar")),
            await do(
                "quotationCreate",
                drafting(company, lines=[offering(), offering(description="", quantity="0")]),
            ),
            await do(
                "quotationCreate",
                drafting(company, lines=[offering(**service, unitPrice="10.055")]),
            ),
            await do(
                "quotationCreate",
                drafting(company, lines=[offering(quantity="1", serviceDefinitionId=nothing)]),
            ),
            await do("quotationUpdate", id | {"customerId": None}),
            await do("quotationUpdate", id | {"lines": [offering(vatRate="101")]}),
            await do("quotationAccept", id),
            await do("quotationAccept", {"id": public(late)}),
            await do("quotationConvert", id),
            await do("quotationConvert", {"id": public(agreed)}),
            await do("quotationConvert", {"id": public(many)}),
            await do("quotationDelete", {"id": public(late)}),
            await do("quotationSend", {"id": to_public("quo", new_id())}),
        ]

    assert [[(e["code"], e["path"]) for e in payload["errors"]] for payload in tried] == [
        [("VALIDATION", ["customerId"])],
        [("VALIDATION", ["customerId"])],
        [("VALIDATION", ["currency"])],
        [("VALIDATION", ["lines", "1", "description"]), ("VALIDATION", ["lines", "1", "quantity"])],
        [("VALIDATION", ["lines", "0", "quantity"]), ("VALIDATION", ["lines", "0", "unitPrice"])],
        [("VALIDATION", ["lines", "0", "serviceDefinitionId"])],
        [("VALIDATION", ["customerId"])],
        [("VALIDATION", ["lines", "0", "vatRate"])],
        [("INVALID_TRANSITION", None)],
        [("INVALID_TRANSITION", None)],
        [("INVALID_TRANSITION", None)],
        [("VALIDATION", ["lines", "1", "workerId"])],
        [("LIMIT_REACHED", None)],
        [("INVALID_TRANSITION", None)],
        [("NOT_FOUND", ["id"])],
    ]
    assert [payload["quotation"] for payload in tried] == [None] * 15


async def test_old_ids_lead_to_quotations_and_their_lines(
    ask: Ask, world: World, storage: SqlStorage, company: Company
) -> None:
    made = await quoted(world, storage, company)
    query = """query ($resource: String!, $id: String!) {
      nodeByLegacyId(channel: SHRKITY, resource: $resource, id: $id) { id } }"""

    whole = await ask(query, resource="quotations", id=str(made.shrkity_id))
    part = await ask(query, resource="quotation-items", id=str(made.lines[0].shrkity_id))

    assert whole["nodeByLegacyId"] == {"id": public(made)}
    assert part["nodeByLegacyId"] == {"id": public(made.lines[0])}
