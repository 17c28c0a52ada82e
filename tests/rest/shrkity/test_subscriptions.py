"""Facts S-44 to S-46: subscriptions, assigned and listed with what they cover."""

from typing import Any

import asyncpg
import httpx
import pytest

from domain.callers import Permission
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.rest.shrkity.conftest import Login
from tests.rest.shrkity.subscriptions import Shop, assigned, old, opened
from tests.usecases.subscriptions import placed


@pytest.fixture
async def shop(world: World, storage: SqlStorage) -> Shop:
    return await opened(world, storage)


async def test_s_45_a_package_is_assigned_to_a_company(
    office: httpx.AsyncClient, shop: Shop
) -> None:
    made = await assigned(office, shop)

    assert made == {
        "id": made["id"],
        "package_id": old(shop.package),
        "company_id": old(shop.company),
        "client_id": None,
        "status": "active",
        "starts_at": made["starts_at"],
        "ends_at": made["ends_at"],
        "paused_at": None,
        "cancelled_at": None,
        "allocations": [
            {
                "id": made["allocations"][0]["id"],
                "service_definition_id": old(shop.service),
                "total": 3,
                "used": 0,
                "remaining": 3,
                "unlimited": False,
            },
            {
                "id": made["allocations"][1]["id"],
                "service_definition_id": old(shop.other),
                "total": None,
                "used": 0,
                "remaining": None,
                "unlimited": True,
            },
        ],
        "metadata": {},
        "created_at": made["created_at"],
        "updated_at": made["updated_at"],
    }


async def test_s_45_a_package_is_assigned_to_a_client_from_a_day_on(
    office: httpx.AsyncClient, shop: Shop
) -> None:
    made = await assigned(
        office, shop, company_id=None, client_id=old(shop.client), starts_at="2030-01-31T09:00:00Z"
    )

    assert (made["company_id"], made["client_id"]) == (None, old(shop.client))
    assert (made["status"], made["starts_at"]) == ("pending", "2030-01-31T09:00:00Z")
    assert made["ends_at"] == "2030-03-02T09:00:00Z"


async def test_s_45_there_is_exactly_one_holder(
    login: Login,
    world: World,
    shop: Shop,
    owner: asyncpg.Connection,
) -> None:
    unlimited = await login(world, limit=0)
    package, both = old(shop.package), {"company_id": old(shop.company)}
    cases: list[tuple[dict[str, Any], str]] = [
        ({"package_id": package}, "company_id"),
        ({"package_id": package, **both, "client_id": old(shop.client)}, "company_id"),
        ({"package_id": package, "company_id": None, "client_id": ""}, "company_id"),
        ({"package_id": package, "company_id": old(shop.client) + 10**6}, "company_id"),
        ({"package_id": package, "client_id": 10**9}, "client_id"),
        (both, "package_id"),
        ({"package_id": package + 10**6, **both}, "package_id"),
        ({"package_id": "no", **both}, "package_id"),
        ({"package_id": package, **both, "starts_at": "soon"}, "starts_at"),
        ({"package_id": package, **both, "starts_at": "2001-01-01"}, "starts_at"),
    ]
    async with unchanged(owner, world):
        for body, field in cases:
            answer = await unlimited.post("/subscriptions", json=body)
            assert answer.status_code == 422, body
            refused = answer.json()
            assert refused["code"] == "validation_failed"
            assert [*refused["errors"]] == [field]


async def test_s_a8_unknown_fields_are_kept_and_given_back(
    office: httpx.AsyncClient, shop: Shop
) -> None:
    further = {"portal_ref": "A-7", "seats": 3, "rate": 1.5, "tags": ["x", None, {"deep": True}]}

    made = await assigned(office, shop, metadata={"note": "hello"}, status="expired", **further)

    shown = (await office.get(f"/subscriptions/{made['id']}")).json()
    assert made["metadata"] == shown["metadata"] == {"note": "hello"} | further


@pytest.mark.parametrize(
    "further",
    [
        {"a\u0000b": 1},
        {"text": "a\u0000b"},
        {"long": "x" * 30_000},
        {"deep": [[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]},
        {"metadata": "no object"},
    ],
)
async def test_what_cannot_be_kept_is_refused(
    login: Login, world: World, shop: Shop, owner: asyncpg.Connection, further: dict[str, Any]
) -> None:
    unlimited = await login(world, limit=0)
    given = {"package_id": old(shop.package), "company_id": old(shop.company)}

    async with unchanged(owner, world):
        answer = await unlimited.post("/subscriptions", json=given | further)

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


async def test_s_44_the_list_tells_of_each_what_it_covers(
    office: httpx.AsyncClient, shop: Shop, statements: list[str]
) -> None:
    made = [await assigned(office, shop) for _ in range(3)]
    statements.clear()

    answer = await office.get("/subscriptions", params={"per_page": 2})

    assert answer.status_code == 200
    assert answer.json()["data"] == [made[2], made[1]]
    assert answer.json()["meta"] == {
        "total": 3,
        "per_page": 2,
        "current_page": 1,
        "last_page": 2,
        "has_next": True,
        "has_previous": False,
    }
    # The count, the page, allocations, services, packages, customers
    assert len(statements) == 6
    statements.clear()
    assert (await office.get("/subscriptions", params={"page": 2})).json()["data"] == []


async def test_s_46_allocations_tell_what_orders_used(
    office: httpx.AsyncClient, world: World, storage: SqlStorage, shop: Shop
) -> None:
    made = await assigned(office, shop)
    for service in (shop.service, shop.service, shop.other):
        await placed(world, storage, service.id, shop.company)

    shown = (await office.get(f"/subscriptions/{made['id']}")).json()

    told = [(each["total"], each["used"], each["remaining"]) for each in shown["allocations"]]
    assert told == [(3, 2, 1), (None, 1, None)]


async def test_s_12_what_is_not_there_is_404(office: httpx.AsyncClient, shop: Shop) -> None:
    made = await assigned(office, shop)
    for id in (made["id"] + 1, 0, 2**63, "no"):
        answers = [await office.get(f"/subscriptions/{id}")]
        answers += [
            await office.post(f"/subscriptions/{id}/{action}")
            for action in ("pause", "resume", "cancel", "renew")
        ]
        assert {answer.status_code for answer in answers} == {404}


async def test_s_19_each_way_takes_its_scope(login: Login, world: World, shop: Shop) -> None:
    reader = await login(world, permissions=[Permission.SUBSCRIPTIONS_READ])
    writer = await login(world, permissions=[Permission.SUBSCRIPTIONS_WRITE])
    made = await assigned(writer, shop)
    path = f"/subscriptions/{made['id']}"

    assert (await reader.get(path)).status_code == 200
    for answer, scope in (
        (await writer.get("/subscriptions"), "subscriptions:read"),
        (await writer.get(path), "subscriptions:read"),
        (await reader.post("/subscriptions", json={}), "subscriptions:write"),
        (await reader.post(f"{path}/pause"), "subscriptions:write"),
        (await reader.post(f"{path}/resume"), "subscriptions:write"),
        (await reader.post(f"{path}/cancel"), "subscriptions:write"),
        (await reader.post(f"{path}/renew"), "subscriptions:write"),
    ):
        assert answer.status_code == 403
        assert answer.json()["required_scope"] == scope
