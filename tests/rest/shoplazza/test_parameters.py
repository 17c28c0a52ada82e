"""What can be asked of a list: P-4 to P-7, P-13, vector N-7."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from domain.purchase_orders import PurchaseOrderStatus
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.rest.shoplazza.samples import (
    LIST,
    approved,
    body,
    errors,
    ids,
    in_every_state,
    listed,
    procurements,
)


@pytest.mark.parametrize("limit", [1, 2, 98, 99])
async def test_n7_limits_up_to_99_are_good(
    store: httpx.AsyncClient, storage: SqlStorage, world: World, limit: int
) -> None:
    orders = await procurements(storage, world, 3)

    response = await store.get(LIST, params={"limit": limit})

    assert listed(response) == ids(orders)[::-1][:limit]
    assert body(response)["count"] == 3


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        ("limit", "100", "limit must be 99 or less"),
        ("limit", "0", "limit must be 1 or more"),
        ("limit", "-1", "limit must be 1 or more"),
        ("limit", "ten", "limit must be a whole number"),
        ("limit", "1.5", "limit must be a whole number"),
        ("page", "0", "page must be 1 or more"),
        ("page", "-3", "page must be 1 or more"),
        ("page", str(2**31), f"page must be {2**31 - 1} or less"),
        ("page", "9" * 30, "page must be a whole number"),
        ("page", "٣", "page must be a whole number"),
        ("page", "1\x00", "page must be a whole number"),
        ("state", "5", "state must be one of 1, 2, 3, 4"),
        ("state", "0", "state must be one of 1, 2, 3, 4"),
        ("state", "waiting", "state must be one of 1, 2, 3, 4"),
        ("ids", "x", "ids.0 does not have the right form"),
        ("ids", "-1", "ids.0 does not have the right form"),
        ("ids", '["1", "x"]', "ids.1 does not have the right form"),
        ("ids", "[true]", "ids.0 must be a text"),
        ("ids", "[[1]]", "ids.0 must be a text"),
        ("ids", "[1", "ids.0 does not have the right form"),
        ("ids", "[" * 5000, "ids.0 does not have the right form"),
    ],
)
async def test_n7_what_is_out_of_range_is_400(
    store: httpx.AsyncClient, parameter: str, value: str, message: str
) -> None:
    assert errors(await store.get(LIST, params={parameter: value})) == [message]


async def test_p10_everything_that_is_wrong_with_a_request_is_said_at_once(
    store: httpx.AsyncClient,
) -> None:
    params = {"limit": "100", "page": "0", "state": "5", "created_at_min": "soon"}

    assert errors(await store.get(LIST, params=params)) == [
        "page must be 1 or more",
        "limit must be 99 or less",
        "state must be one of 1, 2, 3, 4",
        "created_at_min is no time: write YYYY-MM-DDThh:mm:ssZ",
    ]


@pytest.mark.parametrize("query", ["", "page=&limit=&ids=&state=&created_at_min=", "unknown=1"])
async def test_p4_without_parameters_it_is_the_first_ten(
    store: httpx.AsyncClient, storage: SqlStorage, world: World, query: str
) -> None:
    orders = await procurements(storage, world, 12)

    response = await store.get(f"{LIST}?{query}")

    assert listed(response) == ids(orders)[:1:-1]
    assert body(response)["count"] == 12


async def test_p4_pages_follow_each_other_and_end(
    store: httpx.AsyncClient, storage: SqlStorage, world: World
) -> None:
    orders = await procurements(storage, world, 7)

    pages = [await store.get(LIST, params={"limit": 3, "page": n}) for n in (1, 2, 3, 4)]
    last = await store.get(LIST, params={"limit": 99, "page": 2**31 - 1})

    newest = ids(orders)[::-1]
    assert [listed(page) for page in pages] == [newest[:3], newest[3:6], newest[6:], []]
    assert {body(page)["count"] for page in pages} == {7}
    assert body(last) == {"count": 7, "procurements": []}


WAYS: list[Any] = [
    lambda a, b: f"ids={a},{b}",
    lambda a, b: f"ids={a}%2C%20{b}",
    lambda a, b: f"ids={a}&ids={b}",
    lambda a, b: f"ids[]={a}&ids[]={b}",
    lambda a, b: f"ids%5B%5D={a}&ids%5B%5D={b}",
    lambda a, b: f"ids[0]={a}&ids[1]={b}",
    lambda a, b: f'ids=["{a}","{b}"]',
    lambda a, b: f"ids=%5B%22{a}%22%2C+%22{b}%22%5D",
    lambda a, b: f"ids=[{a},{b}]",
    lambda a, b: f"ids={a}&ids[]={b},{b},,",
]


@pytest.mark.parametrize("way", range(len(WAYS)))
async def test_p5_ids_may_be_written_in_many_ways(
    store: httpx.AsyncClient, storage: SqlStorage, world: World, way: int
) -> None:
    orders = ids(await procurements(storage, world, 4))

    response = await store.get(f"{LIST}?{WAYS[way](orders[0], orders[2])}")

    assert listed(response) == [orders[2], orders[0]]
    assert body(response)["count"] == 2


@pytest.mark.parametrize(
    "unknown",
    [
        "928374928374982734",
        "0",
        "9" * 30,
        "3f2a6c1e-9b4d-4e7a-8c15-0d9e6b2f7a48",
        "3F2A6C1E-9B4D-4E7A-8C15-0D9E6B2F7A48",
        '["928374928374982734"]',
    ],
)
async def test_p5_ids_that_name_nothing_match_nothing(
    store: httpx.AsyncClient, storage: SqlStorage, world: World, unknown: str
) -> None:
    await procurements(storage, world, 2)

    response = await store.get(LIST, params={"ids": unknown})

    assert body(response) == {"count": 0, "procurements": []}


async def test_p5_an_order_that_was_never_approved_has_an_id_and_is_no_procurement(
    store: httpx.AsyncClient, storage: SqlStorage, world: World
) -> None:
    draft = approved(world, approved_at=None, status=PurchaseOrderStatus.DRAFT)
    await keep(storage, world.caller(), draft)

    assert listed(await store.get(LIST, params={"ids": ids([draft])[0]})) == []


@pytest.mark.parametrize("state", [1, 2, 3, 4])
async def test_p6_each_state_has_its_number(
    store: httpx.AsyncClient, storage: SqlStorage, world: World, state: int
) -> None:
    orders = await in_every_state(storage, world)

    response = await store.get(LIST, params={"state": state})

    assert listed(response) == [ids(orders)[state - 1]]
    [only] = body(response)["procurements"]
    assert (only["state"], body(response)["count"]) == (state, 1)


AT = datetime(2026, 1, 2, 12, tzinfo=UTC)  # the first is a minute later


@pytest.mark.parametrize("field", ["created_at", "updated_at"])
@pytest.mark.parametrize(
    ("least", "most", "found"),
    [
        ("2026-01-02T12:02:00Z", None, [4, 3, 2]),
        ("2026-01-02T12:02:01Z", None, [4, 3]),
        (None, "2026-01-02T12:02:00Z", [2, 1]),
        (None, "2026-01-02T12:01:59Z", [1]),
        ("2026-01-02T12:02:00Z", "2026-01-02T12:03:00Z", [3, 2]),
        ("2026-01-02T12:03:00Z", "2026-01-02T12:02:00Z", []),
        ("2026-01-02T15:02:00+03:00", "2026-01-02T07:03:00-05:00", [3, 2]),
        ("2026-01-02T15:02:00 03:00", "2026-01-02T15:03:00.999+0300", [3, 2]),
        ("2026-01-02 12:02", "2026-01-02t12:03:00z", [3, 2]),
        ("2026-01-02", "2026-01-02", [4, 3, 2, 1]),
        ("2026-01-03", None, []),
        (None, "2026-01-01", []),
        ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", [4, 3, 2, 1]),
        ("9999-12-31", "9999-12-31", []),
    ],
)
async def test_p7_times_are_compared_with_both_ends(
    store: httpx.AsyncClient,
    storage: SqlStorage,
    world: World,
    field: str,
    least: str | None,
    most: str | None,
    found: list[int],
) -> None:
    orders = ids(await procurements(storage, world, 4, at=AT))
    given = {f"{field}_min": least, f"{field}_max": most}

    response = await store.get(LIST, params={k: v for k, v in given.items() if v is not None})

    assert listed(response) == [orders[n - 1] for n in found]


async def test_p7_a_time_that_was_shown_finds_its_procurement(
    store: httpx.AsyncClient, storage: SqlStorage, world: World
) -> None:
    """Although it was kept to the microsecond."""
    [order] = await procurements(storage, world, 1, at=AT + timedelta(milliseconds=700))
    [shown] = body(await store.get(LIST))["procurements"]
    given = {
        f"{field}_{end}": shown[field]
        for field in ("created_at", "updated_at")
        for end in ("min", "max")
    }

    assert listed(await store.get(LIST, params=given)) == ids([order])


@pytest.mark.parametrize(
    "parameter", ["created_at_min", "created_at_max", "updated_at_min", "updated_at_max"]
)
@pytest.mark.parametrize(
    "value",
    [
        "yesterday",
        "2026-13-01T00:00:00Z",
        "2026-01-32",
        "2026-01-01T25:00:00Z",
        "2026-01-01T00:00:00+99:00",
        "01/02/2026",
        "1767268800",
        "2026-01-01TZ",
        "٢٠٢٦-01-01",
        "2026-01-01T00:00:00Z\x00",
    ],
)
async def test_p7_what_is_no_time_is_400(
    store: httpx.AsyncClient, parameter: str, value: str
) -> None:
    message = f"{parameter} is no time: write YYYY-MM-DDThh:mm:ssZ"

    assert errors(await store.get(LIST, params={parameter: value})) == [message]


async def test_p13_the_newest_come_first_and_of_several_at_once_the_largest_id(
    store: httpx.AsyncClient, storage: SqlStorage, world: World
) -> None:
    together = [approved(world, at=AT) for _ in range(3)]
    for n, order in enumerate(together):
        order.number = f"PO-2026-{n:04}"
    older = approved(world, 9, at=AT - timedelta(days=1))
    await keep(storage, world.caller(), *together, older)

    assert listed(await store.get(LIST)) == [
        *sorted(ids(together), reverse=True),
        *ids([older]),
    ]
