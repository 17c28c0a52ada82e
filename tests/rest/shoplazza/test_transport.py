"""Shoplazza's transport: paths, tokens, request ids, errors (P-1 to P-3, P-10, P-11)."""

import re

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from domain.callers import Ability, Channel, Permission
from persistence.storage import SqlStorage
from server.gate import CredentialGate
from tests import make
from tests.conftest import Save, World
from tests.rest.shoplazza.conftest import Login
from tests.rest.shoplazza.samples import (
    BASE,
    LIST,
    body,
    errors,
    ids,
    listed,
    new_client,
    procurements,
)
from tests.server.gates import issued, revoke
from usecases.kit import run
from usecases.records import UpdateRecord

UNAUTHORIZED = {"error": "Unauthorized"}


@pytest.mark.parametrize("path", ["/openapi/2022-01", "/shoplazza/openapi/2022-01"])
async def test_p1_procurements_are_under_both_paths(
    store: httpx.AsyncClient, storage: SqlStorage, world: World, path: str
) -> None:
    orders = await procurements(storage, world, 1)

    for end in ("", "/"):
        response = await store.get(f"http://shop.test{path}/procurements{end}")
        assert listed(response) == ids(orders)
        assert response.headers["content-type"] == "application/json"


@pytest.mark.parametrize("name", ["Access-Token", "access-token", "ACCESS-TOKEN", "aCCESS-tOKEN"])
async def test_p2_the_token_is_in_a_header_however_it_is_written(
    app: Starlette, storage: SqlStorage, world: World, name: str
) -> None:
    credential = await issued(storage, world, dialect=Channel.SHOPLAZZA)
    assert re.fullmatch("[A-Za-z0-9]{40}", credential.secret or "")

    async with new_client(app, None) as client:
        response = await client.get(LIST, headers={name: f" {credential.secret} "})

    assert body(response) == {"count": 0, "procurements": []}


@pytest.mark.parametrize("token", [None, "", " ", "x", "a" * 40, "shk_live_" + "a" * 40, "é" * 40])
async def test_p2_without_a_valid_token_everything_is_401(
    app: Starlette, token: str | None
) -> None:
    headers = {} if token is None else {b"Access-Token": token.encode()}
    async with new_client(app, None) as client:
        for method, path in [
            ("GET", LIST),
            ("GET", f"{LIST}?limit=100"),
            ("POST", LIST),
            ("DELETE", "/nowhere"),
        ]:
            response = await client.request(method, path, headers=headers)
            assert body(response, 401) == UNAUTHORIZED


@pytest.mark.parametrize("channel", [Channel.WAQTI, Channel.GRAPHQL, Channel.SHRKITY])
async def test_p2_tokens_of_other_apis_are_none(
    app: Starlette, storage: SqlStorage, world: World, channel: Channel
) -> None:
    credential = await issued(storage, world, dialect=channel)

    async with new_client(app, credential.secret) as client:
        assert body(await client.get(LIST), 401) == UNAUTHORIZED
        bearer = {"Authorization": f"Bearer {credential.secret}", "Access-Token": ""}
        assert body(await client.get(LIST, headers=bearer), 401) == UNAUTHORIZED


async def test_p2_a_revoked_token_is_unauthorized(
    app: Starlette, storage: SqlStorage, world: World, gate: CredentialGate
) -> None:
    credential = await issued(storage, world, dialect=Channel.SHOPLAZZA)
    async with new_client(app, credential.secret) as client:
        assert listed(await client.get(LIST)) == []

        await revoke(storage, world, credential)
        gate.authenticator.forget(world.organization.id)

        assert body(await client.get(LIST), 401) == UNAUTHORIZED


async def test_p10_a_token_whose_user_is_not_active_belongs_to_no_active_store(
    store: httpx.AsyncClient, storage: SqlStorage, world: World, gate: CredentialGate
) -> None:
    assert listed(await store.get(LIST)) == []
    update = UpdateRecord(kind=type(world.buyer), id=world.buyer.id, given={"active": False})

    await run(update, world.caller(world.approver), storage)
    gate.authenticator.forget(world.organization.id)

    assert body(await store.get(LIST), 401) == {"error": "store is not active"}
    assert body(await store.get("/nowhere"), 401) == {"error": "store is not active"}


@pytest.mark.parametrize(
    ("narrowed", "status"),
    [
        ({"abilities": [Ability.READ]}, 200),
        ({"permissions": [Permission.PURCHASE_ORDERS_READ]}, 200),
        ({"permissions": [Permission.SUPPLIERS_READ]}, 403),
        ({"abilities": [Ability.WRITE]}, 403),
    ],
)
async def test_p11_without_the_scope_it_is_403(
    login: Login, world: World, narrowed: dict[str, object], status: int
) -> None:
    client = await login(world, **narrowed)

    response = await client.get(LIST)

    assert response.status_code == status
    if status == 403:
        assert errors(response, 403) == ["the read_product access scope is needed"]


async def test_p11_a_user_without_the_role_has_not_the_scope(
    login: Login, save: Save, world: World
) -> None:
    nobody = make.user("Nora Nobody", role_ids=[])
    await save(nobody)
    client = await login(world, nobody)

    assert errors(await client.get(f"{LIST}?limit=100"), 403) == [
        "the read_product access scope is needed"
    ]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", LIST),
        ("PUT", f"{LIST}/100000000000000001"),
        ("PATCH", f"{LIST}/100000000000000001"),
        ("DELETE", LIST),
        ("OPTIONS", LIST),
        ("GET", f"{LIST}/100000000000000001"),
        ("GET", "/procurement"),
        ("GET", "/products"),
        ("GET", ""),
        ("GET", "//procurements"),
    ],
)
async def test_p11_undocumented_paths_and_methods_are_404(
    store: httpx.AsyncClient, method: str, path: str
) -> None:
    assert errors(await store.request(method, f"{BASE}{path}"), 404) == ["Not Found"]


async def test_p3_the_id_of_a_request_is_the_clients_where_it_gave_one(
    store: httpx.AsyncClient,
) -> None:
    answers = [
        await store.get(LIST),
        await store.get(f"{LIST}?limit=100"),
        await store.get("/nowhere"),
        await store.get(LIST, headers={"Access-Token": "x"}),
        await store.head(LIST),
    ]
    given = await store.get(LIST, headers={"X-Request-ID": "abc123"})

    assert [answer.status_code for answer in answers] == [200, 400, 404, 401, 404]
    for answer in answers:
        assert re.fullmatch("[0-9a-f]{32}", answer.headers["request-id"])
    assert len({answer.headers["request-id"] for answer in answers}) == 5
    assert given.headers["request-id"] == "abc123"


async def test_a_bug_is_a_500_that_tells_nothing(
    store: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret text")

    monkeypatch.setattr(CredentialGate, "admit", broken)

    response = await store.get(LIST)

    assert errors(response, 500) == ["Internal Server Error"]
    assert "ZeroDivisionError: secret text" in caplog.text


async def test_p8_organizations_see_only_their_own(
    login: Login,
    storage: SqlStorage,
    world: World,
    other_world: World,
    owner: asyncpg.Connection,
) -> None:
    """Ids are counted in each organization: the same ones name different procurements."""
    ours = await procurements(storage, world, 2)
    theirs = await procurements(storage, other_world, 5)
    store, other = await login(world), await login(other_world)

    assert ids(ours) == ids(theirs)[:2]
    assert body(await store.get(LIST))["count"] == 2
    assert body(await other.get(LIST))["count"] == 5
    foreign = ",".join(ids(theirs))
    assert listed(await store.get(LIST, params={"ids": foreign})) == ids(ours)[::-1]
    notes = "UPDATE purchase_orders SET notes = 'theirs' WHERE organization_id = $1"
    await owner.execute(notes, other_world.organization.id)
    assert "theirs" not in (await store.get(LIST)).text
    assert (await other.get(LIST)).text.count("theirs") == 5
