"""Facts S-44 to S-52: subscriptions, and the orders that they cover."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from domain.callers import Permission
from domain.customers import Client, Company
from domain.kit.aggregate import Aggregate
from domain.packages import Package
from domain.service_definitions import ServiceDefinition
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.domain import subscriptions as make
from tests.persistence.contents import unchanged
from tests.rest.shrkity.conftest import Login
from tests.usecases.subscriptions import catalogue, placed, sold


@dataclass(frozen=True)
class Shop:
    service: ServiceDefinition
    other: ServiceDefinition
    package: Package
    company: Company
    client: Client


@pytest.fixture
async def shop(world: World, storage: SqlStorage) -> Shop:
    service, other = make.service(), make.service()
    company, client = make.company(), make.client()
    await catalogue(world, storage, service, other, company, client)
    package = make.package(make.item(service.id, 3), make.item(other.id, None))
    await catalogue(world, storage, package)
    return Shop(service, other, package, company, client)


def old(record: Aggregate) -> int:
    """The id that the client knows."""
    id: int = record.shrkity_id  # type: ignore[attr-defined]
    return id


async def assigned(office: httpx.AsyncClient, shop: Shop, **values: Any) -> dict[str, Any]:
    given = {"package_id": old(shop.package), "company_id": old(shop.company)}
    answer = await office.post("/subscriptions", json=given | values)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def moved(office: httpx.AsyncClient, id: int, action: str, **body: Any) -> httpx.Response:
    return await office.post(f"/subscriptions/{id}/{action}", json=body)


async def ended(owner: asyncpg.Connection, world: World) -> None:
    await owner.execute(
        "UPDATE package_subscriptions SET ends_at = now() WHERE organization_id = $1",
        world.organization.id,
    )


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

    made = await assigned(office, shop, metadata={"note": "hello"}, **further)

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


async def test_s_47_s_48_s_51_it_is_paused_and_resumed(
    office: httpx.AsyncClient, shop: Shop, owner: asyncpg.Connection, world: World
) -> None:
    made = await assigned(office, shop)

    paused = await moved(office, made["id"], "pause")
    assert (paused.status_code, paused.json()["status"]) == (200, "paused")
    assert paused.json()["paused_at"] is not None
    await owner.execute(
        "UPDATE package_subscriptions SET paused_at = paused_at - interval '2 days'"
        " WHERE organization_id = $1",
        world.organization.id,
    )
    resumed = await moved(office, made["id"], "resume")
    assert (resumed.status_code, resumed.json()["status"]) == (200, "active")
    assert resumed.json()["paused_at"] is None
    before, after = (datetime.fromisoformat(each["ends_at"]) for each in (made, resumed.json()))
    assert timedelta(days=2) <= after - before < timedelta(days=2, minutes=1)


async def test_s_49_it_is_cancelled(office: httpx.AsyncClient, shop: Shop) -> None:
    made = await assigned(office, shop)

    cancelled = await office.post(f"/subscriptions/{made['id']}/cancel")

    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert [each["remaining"] for each in cancelled.json()["allocations"]] == [0, None]


async def test_s_50_s_51_it_is_renewed(
    office: httpx.AsyncClient, shop: Shop, owner: asyncpg.Connection, world: World
) -> None:
    made = await assigned(office, shop)
    await ended(owner, world)

    renewed = await moved(office, made["id"], "renew")

    assert (renewed.status_code, renewed.json()["status"]) == (200, "active")
    assert renewed.json()["allocations"][0]["remaining"] == 3
    assert renewed.json()["allocations"][0]["id"] != made["allocations"][0]["id"]


@pytest.mark.parametrize(
    ("first", "action"),
    [
        (None, "resume"),
        (None, "renew"),
        ("pause", "pause"),
        ("pause", "renew"),
        ("cancel", "pause"),
        ("cancel", "resume"),
        ("cancel", "cancel"),
        ("cancel", "renew"),
    ],
)
async def test_s_50_a_wrong_state_is_409(
    login: Login,
    world: World,
    shop: Shop,
    owner: asyncpg.Connection,
    first: str | None,
    action: str,
) -> None:
    unlimited = await login(world, limit=0)
    id = (await assigned(unlimited, shop))["id"]
    if first is not None:
        await moved(unlimited, id, first)

    async with unchanged(owner, world):
        answer = await moved(unlimited, id, action)

    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_state")


async def test_s_50_only_renewable_packages_are_renewed(
    office: httpx.AsyncClient,
    world: World,
    storage: SqlStorage,
    shop: Shop,
    owner: asyncpg.Connection,
) -> None:
    package = make.package(make.item(shop.service.id), renewable=False)
    await catalogue(world, storage, package)
    made = await sold(world, storage, package, shop.company)
    await ended(owner, world)

    answer = await moved(office, old(made), "renew")

    assert answer.status_code == 409
    assert answer.json() == {
        "message": "This package cannot be renewed.",
        "code": "invalid_state",
    }


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
