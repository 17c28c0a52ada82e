"""GraphQL over HTTP: media types, status codes, and bodies of every kind."""

import json

import asyncpg
import httpx
import pytest

from tests.conftest import World
from tests.persistence.contents import unchanged

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
VIEWER = {"query": "{ viewer { user { name } } }"}
BEA = {"data": {"viewer": {"user": {"name": "Bea Buyer"}}}}


async def test_an_operation_is_answered(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json=VIEWER)

    assert response.status_code == 200
    assert response.json() == BEA
    assert response.headers["content-type"] == JSON
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (None, JSON),
        ("*/*", JSON),
        (JSON, JSON),
        (GRAPHQL_JSON, f"{GRAPHQL_JSON}; charset=utf-8"),
        (f"{GRAPHQL_JSON}, {JSON};q=0.9", f"{GRAPHQL_JSON}; charset=utf-8"),
        # urql lists event streams first or last; an operation that ends is no stream
        (
            f"text/event-stream, multipart/mixed, {GRAPHQL_JSON}, {JSON}",
            f"{GRAPHQL_JSON}; charset=utf-8",
        ),
        (f"{GRAPHQL_JSON}, {JSON}, text/event-stream", f"{GRAPHQL_JSON}; charset=utf-8"),
        (f"text/event-stream, {JSON}", JSON),
        ("text/event-stream, */*;q=0.1", JSON),
        ("text/html, */*", JSON),
    ],
)
async def test_the_answer_has_the_media_type_that_is_asked_for(
    client: httpx.AsyncClient, accept: str | None, answered: str
) -> None:
    headers = {"Accept": accept} if accept else {}

    good = await client.post("/graphql", json=VIEWER, headers=headers)
    bad = await client.post("/graphql", json={"query": "{ nope }"}, headers=headers)
    refused = await client.post("/graphql", json=[], headers=headers)

    assert (good.status_code, good.json()) == (200, BEA)
    assert (bad.status_code, refused.status_code) == (400, 400)
    types = [response.headers["content-type"] for response in (good, bad, refused)]
    assert types == [answered] * 3


@pytest.mark.parametrize(
    "content_type",
    [
        JSON,
        f"{JSON}; charset=utf-8",
        f"{JSON};charset=UTF-8",
        "Application/JSON",
    ],
)
async def test_json_is_taken_however_it_is_written(
    client: httpx.AsyncClient, content_type: str
) -> None:
    headers = {"Content-Type": content_type}

    response = await client.post("/graphql", content=json.dumps(VIEWER), headers=headers)

    assert response.json() == BEA


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/jsonp",
    ],
)
async def test_no_form_of_another_site_can_send_an_operation(
    client: httpx.AsyncClient, content_type: str | None
) -> None:
    headers = {"Content-Type": content_type} if content_type is not None else {}

    response = await client.post("/graphql", content=json.dumps(VIEWER), headers=headers)

    assert response.status_code == 415
    assert response.json() == {
        "errors": [
            {
                "message": "Send the operation as application/json.",
                "extensions": {"code": "BAD_REQUEST"},
            }
        ]
    }


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_operations_are_posted(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql", params=VIEWER)

    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert response.json()["errors"][0]["message"] == "Send operations with POST."


NOT_JSON = "The request is not valid JSON"
NO_OBJECT = "Send a JSON object with a `query` in it."
NOT_STORABLE = "holds characters that cannot be stored"
NOTHING_TO_RUN = "Say which operation to run"
BODIES: list[tuple[bytes, str]] = [
    (b"", NOT_JSON),
    (b"{", NOT_JSON),
    (b"nope", NOT_JSON),
    (b'{"query": "{ viewer }",}', NOT_JSON),
    (b'{"query": NaN}', NOT_JSON),
    (b"\xff\xfe{}", NOT_JSON),
    (b'{"query": "\xff"}', NOT_JSON),
    ('{"query": "{ viewer }"}'.encode("utf-16"), NOT_JSON),
    (b'{"query": "\\ud800"}', NOT_JSON),
    (b'{"query": "q", "variables": {"a": "\\udc00"}}', NOT_JSON),
    (b"[" * 100_000, NOT_JSON),
    (b'{"query": "q", "variables": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}", NOT_JSON),
    (b"null", NO_OBJECT),
    (b'"x"', NO_OBJECT),
    (b"[]", NO_OBJECT),
    (b'[{"query": "{ __typename }"}]', NO_OBJECT),
    (b"5", NO_OBJECT),
    (b"true", NO_OBJECT),
    (b"{}", "`query` must be a string."),
    (b'{"query": null}', "`query` must be a string."),
    (b'{"query": ["{ viewer }"]}', "`query` must be a string."),
    (b'{"query": 1}', "`query` must be a string."),
    (b'{"query": "q", "variables": []}', "`variables` must be an object or null."),
    (b'{"query": "q", "variables": "{}"}', "`variables` must be an object or null."),
    (b'{"query": "q", "operationName": 1}', "`operationName` must be a string or null."),
    (b'{"query": "q", "operationName": {}}', "`operationName` must be a string or null."),
    (b'{"query": "q", "extensions": 1}', "`extensions` must be an object or null."),
    (b'{"query": "q\\u0000"}', f"`query` {NOT_STORABLE}"),
    (b'{"query": "q", "variables": {"a": ["\\u0000"]}}', f"`variables.a.0` {NOT_STORABLE}"),
    (b'{"query": ""}', NOTHING_TO_RUN),
    (b'{"query": "fragment f on Query { __typename }"}', NOTHING_TO_RUN),
    (b'{"query": "query a { __typename }", "operationName": "b"}', NOTHING_TO_RUN),
    (
        b'{"query": "query a { __typename } query b { __typename }"}',
        "Must provide operation name if query contains multiple operations.",
    ),
    (b'{"query": "  # nothing"}', "Syntax Error: Unexpected <EOF>."),
    (b'{"query": "{ viewer { nope } }"}', "Cannot query field 'nope' on type 'Viewer'."),
]


@pytest.mark.parametrize(("body", "message"), BODIES)
async def test_what_never_becomes_an_operation_is_a_400(
    client: httpx.AsyncClient, world: World, owner: asyncpg.Connection, body: bytes, message: str
) -> None:
    async with unchanged(owner, world):
        response = await client.post(
            "/graphql", content=body, headers={"Content-Type": JSON, "Accept": GRAPHQL_JSON}
        )

    answer = response.json()
    assert response.status_code == 400
    assert "data" not in answer
    assert message in answer["errors"][0]["message"]
    assert answer["errors"][0]["extensions"]["code"] in {"BAD_REQUEST", "VALIDATION"}
    assert "Traceback" not in response.text


async def test_of_several_operations_the_named_one_runs(client: httpx.AsyncClient) -> None:
    document = "query a { __typename } query b { viewer { user { name } } }"

    response = await client.post("/graphql", json={"query": document, "operationName": "b"})

    assert response.json() == BEA


async def test_unknown_members_of_the_body_are_left_alone(client: httpx.AsyncClient) -> None:
    response = await client.post(
        "/graphql", json=VIEWER | {"id": 1, "variables": None, "extensions": {"a": 1}}
    )

    assert response.json() == BEA


async def test_an_error_in_a_field_leaves_the_rest_of_the_answer(
    client: httpx.AsyncClient,
) -> None:
    document = '{ good: viewer { user { name } } bad: node(id: "x") { id } }'

    response = await client.post("/graphql", json={"query": document})

    assert response.status_code == 200
    assert response.json() == {
        "data": {"good": {"user": {"name": "Bea Buyer"}}, "bad": None},
        "errors": [
            {
                "message": "no such id: x",
                "locations": [{"line": 1, "column": 34}],
                "path": ["bad"],
                "extensions": {"code": "NOT_FOUND", "argument": ["id"]},
            }
        ],
    }
