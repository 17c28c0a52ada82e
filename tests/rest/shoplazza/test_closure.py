"""Whatever is asked, the answer is one that the documents know (P-8, P-10, P-11), never a 500."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from domain.callers import Channel
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.rest.shoplazza.samples import BASE, LIST, in_every_state, new_client, procurements
from tests.rest.shoplazza.test_procurements import FIELDS
from tests.server.gates import issued

STATUSES = {200, 400, 404}
SETTINGS = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ODD = st.one_of(
    st.integers().map(str),
    st.integers(min_value=-(2**70), max_value=2**70).map(str),
    st.floats().map(str),
    st.text(max_size=20),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.sampled_from(
        ["", "\x00", "1e400", "[", "[]", "[[]]", '["1"]', "{}", "null", "1,2", "%", "+"]
    ),
    st.sampled_from(["0001-01-01", "9999-12-31", "9999-12-31T23:59:59-23:59", "2024-02-30"]),
    st.lists(st.one_of(st.integers(), st.text(max_size=5), st.none(), st.booleans())).map(repr),
)
NAMES = st.sampled_from(
    [
        *("page", "limit", "ids", "ids[]", "ids[0]", "state", "created_at_min", "created_at_max"),
        *("updated_at_min", "updated_at_max", "cursor"),
    ]
)
GOOD = st.sampled_from(
    [
        *(("page", "1"), ("limit", "99"), ("state", "4"), ("ids", "100000000000000001")),
        *(("created_at_min", "2026-01-01"), ("updated_at_max", "2030-01-01T00:00:00+03:00")),
    ]
)
QUERIES = st.lists(st.one_of(GOOD, st.tuples(NAMES, ODD)), max_size=5)


@pytest.fixture
async def unlimited(
    storage: SqlStorage,
    world: World,
    other_world: World,
    app: Starlette,
    owner: asyncpg.Connection,
) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a limit, of an organization beside which there is another."""
    await in_every_state(storage, world)
    await procurements(storage, other_world, 9, notes="of another organization")
    credential = await issued(storage, world, dialect=Channel.SHOPLAZZA)
    lift = "UPDATE api_credentials SET requests_per_minute = 0 WHERE id = $1"
    await owner.execute(lift, credential.id)
    async with new_client(app, credential.secret) as client:
        yield client


def check(response: httpx.Response, method: str = "GET") -> None:
    assert response.status_code in STATUSES, response.text
    assert response.headers["request-id"]
    assert "another organization" not in response.text
    if method == "HEAD":
        assert response.content == b""
        return
    found = response.json()
    if response.status_code == 200:
        assert [*found] == ["count", "procurements"]
        assert len(found["procurements"]) <= found["count"] <= 4
        for each in found["procurements"]:
            assert [*each] == FIELDS
            assert each["state"] in {1, 2, 3, 4}
            assert len(each["id"]) == len(each["supplier_id"]) == 18
    else:
        assert [*found] == ["errors"]
        assert all(found["errors"])


@SETTINGS
@given(query=QUERIES)
async def test_p11_odd_queries_get_a_documented_answer(
    unlimited: httpx.AsyncClient, query: list[tuple[str, str]]
) -> None:
    written = "&".join(f"{name}={quote(value, errors='replace')}" for name, value in query)

    check(await unlimited.get(f"{LIST}?{written}"))


@SETTINGS
@given(
    query=st.binary(max_size=60),
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "OPTIONS", "FOO"]),
    path=st.one_of(st.just(LIST), st.text(max_size=12).map(lambda text: f"/{quote(text)}")),
    header=st.sampled_from(["Accept", "Content-Type", "Accept-Language", "X-Request-ID"]),
    value=st.binary(max_size=60),
)
async def test_p11_odd_bytes_get_a_documented_answer(
    unlimited: httpx.AsyncClient, query: bytes, method: str, path: str, header: str, value: bytes
) -> None:
    value = bytes(byte for byte in value if byte not in b"\r\n\x00")
    headers = [(header.encode(), value)]
    url = f"{BASE}{path}?{quote(query, safe='=&[],%+')}"

    check(await unlimited.request(method, url, headers=headers, content=query), method)
