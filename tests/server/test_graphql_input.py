"""Bad input over HTTP: a clear answer, nothing stored, no traceback."""

import json
from typing import Any

import asyncpg
import httpx
import pytest

from server.operations import LONGEST_DOCUMENT
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.schema.conftest import draft, mutating

JSON = "application/json"
CREATE = mutating("purchaseOrderCreate")
LINE = {"description": "Paper", "quantity": 1, "unitPrice": 1}


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"lines": [LINE | {"quantity": 10**400}]}, 400, "number is infinity when parsed"),
        ({"lines": [LINE | {"quantity": -(10**30)}]}, 200, "this must be greater than 0"),
        ({"lines": [LINE | {"quantity": -1}]}, 200, "this must be greater than 0"),
        ({"lines": [LINE | {"quantity": "NaN"}]}, 400, "'NaN' is not a decimal number"),
        ({"lines": [LINE | {"quantity": "1e999999"}]}, 400, "is not a decimal number"),
        ({"lines": [LINE | {"quantity": True}]}, 400, "'True' is not a decimal number"),
        ({"lines": [LINE | {"quantity": []}]}, 400, "'[]' is not a decimal number"),
        ({"lines": [LINE | {"nope": 1}]}, 400, "not to include unknown field 'nope'"),
        ({"lines": [LINE] * 10_000}, 200, "at most 1000 are possible"),
        ({"lines": [None]}, 400, "not to be None"),
        ({"lines": "x"}, 400, "to be an object"),
        ({"notes": 5}, 400, "String cannot represent a non string value"),
        ({"notes": {"a": "b"}}, 400, "String cannot represent a non string value"),
        ({"supplierId": 1.5}, 400, "ID cannot represent"),
        ({"supplierId": 2**63}, 200, "no such id: 9223372036854775808"),
        ({"expectedDeliveryDate": "2026-02-30"}, 400, "'2026-02-30' is not a date"),
        ({"expectedDeliveryDate": 5}, 400, "'5' is not a date"),
        ({"nope": 1}, 400, "not to include unknown field 'nope'"),
    ],
)
async def test_bad_input_is_named_and_nothing_is_stored(
    client: httpx.AsyncClient,
    world: World,
    owner: asyncpg.Connection,
    given: dict[str, Any],
    status: int,
    said: str,
) -> None:
    """A wrong type is a 400; what only the rules forbid is an error in the payload."""
    body = {"query": CREATE, "variables": {"input": draft(world) | given}}

    async with unchanged(owner, world):
        response = await client.post("/graphql", json=body)

    answer = response.json()
    errors = answer["errors"] if status == 400 else answer["data"]["purchaseOrderCreate"]["errors"]
    assert response.status_code == status
    assert said in errors[0]["message"]
    assert "Traceback" not in response.text


async def test_a_number_beyond_floats_is_refused(
    client: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    given = json.dumps({"query": CREATE, "variables": {"input": draft(world)}})
    body = given.replace('"100"', "1e400")

    async with unchanged(owner, world):
        response = await client.post("/graphql", content=body, headers={"Content-Type": JSON})

    assert response.status_code == 400


@pytest.mark.parametrize("first", [2**31, 2**63, -(2**63), 1.5, "5", True])
async def test_an_int_is_a_32_bit_number(client: httpx.AsyncClient, first: object) -> None:
    document = "query ($first: Int) { suppliers(first: $first) { totalCount } }"

    response = await client.post(
        "/graphql", json={"query": document, "variables": {"first": first}}
    )

    assert response.status_code == 400
    assert "Int cannot represent" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize("depth", [100, 400, 1000])
async def test_nested_variables_are_refused_or_too_deep_but_never_an_accident(
    client: httpx.AsyncClient, world: World, owner: asyncpg.Connection, depth: int
) -> None:
    lines = "[" * depth + "]" * depth
    for document in (CREATE, "query ($input: [ID!]!) { nodes(ids: $input) { id } }"):
        body = f'{{"query": {json.dumps(document)}, "variables": {{"input": {lines}}}}}'

        async with unchanged(owner, world):
            response = await client.post("/graphql", content=body, headers={"Content-Type": JSON})

        assert response.status_code == 400
        assert response.json()["errors"][0]["extensions"]["code"] in {"BAD_REQUEST", "TOO_LARGE"}


@pytest.mark.parametrize("megabytes", [3, 5])
async def test_a_large_body_is_not_read_to_its_end(
    client: httpx.AsyncClient, world: World, owner: asyncpg.Connection, megabytes: int
) -> None:
    sent = 0

    async def chunks() -> Any:
        nonlocal sent
        for _ in range(megabytes * 16):
            sent += 65536
            yield b" " * 65536

    async with unchanged(owner, world):
        response = await client.post("/graphql", content=chunks(), headers={"Content-Type": JSON})

    assert response.status_code == 413
    assert response.json()["errors"] == [
        {
            "message": "The request is larger than 2097152 bytes.",
            "extensions": {"code": "TOO_LARGE"},
        }
    ]
    assert sent <= megabytes * 1048576


async def test_a_long_document_is_refused_and_says_what_to_do(client: httpx.AsyncClient) -> None:
    document = f"{{ viewer {{ user {{ name }} }} }} #{'x' * LONGEST_DOCUMENT}"

    response = await client.post("/graphql", json={"query": document})

    assert response.status_code == 413
    assert response.json()["errors"] == [
        {
            "message": "`query` is longer than 100000 characters: send values as `variables`.",
            "extensions": {"code": "TOO_LARGE"},
        }
    ]
