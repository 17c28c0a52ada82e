"""What a bug shows to clients, and to us: a request id, and everything."""

import logging
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from persistence.engines import application_engine
from persistence.storage import SqlStorage
from tests.conftest import new_world
from tests.server.conftest import caller_of, started
from tests.server.gates import issued

VIEWER = {"query": "{ viewer { user { name } } }"}


@pytest.fixture
async def broken(fresh_database: str, tmp_path: Path) -> Any:
    """An application whose tables of suppliers and credentials can be taken away."""
    engine = application_engine(fresh_database, pool_size=2)
    storage = SqlStorage(engine)
    world = await new_world(storage)
    secret = (await issued(storage, world)).secret
    await engine.dispose()
    async with started(fresh_database, tmp_path) as app, caller_of(app, secret) as client:
        connection = await asyncpg.connect(fresh_database)
        yield client, connection
        await connection.close()


async def test_a_bug_in_a_field_shows_its_request_id_and_nothing_else(
    broken: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client, connection = broken
    await connection.execute("ALTER TABLE suppliers RENAME TO gone")
    listing = {"query": "{ viewer { permissions } suppliers { nodes { name } } }"}
    node = {"query": f'{{ node(id: "sup_{"0" * 32}") {{ id }} viewer {{ permissions }} }}'}

    with caplog.at_level(logging.ERROR):
        responses = [
            await client.post("/graphql", json=body, headers={"X-Request-Id": "bug-1"})
            for body in (listing, node)
        ]

    for response, path in zip(responses, (["suppliers"], ["node"]), strict=True):
        [error] = response.json()["errors"]
        assert response.status_code == 200
        assert error["path"] == path
        assert error["message"] == "something went wrong on our side"
        assert error["extensions"] == {"code": "INTERNAL", "requestId": "bug-1"}
        for word in ("gone", "relation", "Traceback", "SELECT", "asyncpg", "Undefined"):
            assert word not in response.text
    assert 'relation "suppliers" does not exist' in caplog.text


async def test_a_bug_before_the_operation_is_a_500_in_json(
    broken: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client, connection = broken
    await connection.execute("ALTER TABLE api_credentials RENAME TO gone")

    with caplog.at_level(logging.ERROR):
        response = await client.post(
            "/graphql", json=VIEWER, headers={"X-Request-Id": "bug-2", "Accept-Language": "pt"}
        )

    assert response.status_code == 500
    assert response.headers["content-type"] == "application/json"
    assert response.json() == {
        "errors": [
            {
                "message": "algo correu mal do nosso lado",
                "extensions": {"code": "INTERNAL", "requestId": "bug-2"},
            }
        ]
    }
    assert "api_credentials" in caplog.text
