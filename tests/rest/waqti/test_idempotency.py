"""Idempotency keys on Waqti's writes."""

import re

import httpx

from persistence.storage import SqlStorage
from tests.conftest import Save, World, new_world
from tests.rest.conftest import Login
from tests.rest.waqti.samples import data, error, order

NOW = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


async def test_an_idempotency_key_makes_one_order_of_many_requests(
    buyer: httpx.AsyncClient, world: World
) -> None:
    key = {"Idempotency-Key": "4711"}
    first = await buyer.post("/purchase-orders", json=order(world), headers=key)
    again = await buyer.post("/purchase-orders", json=order(world), headers=key)
    other = await buyer.post("/purchase-orders", json=order(world, notes="x"), headers=key)

    assert data(again, 201) == data(first, 201)
    error(other, 422, "VALIDATION_ERROR")
    assert len(data(await buyer.get("/purchase-orders"))) == 1


async def test_keys_of_one_organization_mean_nothing_in_another(
    login: Login, storage: SqlStorage, save: Save
) -> None:
    await save()
    for _ in range(2):
        world = await new_world(storage)
        client = await login(world)
        key = {"Idempotency-Key": "4711"}
        response = await client.post("/purchase-orders", json=order(world), headers=key)
        assert data(response, 201)["po_number"].endswith("-0001")
