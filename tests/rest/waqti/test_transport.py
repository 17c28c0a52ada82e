"""Waqti's transport: tokens, envelopes, methods, bodies, languages (W-1 to W-20, W-56, W-79)."""

import re
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from domain.callers import Ability, Channel
from persistence.storage import SqlStorage
from rest.kit.bodies import MOST_BYTES
from server.gate import CredentialGate
from tests.conftest import World
from tests.rest.conftest import Login, new_client
from tests.rest.waqti.samples import LIMITS, created, data, error, order
from tests.server.gates import issued, revoke

NOW = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


async def test_w1_the_alias_serves_the_same(buyer: httpx.AsyncClient, world: World) -> None:
    drafted = await created(buyer, world)

    original = data(await buyer.get(f"/purchase-orders/{drafted['id']}"))
    alias = await buyer.get(f"http://waqti.test/waqti/v1/purchase-orders/{drafted['id']}")

    assert data(alias) == original


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer 3|unknown", "Basic dTpw", "3|" + "a" * 40, "Bearer é"],
)
async def test_w2_without_a_valid_token_everything_is_401(
    app: Starlette, authorization: str | None
) -> None:
    headers = {} if authorization is None else {b"Authorization": authorization.encode()}
    async with new_client(app, None) as client:
        for method, path in [
            ("GET", "/purchase-orders"),
            ("POST", "/vendors"),
            ("PATCH", "/nowhere"),
            ("OPTIONS", "/purchase-orders"),
        ]:
            response = await client.request(method, path, headers=headers)

            assert error(response, 401, "UNAUTHORIZED") == {
                "code": "UNAUTHORIZED",
                "message": "Unauthenticated.",
                "details": {},
            }
            assert all(name in response.headers for name in LIMITS)


async def test_w3_a_token_is_a_number_and_forty_characters(
    storage: SqlStorage, world: World, app: Starlette
) -> None:
    credential = await issued(storage, world, dialect=Channel.WAQTI)
    assert re.fullmatch(r"\d+\|[A-Za-z0-9]{40}", credential.secret or "")
    number, _, secret = str(credential.secret).partition("|")

    for token, status in [(f"{number}|{secret}", 200), (f"{int(number) + 1}|{secret}", 401)]:
        async with new_client(app, token) as client:
            assert (await client.get("/vendors")).status_code == status


async def test_w4_a_token_never_expires_and_once_revoked_is_refused(
    storage: SqlStorage, world: World, app: Starlette, gate: CredentialGate
) -> None:
    credential = await issued(storage, world, dialect=Channel.WAQTI)
    assert credential.expires_at is None
    async with new_client(app, credential.secret) as client:
        assert (await client.get("/vendors")).status_code == 200

        await revoke(storage, world, credential)
        gate.authenticator.forget(world.organization.id)

        error(await client.get("/vendors"), 401, "UNAUTHORIZED")


@pytest.mark.parametrize("accept", ["", "*/*", "text/html", "application/xml"])
async def test_w5_whatever_is_accepted_is_answered_in_json(
    buyer: httpx.AsyncClient, accept: str
) -> None:
    response = await buyer.get("/vendors", headers={"Accept": accept})

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"null", "The body must be a JSON object."),
        (b'"x"', "The body must be a JSON object."),
        (b"[]", "The body must be a JSON object."),
        (b"5", "The body must be a JSON object."),
        (b"{", "The body is no valid JSON."),
        (b"NaN", "The body is no valid JSON."),
        (b'{"quantity": Infinity}', "The body is no valid JSON."),
        (b"\xff\xfe{}", "The body is no valid JSON."),
        (b'{"name": "\xed\xa0\x80"}', "The body is no valid JSON."),
        (b"vendor_id=5&department_id=2", "The body is no valid JSON."),
        (b"[" * 100_000, "The body is no valid JSON."),
        (b'{"a":' * 100_000, "The body is no valid JSON."),
        (b'{"name": "' + b"x" * MOST_BYTES, f"The body is larger than {MOST_BYTES} bytes."),
        (b" " * 5_000_000, f"The body is larger than {MOST_BYTES} bytes."),
    ],
    ids=lambda value: repr(value[:20]),
)
async def test_w6_what_is_no_json_object_is_400(
    buyer: httpx.AsyncClient, world: World, body: bytes, message: str, owner: asyncpg.Connection
) -> None:
    for method, path in [("POST", "/vendors"), ("POST", "/purchase-orders")]:
        response = await buyer.request(method, path, content=body)

        assert error(response, 400, "BAD_REQUEST")["message"] == message

    count = "SELECT count(*) FROM suppliers WHERE organization_id = $1"
    assert await owner.fetchval(count, world.organization.id) == 1


async def test_a_body_that_grows_too_large_is_not_read_to_its_end(buyer: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65536
            yield b" " * 65536

    response = await buyer.post("/vendors", content=endless())

    error(response, 400, "BAD_REQUEST")
    assert sent <= MOST_BYTES + 2 * 65536


@pytest.mark.parametrize(
    ("language", "message"),
    [
        (None, "The name field is required."),
        ("en", "The name field is required."),
        ("fr", "The name field is required."),
        ("pt", "The name field is required."),
        ("ar", "حقل الاسم مطلوب."),
        ("ar-SA,ar;q=0.9,en;q=0.8", "حقل الاسم مطلوب."),
        ("\x00;q=x", "The name field is required."),
    ],
)
async def test_w7_messages_are_english_or_arabic(
    buyer: httpx.AsyncClient, language: str | None, message: str
) -> None:
    headers = {} if language is None else {"Accept-Language": language}

    response = await buyer.post("/vendors", json={}, headers=headers)

    assert error(response, 422, "VALIDATION_ERROR")["details"] == {"name": [message]}


async def test_w7_names_are_arabic_where_there_is_one(
    buyer: httpx.AsyncClient, world: World
) -> None:
    vendor = {"name": "Gulf Paper", "name_ar": "ورق الخليج"}
    id = data(await buyer.post("/vendors", json=vendor), 201)["id"]
    await created(buyer, world, vendor_id=id)

    arabic = {"Accept-Language": "ar"}
    [listed] = data(await buyer.get("/purchase-orders", headers=arabic))
    assert listed["vendor"] == {"id": id, "name": "ورق الخليج"}
    assert listed["department"]["name"] == "Operations"
    shown = data(await buyer.get(f"/vendors/{id}"))
    assert (shown["name"], shown["name_ar"]) == ("Gulf Paper", "ورق الخليج")


async def test_w11_a_single_success_has_data_and_a_timestamp(buyer: httpx.AsyncClient) -> None:
    body = (await buyer.get("/vendors/1")).json()

    assert list(body) == ["data", "meta"]
    assert list(body["meta"]) == ["timestamp"]
    assert NOW.fullmatch(body["meta"]["timestamp"])


async def test_w15_an_error_carries_the_id_of_its_request(buyer: httpx.AsyncClient) -> None:
    response = await buyer.get("/vendors/999", headers={"X-Request-ID": "abc123"})

    assert error(response, 404, "NOT_FOUND") == {
        "code": "NOT_FOUND",
        "message": "The requested record was not found.",
        "details": {},
    }
    assert response.json()["meta"]["request_id"] == "req_abc123"
    assert NOW.fullmatch(response.json()["meta"]["timestamp"])


async def test_w20_unknown_fields_and_parameters_are_ignored(
    buyer: httpx.AsyncClient, world: World
) -> None:
    drafted = await created(buyer, world, color="red", nested={"a": [1, {"b": None}]})
    assert "color" not in drafted

    listed = await buyer.get("/purchase-orders", params={"color": "red", "status[]": "no"})
    assert len(data(listed)) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "/purchase-orders/1"),
        ("POST", "/purchase-orders/1"),
        ("DELETE", "/vendors/1"),
        ("OPTIONS", "/vendors"),
        ("TRACE", "/vendors"),
        ("BREW", "/vendors"),
        ("GET", ""),
        ("GET", "/"),
        ("GET", "/purchase-order"),
        ("GET", "/purchase-orders/1/items"),
        ("GET", "/vendors/1/performance/x"),
        ("GET", "//vendors"),
        ("GET", "/vendors/%2e%2e/purchase-orders"),
    ],
)
async def test_w56_undocumented_methods_and_paths_are_404(
    buyer: httpx.AsyncClient, method: str, path: str
) -> None:
    response = await buyer.request(method, f"http://waqti.test/v1{path}")

    message = "The requested endpoint was not found."
    assert error(response, 404, "NOT_FOUND")["message"] == message


async def test_w56_head_is_as_undocumented_as_any_other(buyer: httpx.AsyncClient) -> None:
    response = await buyer.head("/vendors")

    assert (response.status_code, response.content) == (404, b"")


@pytest.mark.parametrize(
    ("abilities", "allowed"),
    [
        ([Ability.READ], [200, 200, 403, 403, 403, 403]),
        ([Ability.WRITE], [403, 403, 201, 403, 403, 200]),
        ([Ability.APPROVE], [403, 403, 403, 422, 403, 403]),
        ([Ability.DELETE], [403, 403, 403, 403, 204, 404]),
        ([Ability.ADMIN], [200, 200, 201, 422, 204, 404]),
    ],
)
async def test_w79_a_missing_ability_is_403(
    buyer: httpx.AsyncClient,
    login: Login,
    world: World,
    abilities: list[Ability],
    allowed: list[int],
) -> None:
    id = (await created(buyer, world))["id"]
    client = await login(world, abilities=abilities)

    answers = [
        await client.get("/purchase-orders"),
        await client.get(f"/purchase-orders/{id}"),
        await client.post("/vendors", json={"name": "New"}),
        await client.post(f"/purchase-orders/{id}/approve"),
        await client.delete(f"/purchase-orders/{id}"),
        await client.post(f"/purchase-orders/{id}/submit"),
    ]

    assert [answer.status_code for answer in answers] == allowed
    for answer in answers:
        if answer.status_code == 403:
            message = error(answer, 403, "FORBIDDEN")["message"]
            assert message.startswith("This takes the permission ")


async def test_a_bug_is_a_500_that_tells_nothing(
    buyer: httpx.AsyncClient,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret text")

    monkeypatch.setattr(CredentialGate, "admit", broken)

    response = await buyer.post("/purchase-orders", json=order(world))

    assert error(response, 500, "SERVER_ERROR")["message"] == (
        "The server could not answer this request."
    )
    assert "secret text" not in response.text
    assert "ZeroDivisionError: secret text" in caplog.text
