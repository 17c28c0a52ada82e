"""Fact S-58: quotations, from the draft to what was sent and withdrawn."""

from typing import Any

import asyncpg
import httpx
import pytest

from domain.callers import Permission
from domain.customers import Client, Company
from domain.service_definitions import ServiceDefinition
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.make import NOON
from tests.persistence.contents import unchanged
from tests.rest.shrkity.conftest import Login
from tests.usecases.orders import done
from tests.usecases.selling import buyer
from tests.usecases.services import offered
from usecases.quotations import SendQuotation


@pytest.fixture
async def company(world: World, storage: SqlStorage) -> Company:
    return await buyer(world, storage)


@pytest.fixture
async def service(world: World, storage: SqlStorage) -> ServiceDefinition:
    return await offered(world, storage)


def item(**values: Any) -> dict[str, Any]:
    return {"description": "Translation", "quantity": 1.5, "unit_price": 10.05} | values


async def drafted(office: httpx.AsyncClient, company: Company, **values: Any) -> dict[str, Any]:
    given = {"company_id": company.shrkity_id, "items": [item()]}
    answer = await office.post("/quotations", json=given | values)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_s_58_a_quotation_is_drafted(
    office: httpx.AsyncClient, company: Company, service: ServiceDefinition
) -> None:
    visa = item(service_definition_id=service.shrkity_id, quantity=2, unit_price=80, vat_rate=5)

    made = await drafted(
        office,
        company,
        items=[item(), visa],
        valid_until="2099-12-31",
        notes="Until new year",
        purpose="renewal",
    )

    assert made == {
        "id": made["id"],
        "number": made["number"],
        "status": "draft",
        "company_id": company.shrkity_id,
        "client_id": None,
        "items": [
            {
                "id": made["items"][0]["id"],
                "description": "Translation",
                "service_definition_id": None,
                "quantity": 1.5,
                "unit_price": 10.05,
                "vat_rate": 15,
                "net": 15.08,
                "vat": 2.26,
                "total": 17.34,
            },
            {
                "id": made["items"][1]["id"],
                "description": "Translation",
                "service_definition_id": service.shrkity_id,
                "quantity": 2,
                "unit_price": 80.0,
                "vat_rate": 5,
                "net": 160.0,
                "vat": 8.0,
                "total": 168.0,
            },
        ],
        "net": 175.08,
        "vat": 10.26,
        "total": 185.34,
        "currency": "SAR",
        "valid_until": "2099-12-31",
        "notes": "Until new year",
        "sent_at": None,
        "metadata": {"purpose": "renewal"},
        "created_at": made["created_at"],
        "updated_at": made["updated_at"],
    }
    assert (await office.get(f"/quotations/{made['id']}")).json() == made


async def test_s_58_a_client_can_be_the_recipient(
    office: httpx.AsyncClient, world: World, storage: SqlStorage, company: Company
) -> None:
    client = Client.create({"name": "Noura"}, NOON)
    await keep(storage, world.caller(), client)

    made = await drafted(office, company, company_id=None, client_id=client.shrkity_id)

    assert (made["company_id"], made["client_id"]) == (None, client.shrkity_id)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"company_id": None}, "company_id"),
        ({"client_id": 1}, "company_id"),
        ({"company_id": 999_999}, "company_id"),
        ({"items": []}, "items"),
        ({"items": None}, "items"),
        ({"items": [{"quantity": 1, "unit_price": 1}]}, "items.0.description"),
        ({"items": [item(quantity=0)]}, "items.0.quantity"),
        ({"items": [item(service_definition_id=999_999)]}, "items.0.service_definition_id"),
        ({"valid_until": "soon"}, "valid_until"),
    ],
)
async def test_s_58_what_is_wrong_is_said(
    login: Login,
    world: World,
    company: Company,
    owner: asyncpg.Connection,
    values: dict[str, Any],
    field: str,
) -> None:
    office = await login(world, limit=0)
    given = {"company_id": company.shrkity_id, "items": [item()]} | values

    async with unchanged(owner, world):
        answer = await office.post("/quotations", json=given)

    assert answer.status_code == 422
    assert answer.json()["code"] == "validation_failed"
    assert [*answer.json()["errors"]] == [field]


async def test_s_58_quotations_are_listed_newest_first(
    office: httpx.AsyncClient, company: Company
) -> None:
    made = [await drafted(office, company) for _ in range(3)]

    page = (await office.get("/quotations", params={"per_page": 2})).json()

    assert page["data"] == [made[2], made[1]]
    assert page["meta"] == {
        "total": 3,
        "per_page": 2,
        "current_page": 1,
        "last_page": 2,
        "has_next": True,
        "has_previous": False,
    }


async def test_s_58_a_draft_is_sent_and_withdrawn(
    office: httpx.AsyncClient, company: Company
) -> None:
    made = await drafted(office, company)

    sent = await office.post(f"/quotations/{made['id']}/send")
    withdrawn = await office.post(f"/quotations/{made['id']}/withdraw")

    assert (sent.status_code, sent.json()["status"]) == (200, "sent")
    assert sent.json()["sent_at"] is not None
    assert (withdrawn.status_code, withdrawn.json()["status"]) == (200, "withdrawn")


async def test_s_58_what_was_sent_in_the_graph_is_withdrawn_here(
    office: httpx.AsyncClient, world: World, storage: SqlStorage, company: Company
) -> None:
    made = await drafted(office, company)
    reads = storage.reads(world.caller())
    page = await reads.quotations.by_customer_ids([company.id])
    await reads.close()
    await done(SendQuotation(id=page[company.id].nodes[0].id), world, storage)

    answer = await office.post(f"/quotations/{made['id']}/withdraw", json={"reason": "too late"})

    assert answer.json()["status"] == "withdrawn"


@pytest.mark.parametrize(("moves", "refused"), [(["send"], "send"), ([], "withdraw")])
async def test_s_58_the_wrong_state_is_a_conflict(
    login: Login,
    world: World,
    company: Company,
    owner: asyncpg.Connection,
    moves: list[str],
    refused: str,
) -> None:
    office = await login(world, limit=0)
    made = await drafted(office, company)
    for move in moves:
        await office.post(f"/quotations/{made['id']}/{move}")

    async with unchanged(owner, world):
        answer = await office.post(f"/quotations/{made['id']}/{refused}")

    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_state")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("POST", "/send"), ("POST", "/withdraw")]
)
async def test_s_58_another_workspaces_quotation_is_not_found(
    office: httpx.AsyncClient,
    login: Login,
    other_world: World,
    company: Company,
    method: str,
    path: str,
) -> None:
    made = await drafted(office, company)
    stranger = await login(other_world)

    answer = await stranger.request(method, f"/quotations/{made['id']}{path}")

    assert answer.status_code == 404


async def test_s_16_a_retried_draft_is_made_once(
    office: httpx.AsyncClient, company: Company
) -> None:
    given = {"company_id": company.shrkity_id, "items": [item()]}
    headers = {"Idempotency-Key": "once"}

    first = await office.post("/quotations", json=given, headers=headers)
    second = await office.post("/quotations", json=given, headers=headers)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert (await office.get("/quotations")).json()["meta"]["total"] == 1


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/quotations", Permission.QUOTATIONS_READ),
        ("GET", "/quotations/1", Permission.QUOTATIONS_READ),
        ("POST", "/quotations", Permission.QUOTATIONS_WRITE),
        ("POST", "/quotations/1/send", Permission.QUOTATIONS_WRITE),
        ("POST", "/quotations/1/withdraw", Permission.QUOTATIONS_WRITE),
    ],
)
async def test_s_19_quotations_take_their_scope(
    login: Login, world: World, method: str, path: str, scope: Permission
) -> None:
    limited = await login(world, permissions=frozenset(Permission) - {scope})

    answer = await limited.request(method, path)

    assert (answer.status_code, answer.json()["required_scope"]) == (403, scope.value)
