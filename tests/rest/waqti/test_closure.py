"""Whatever is sent, the answer is one that the documents know (W-15 to W-17), and never a 500."""

from json import dumps
from typing import Any
from urllib.parse import quote

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.callers import Channel
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.rest.conftest import new_client
from tests.rest.waqti.samples import LIMITS, created, order, submitted
from tests.server.gates import issued

SUCCESSES = {200, 201, 204}
REFUSALS = {
    400: {"BAD_REQUEST"},
    401: {"UNAUTHORIZED"},
    403: {"FORBIDDEN"},
    404: {"NOT_FOUND"},
    422: {"VALIDATION_ERROR", "INVALID_STATUS"},
    429: {"RATE_LIMITED"},
}

METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "FOO"])
IDS = st.one_of(
    st.sampled_from(["1", "2", "3", "0", "-1", "999", "1.5", f"{2**63}", f"{2**64}", "%00", "é"]),
    st.text(max_size=8).map(lambda text: quote(text, safe="")),
)
PATHS = st.one_of(
    st.builds(
        lambda template, one, other: template.format(id=one, item=other),
        st.sampled_from(
            [
                "/purchase-orders",
                "/purchase-orders/{id}",
                "/purchase-orders/{id}/submit",
                "/purchase-orders/{id}/approve",
                "/purchase-orders/{id}/reject",
                "/purchase-orders/{id}/cancel",
                "/purchase-orders/{id}/items",
                "/purchase-orders/{id}/items/{item}",
                "/vendors",
                "/vendors/{id}",
            ]
        ),
        IDS,
        IDS,
    ),
    st.text(max_size=12).map(lambda text: "/" + quote(text)),
)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=2**62, max_value=2**70),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=12),
    st.sampled_from(
        ["\x00", "\ud800", "1e400", "NaN", "", " ", "0001-01-01", "9999-12-31", "x" * 3000]
    ),
)
VALUES = st.recursive(
    ODD,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)
FIELDS = st.sampled_from(
    [
        *["vendor_id", "department_id", "project_id", "currency", "exchange_rate", "notes"],
        *["delivery_address", "expected_delivery_date", "items", "attachments", "description"],
        *["quantity", "unit", "unit_price", "vat_rate", "comments", "reason", "name", "name_ar"],
        *["email", "phone", "vat_number", "cr_number", "payment_terms", "contacts", "status"],
    ]
)
ITEMS = st.lists(
    st.dictionaries(
        st.sampled_from(["id", "description", "quantity", "unit", "unit_price", "vat_rate"]), VALUES
    ),
    max_size=3,
)
PARAMETERS = st.dictionaries(
    st.sampled_from(
        [
            *["page", "per_page", "sort", "order", "search", "status", "vendor_id", "min_score"],
            *["department_id", "created_from", "created_to", "min_amount", "max_amount"],
        ]
    ),
    ODD.map(str) | st.sampled_from(["1", "asc", "created_at", "draft", "2025-01-01", "1e400"]),
    max_size=4,
)
BODIES = st.one_of(
    st.dictionaries(FIELDS, VALUES, max_size=5),
    st.builds(lambda items: {"items": items}, ITEMS),
    VALUES,
)
RAW = st.binary(max_size=40)


@pytest.fixture
async def unlimited(
    storage: SqlStorage, world: World, save: Save, app: Any, owner: asyncpg.Connection
) -> Any:
    """A client without a limit, with orders in several statuses to play with."""
    await save(make.approval_workflow(make.step(world.approver.id)))
    credential = await issued(storage, world, dialect=Channel.WAQTI)
    lift = "UPDATE api_credentials SET requests_per_minute = 0 WHERE id = $1"
    await owner.execute(lift, credential.id)
    async with new_client(app, credential.secret) as client:
        for _ in range(2):
            await created(client, world)
        await submitted(client, world)
        yield client


def check(response: httpx.Response, method: str) -> None:
    assert all(response.headers[name].isdigit() for name in LIMITS)
    if response.status_code in SUCCESSES:
        assert method != "HEAD"
        return
    assert response.status_code in REFUSALS, response.text
    assert response.headers["content-type"] == "application/json"
    if method != "HEAD":
        body = response.json()
        assert body.keys() == {"error", "meta"}
        assert body["error"].keys() == {"code", "message", "details"}
        assert body["error"]["code"] in REFUSALS[response.status_code]
        assert body["error"]["message"]
        assert body["meta"]["request_id"].startswith("req_")
        for messages in body["error"]["details"].values():
            assert all(messages)


SETTINGS = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@SETTINGS
@given(method=METHODS, path=PATHS, params=PARAMETERS, body=BODIES)
async def test_w17_odd_json_gets_a_documented_answer(
    unlimited: httpx.AsyncClient, method: str, path: str, params: dict[str, str], body: object
) -> None:
    query = "&".join(f"{name}={quote(value, errors='replace')}" for name, value in params.items())
    url = f"http://waqti.test/v1{path}?{query}"

    response = await unlimited.request(method, url, content=dumps(body))

    check(response, method)


@SETTINGS
@given(field=FIELDS, value=VALUES)
async def test_w17_a_good_order_with_one_odd_field_gets_a_documented_answer(
    unlimited: httpx.AsyncClient, world: World, field: str, value: object
) -> None:
    body = dumps(order(world) | {field: value})

    for method, path in [("POST", "/purchase-orders"), ("PUT", "/purchase-orders/1")]:
        check(await unlimited.request(method, path, content=body), method)


@SETTINGS
@given(
    method=METHODS,
    path=PATHS,
    body=RAW,
    header=st.sampled_from(
        ["Accept", "Content-Type", "Accept-Language", "Idempotency-Key", "X-Request-ID"]
    ),
    text=st.binary(max_size=300),
    host=st.sampled_from(["waqti.test", "[::1", "a b", "", "xn--\xe9", "a:b:c", "é"]),
)
async def test_w17_odd_bytes_get_a_documented_answer(
    unlimited: httpx.AsyncClient,
    method: str,
    path: str,
    body: bytes,
    header: str,
    text: bytes,
    host: str,
) -> None:
    text = bytes(byte for byte in text if byte not in b"\r\n\x00")
    headers = [(header.encode(), text), (b"Host", host.encode())]

    response = await unlimited.request(
        method, f"http://waqti.test/v1{path}", content=body, headers=headers
    )

    check(response, method)
