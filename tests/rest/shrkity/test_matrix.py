"""What holds for each of Shrkity's fifty operations, as the documents list them."""

from typing import Any

import asyncpg
import httpx
import pytest

from domain.callers import Permission
from domain.coupons import Coupon
from persistence.storage import SqlStorage
from rest.kit.openapi import document
from rest.shrkity import ENDPOINTS, SHRKITY
from tests.conftest import World, keep
from tests.persistence.contents import unchanged
from tests.rest.shrkity.conftest import Login
from tests.rest.shrkity.matrix import OPERATIONS, Operation
from tests.rest.shrkity.orders import desk, old, placed
from tests.rest.shrkity.subscriptions import assigned, opened
from tests.service_orders import coupon
from tests.usecases.selling import buyer, invoiced

ALWAYS = {401, 403, 429, 500}
NAMES = [f"{each.method} {each.path}" for each in OPERATIONS]
ANY = {"id": 1, "client_id": 1, "company_id": 1, "step_key": "collect"}


def documented(operation: Operation) -> dict[str, Any]:
    paths = document(SHRKITY, ENDPOINTS)["paths"]
    found: dict[str, Any] = paths[operation.path][operation.method.lower()]
    return found


def test_s18_there_are_fifty_and_no_other_ones() -> None:
    listed = [(each.method, each.path) for each in OPERATIONS]

    assert len({*listed}) == 50
    assert {*listed} == {(each.method, each.path) for each in ENDPOINTS}


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
def test_s18_the_document_tells_how_it_ends(operation: Operation) -> None:
    statuses = {int(status) for status in documented(operation)["responses"]}

    assert statuses >= {operation.status, *operation.errors, *ALWAYS}
    assert {status for status in statuses if status < 400} == {operation.status}
    assert (404 in statuses) is ("{" in operation.path)
    assert (409 in statuses) is (operation.method != "GET")


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
def test_s18_the_document_tells_what_is_sent_with_it(operation: Operation) -> None:
    found = documented(operation)

    assert found["security"] == [{way: [operation.scope]} for way in ("bearer", "apiKey")]
    inside = [each["name"] for each in found["parameters"] if each["in"] == "path"]
    assert [f"{{{name}}}" for name in inside] == [
        part for part in operation.path.split("/") if part.startswith("{")
    ]
    headers = [each["name"] for each in found["parameters"] if each["in"] == "header"]
    assert headers == (["Idempotency-Key"] if operation.method == "POST" else [])
    shown = found["responses"][str(operation.status)]
    assert ("content" in shown) is (operation.status != 302)
    limits = {"X-RateLimit-Limit", "X-RateLimit-Remaining"}
    assert limits <= shown["headers"].keys()


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
async def test_s8_s19_each_takes_its_scope_and_all_the_others_will_not_do(
    login: Login, world: World, owner: asyncpg.Connection, operation: Operation
) -> None:
    others = frozenset(Permission) - {Permission(operation.scope)}
    office = await login(world, limit=0, permissions=others)

    async with unchanged(owner, world):
        answer = await office.request(operation.method, operation.at(**ANY), json={})

    assert (answer.status_code, answer.json()) == (
        403,
        {
            "message": "The API key does not have the required scope.",
            "code": "insufficient_scope",
            "required_scope": operation.scope,
        },
    )


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
async def test_s8_s19_its_scope_is_all_that_it_takes(
    login: Login, world: World, operation: Operation
) -> None:
    office = await login(world, limit=0, permissions=frozenset({Permission(operation.scope)}))

    answer = await office.request(operation.method, operation.at(**ANY), json={})

    empty = 200 if "{" not in operation.path and operation.method == "GET" else 404
    required = "{" not in operation.path and operation.method == "POST"
    assert answer.status_code in ({422} if required else {empty, 422})


async def one_of_each(
    office: httpx.AsyncClient, world: World, storage: SqlStorage
) -> dict[str, int]:
    """The ids of records that there are, by how their paths begin."""
    at, shop = await desk(world, storage), await opened(world, storage)
    welcome: Coupon = coupon()
    await keep(storage, world.caller(), welcome)
    drafted = {
        "company_id": old(at.company),
        "items": [{"description": "Translation", "quantity": 1, "unit_price": 10}],
    }
    invoice = await invoiced(world, storage, await buyer(world, storage))
    return {
        "services": old(at.service),
        "orders": (await placed(office, at))["id"],
        "clients": old(shop.client),
        "companies": old(at.company),
        "workers": old(at.worker),
        "packages": old(shop.package),
        "subscriptions": (await assigned(office, shop))["id"],
        "coupons": old(welcome),
        "quotations": (await office.post("/quotations", json=drafted)).json()["id"],
        "invoices": invoice.shrkity_id,
        "connections": 1,
        "documents": 1,
    }


async def test_s12_what_one_organization_has_is_not_there_for_another_one(
    login: Login,
    office: httpx.AsyncClient,
    world: World,
    other_world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
) -> None:
    has = await one_of_each(office, world, storage)
    theirs = await login(other_world, limit=0)
    ours = await login(world, limit=0)
    within = [each for each in OPERATIONS if "{" in each.path]

    assert len(within) == 33
    async with unchanged(owner, world), unchanged(owner, other_world):
        for operation in within:
            kind = "workers" if "/workers/" in operation.path else operation.path.split("/")[1]
            ids = {"client_id": has["clients"], "company_id": has["companies"]}
            path = operation.at(id=has[kind], step_key="collect", **ids)
            body = {"name": "Theirs", "email": "theirs@example.com", "code": "THEIRS"}
            answer = await theirs.request(operation.method, path, json=body)
            missing = {"message": "The requested resource was not found."}
            assert (answer.status_code, answer.json()) == (404, missing), operation
            if operation.method == "GET":
                assert (await ours.get(path)).status_code == operation.status, operation
