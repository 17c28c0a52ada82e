"""What a generator of requests finds, going by the OpenAPI document alone.

EXAMPLES in the environment says how many requests an operation gets.
"""

import os
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.specs.openapi import checks
from starlette.types import ASGIApp

from domain.callers import Channel
from persistence.engines import application_engine
from persistence.storage import SqlStorage
from rest.shrkity import ENDPOINTS
from server.app import create_app
from server.settings import Settings
from tests import make
from tests.conftest import World, keep, new_world
from tests.domain.subscriptions import item, package
from tests.server.gates import issued
from tests.usecases.customers import customers, documents_of_every_status
from tests.usecases.services import offered

CHECKS = (
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
)
EXAMPLES = int(os.environ.get("EXAMPLES", "50"))
MOST = 4  # ids, so that what was made by one operation is found by others
BASE = "/api/v1"
FIRST = {"POST": 0, "PUT": 2, "PATCH": 2, "GET": 3, "DELETE": 4}


def rank(operation: tuple[str, str]) -> tuple[int, bool]:
    """What makes records comes first, what deletes them last."""
    method, path = operation
    return FIRST[method], "{" in path


OPERATIONS = sorted(((each.method, each.path) for each in ENDPOINTS), key=rank)


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """On a port of its own, in a thread of its own."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="on"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
            assert thread.is_alive()
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}{BASE}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
async def key(database_url: str) -> str:
    engine = application_engine(database_url, pool_size=2)
    storage = SqlStorage(engine)
    world = await new_world(storage)
    for _ in range(MOST):
        await furnish(world, storage)
    held = await issued(storage, world, dialect=Channel.SHRKITY)
    await engine.dispose()
    await make.lift_limits(database_url)
    return held.secret or ""


async def furnish(world: World, storage: SqlStorage) -> None:
    """Something of every kind that no endpoint makes."""
    held = await customers(world, storage)
    await documents_of_every_status(held, datetime.now(UTC).date(), world, storage)
    service = await offered(world, storage, requires_company=True)
    free = await offered(world, storage)
    made = package(item(service.id), item(free.id, None), renewable=True)
    await keep(storage, world.caller(), made)


@pytest.fixture(scope="module")
async def url(
    database_url: str, key: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    given = Settings(data_dir=tmp_path_factory.mktemp("data"), pool_size=5)
    with served(create_app(given, database_url)) as url:
        assert key
        yield url


@pytest.fixture(scope="module")
def schema(url: str) -> Any:
    """The document as it is served, with few ids to choose from."""
    document = httpx.get(f"{url}/openapi.json").raise_for_status().json()
    schema = schemathesis.openapi.from_dict(narrowed(document))
    schema.validate()
    schema.location = f"{url}/openapi.json"
    return schema


def narrowed(part: Any, name: str = "") -> Any:
    if isinstance(part, list):
        return [narrowed(each, name) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("in") == "path":
        name = part["name"]
    if name.endswith("id") and part.get("type") == "integer" and "maximum" in part:
        return part | {"maximum": MOST}
    return {key: narrowed(each, name if key in _WITHIN else key) for key, each in part.items()}


_WITHIN = {"anyOf", "schema"}


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_answer_is_as_the_document_says(
    schema: Any, url: str, key: str, method: str, path: str
) -> None:
    # In both headers: in the other one it would make a key up.
    shown = {"Authorization": f"Bearer {key}", "X-Api-Key": key}

    @seed(42)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(case=schema[path][method].as_strategy())
    def holds(case: Any) -> None:
        case.call_and_validate(base_url=url, headers=shown, checks=CHECKS)

    holds()
