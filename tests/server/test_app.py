"""The application as a whole: who gets in, how often, as which request, in which language."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from starlette.types import ASGIApp

from domain.callers import Channel, Permission
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.schema.conftest import draft, mutating
from tests.server.conftest import Issue, caller_of, started
from tests.server.gates import revoke

VIEWER = {"query": "{ viewer { user { name } permissions } }"}
ORDER = "{ number auditTrail { requestId channel actor { name } } }"


def create(world: World, **values: Any) -> dict[str, Any]:
    document = mutating("purchaseOrderCreate", ORDER)
    return {"query": document, "variables": {"input": draft(world, **values)}}


# Who


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer bog_" + "0" * 40,
        "Bearer 1|" + "0" * 40,
        "Bearer " + "x" * 10_000,
        "Basic dTpw",
        "Token bog_" + "0" * 40,
    ],
)
async def test_without_a_valid_credential_nobody_gets_in(
    stranger: httpx.AsyncClient, world: World, owner: asyncpg.Connection, authorization: str | None
) -> None:
    headers = {"Authorization": authorization} if authorization is not None else {}

    async with unchanged(owner, world):
        response = await stranger.post("/graphql", json=create(world), headers=headers)

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json() == {
        "errors": [
            {
                "message": "a valid credential is needed",
                "extensions": {"code": "UNAUTHENTICATED"},
            }
        ]
    }
    assert response.headers["x-ratelimit-limit"] == "60"


async def test_a_revoked_or_expired_secret_looks_like_an_unknown_one(
    app: ASGIApp, issue: Issue, storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    expired = await issue(expires_at=datetime.now(UTC) + timedelta(days=1))
    await owner.execute(
        "UPDATE api_credentials SET expires_at = now() - interval '1 s' WHERE id = $1", expired.id
    )
    revoked = await issue()
    await revoke(storage, world, revoked)

    for credential in (expired, revoked):
        async with caller_of(app, credential.secret) as client:
            response = await client.post("/graphql", json=VIEWER)

        assert response.status_code == 401
        assert response.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_revoking_through_the_graph_shuts_the_door_that_is_open(
    app: ASGIApp, issue: Issue, client: httpx.AsyncClient
) -> None:
    """The process has known the credential already; it hears of the change."""
    credential = await issue()
    document = mutating("apiCredentialRevoke")
    id = f"key_{credential.id.hex}"
    async with caller_of(app, credential.secret) as other:
        assert (await other.post("/graphql", json=VIEWER)).status_code == 200
        gone = {"query": document, "variables": {"input": {"id": id}}}
        assert (await client.post("/graphql", json=gone)).json()["data"]

        async with asyncio.timeout(10):
            status = 200
            while status == 200:
                status = (await other.post("/graphql", json=VIEWER)).status_code
        assert status == 401


@pytest.mark.parametrize("channel", [Channel.GRAPHQL, Channel.WAQTI, Channel.SHRKITY])
async def test_a_credential_of_every_form_opens_the_graph(
    app: ASGIApp, issue: Issue, channel: Channel
) -> None:
    few = [Permission.USERS_READ]
    secret = (await issue(dialect=channel, permissions=few)).secret

    async with caller_of(app, secret) as client:
        response = await client.post("/graphql", json=VIEWER)

    assert response.json() == {
        "data": {"viewer": {"user": {"name": "Bea Buyer"}, "permissions": ["USERS_READ"]}}
    }


# How often


async def test_a_limited_credential_is_told_what_is_left_and_when_to_come_back(
    app: ASGIApp, issue: Issue
) -> None:
    """Five requests of two a minute: at least one too many, even when a minute ends meanwhile."""
    secret = (await issue(limit=2)).secret

    async with caller_of(app, secret) as client:
        responses = [await client.post("/graphql", json=VIEWER) for _ in range(5)]

    first, last = responses[0], next(r for r in responses if r.status_code == 429)
    assert first.status_code == 200
    assert first.headers["x-ratelimit-limit"] == "2"
    assert first.headers["x-ratelimit-remaining"] == "1"
    assert int(first.headers["x-ratelimit-reset"]) % 60 == 0
    assert last.headers["x-ratelimit-remaining"] == "0"
    assert 1 <= int(last.headers["retry-after"]) <= 60
    seconds = last.headers["retry-after"]
    assert last.json() == {
        "errors": [
            {
                "message": f"too many requests: try again in {seconds} seconds",
                "extensions": {"code": "RATE_LIMITED"},
            }
        ]
    }
    assert "retry-after" not in first.headers


async def test_a_refused_request_does_nothing(
    app: ASGIApp, issue: Issue, world: World, owner: asyncpg.Connection
) -> None:
    secret = (await issue(limit=1)).secret
    orders = "SELECT count(*) FROM purchase_orders WHERE organization_id = $1"

    async with caller_of(app, secret) as client:
        responses = [await client.post("/graphql", json=create(world)) for _ in range(4)]

    done = [response for response in responses if response.status_code == 200]
    assert {response.status_code for response in responses} == {200, 429}
    assert await owner.fetchval(orders, world.organization.id) == len(done)


async def test_a_large_document_counts_as_several(app: ASGIApp, issue: Issue) -> None:
    secret = (await issue(limit=1000)).secret
    fields = " ".join(f"a{n}: permissions" for n in range(299))

    async with caller_of(app, secret) as client:
        small = await client.post("/graphql", json=VIEWER)
        large = await client.post("/graphql", json={"query": f"{{ viewer {{ {fields} }} }}"})

    left = [int(response.headers["x-ratelimit-remaining"]) for response in (small, large)]
    assert left[0] - left[1] == 3 or left[1] == 997  # unless a new minute has begun


async def test_strangers_are_limited_by_their_address(stranger: httpx.AsyncClient) -> None:
    """Twice the limit and one more: a minute may end once meanwhile."""
    codes = [(await stranger.post("/graphql", json=VIEWER)).status_code for _ in range(121)]

    assert codes[0] == 401
    assert 429 in codes
    assert {*codes} == {401, 429}


# Which request


async def test_the_request_id_comes_back_and_stays_in_the_audit_trail(
    client: httpx.AsyncClient, world: World
) -> None:
    response = await client.post(
        "/graphql", json=create(world), headers={"X-Request-Id": "screen-7.order_1"}
    )

    [entry] = response.json()["data"]["purchaseOrderCreate"]["purchaseOrder"]["auditTrail"]
    assert response.headers["x-request-id"] == "screen-7.order_1"
    assert entry == {
        "requestId": "screen-7.order_1",
        "channel": "GRAPHQL",
        "actor": {"name": "Bea Buyer"},
    }


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a;b", "<script>"])
async def test_an_unfit_request_id_is_replaced(client: httpx.AsyncClient, given: str) -> None:
    response = await client.post("/graphql", json=VIEWER, headers={"X-Request-Id": given})

    assert len(response.headers["x-request-id"]) == 32
    assert response.headers["x-request-id"].isalnum()


# Which language


@pytest.mark.parametrize(
    ("language", "needed", "empty"),
    [
        (None, "a valid credential is needed", "this must not be empty"),
        ("en-GB", "a valid credential is needed", "this must not be empty"),
        ("ar-SA, en;q=0.5", "يلزم مفتاح وصول صالح", "يجب ألا يكون هذا فارغًا"),
        ("pt", "é necessária uma credencial válida", "não pode ficar vazio"),
        ("xx, *;q=0.1", "a valid credential is needed", "this must not be empty"),
    ],
)
async def test_errors_are_in_the_language_that_is_accepted(
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    language: str | None,
    needed: str,
    empty: str,
) -> None:
    headers = {"Accept-Language": language} if language else {}
    nameless = {"query": mutating("supplierCreate"), "variables": {"input": {"name": ""}}}

    refused = await stranger.post("/graphql", json=VIEWER, headers=headers)
    payload = await client.post("/graphql", json=nameless, headers=headers)

    assert refused.json()["errors"][0]["message"] == needed
    assert payload.json()["data"]["supplierCreate"]["errors"][0]["message"] == empty


# What else is there


async def test_the_application_is_ready_and_says_what_it_does_not_have(
    stranger: httpx.AsyncClient,
) -> None:
    ready = await stranger.get("/readyz")
    nowhere = await stranger.get("/nowhere")

    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    assert nowhere.status_code == 404
    assert "Traceback" not in nowhere.text


@pytest.mark.parametrize(("explorer", "status"), [(True, 200), (False, 405)])
async def test_a_browser_gets_the_explorer_unless_it_is_switched_off(
    database_url: str, tmp_path: Path, *, explorer: bool, status: int
) -> None:
    async with (
        started(database_url, tmp_path, graphiql=explorer) as app,
        caller_of(app) as browser,
    ):
        response = await browser.get("/graphql", headers={"Accept": "text/html,*/*;q=0.8"})

    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html") == explorer
