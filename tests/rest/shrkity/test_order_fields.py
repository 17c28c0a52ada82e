"""Decision S-A8 for orders: fields that nobody knows are kept, and given back in `metadata`."""

from typing import Any

import asyncpg
import httpx
import pytest

from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.rest.shrkity.conftest import Login
from tests.rest.shrkity.orders import Desk, desk, old, placed

FURTHER = {"portal_ref": "A-7", "seats": 3, "rate": 1.5, "tags": ["x", None, {"deep": True}]}


@pytest.fixture
async def at(world: World, storage: SqlStorage) -> Desk:
    return await desk(world, storage)


async def test_s_a8_unknown_fields_of_orders_are_kept_and_given_back(
    office: httpx.AsyncClient, at: Desk
) -> None:
    kept = {"note": "hello"} | FURTHER

    made = await placed(office, at, metadata={"note": "hello"}, **FURTHER)

    path = f"/orders/{made['id']}"
    changed = (await office.patch(path, json={"priority": "low"})).json()
    cancelled = (await office.post(f"{path}/cancel")).json()
    [listed] = (await office.get("/orders")).json()["data"]
    shown = (await office.get(path)).json()
    for answer in (made, changed, cancelled, listed, shown):
        assert answer["metadata"] == kept


async def test_s_a8_an_order_without_them_has_none(office: httpx.AsyncClient, at: Desk) -> None:
    assert (await placed(office, at))["metadata"] == {}
    assert (await placed(office, at, metadata=None))["metadata"] == {}


async def test_s_a8_what_answers_show_is_not_kept_when_it_comes_back(
    office: httpx.AsyncClient, at: Desk
) -> None:
    made = await placed(office, at, company_employee_id=old(at.worker), seats=3)

    again = (await office.post("/orders", json=made)).json()

    assert again["id"] != made["id"]
    assert again["metadata"] == made["metadata"] == {"seats": 3}


async def test_s16_a_retry_with_other_unknown_fields_is_another_request(
    office: httpx.AsyncClient, at: Desk
) -> None:
    headers = {"Idempotency-Key": "once"}

    first = await office.post("/orders", json=at.order(seats=3), headers=headers)
    same = await office.post("/orders", json=at.order(seats=3), headers=headers)
    other = await office.post("/orders", json=at.order(seats=4), headers=headers)

    assert (first.status_code, same.status_code, other.status_code) == (201, 201, 422)
    assert same.json() == first.json()


@pytest.mark.parametrize(
    "further",
    [
        {"a\u0000b": 1},
        {"text": "a\u0000b"},
        {"long": "x" * 30_000},
        {"deep": [[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]},
        {"metadata": "no object"},
    ],
)
async def test_what_cannot_be_kept_of_an_order_is_refused(
    login: Login, world: World, at: Desk, owner: asyncpg.Connection, further: dict[str, Any]
) -> None:
    unlimited = await login(world, limit=0)

    async with unchanged(owner, world):
        answer = await unlimited.post("/orders", json=at.order(**further))

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
