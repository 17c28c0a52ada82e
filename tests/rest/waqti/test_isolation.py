"""Another organization's ids answer as if they did not exist (W-40)."""

from typing import Any

import httpx
import pytest

from domain.kit.aggregate import Aggregate
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep
from tests.rest.conftest import Login
from tests.rest.waqti.samples import INK, PAPER, created, data, error, invalid, order


@pytest.fixture
async def foreign(
    login: Login, storage: SqlStorage, other_world: World
) -> tuple[httpx.AsyncClient, Any]:
    """The other organization, whose ids go further than ours."""
    more: list[Aggregate] = [make.supplier() for _ in range(5)]
    await keep(storage, other_world.caller(), *more)
    other_world.supplier.waqti_id = more[-1].waqti_id  # type: ignore[attr-defined]
    more = [make.department() for _ in range(5)] + [make.project() for _ in range(5)]
    await keep(storage, other_world.caller(), *more)
    other_world.department.waqti_id = more[4].waqti_id  # type: ignore[attr-defined]
    other_world.project.waqti_id = more[9].waqti_id  # type: ignore[attr-defined]
    client = await login(other_world)
    for _ in range(3):
        theirs = await created(client, other_world, items=[PAPER, INK, PAPER])
    return client, theirs


async def test_w40_orders_of_others_do_not_exist(
    buyer: httpx.AsyncClient, world: World, foreign: tuple[httpx.AsyncClient, Any]
) -> None:
    client, theirs = foreign
    ours = await created(buyer, world)
    path = f"/purchase-orders/{theirs['id']}"
    before = data(await client.get(path))
    item = theirs["items"][-1]["id"]

    for method, rest, body in [
        ("GET", "", None),
        ("PUT", "", {"notes": "x"}),
        ("DELETE", "", None),
        ("POST", "/submit", None),
        ("POST", "/approve", None),
        ("POST", "/reject", {"reason": "x"}),
        ("POST", "/cancel", None),
        ("GET", "/pdf", None),
        ("POST", "/items", PAPER),
        ("PUT", f"/items/{item}", {"quantity": 1}),
        ("DELETE", f"/items/{item}", None),
    ]:
        response = await buyer.request(method, f"{path}{rest}", json=body)
        assert error(response, 404, "NOT_FOUND")["details"] == {}
    mine = f"/purchase-orders/{ours['id']}"
    error(await buyer.delete(f"{mine}/items/{item}"), 404, "NOT_FOUND")

    assert data(await client.get(path)) == before
    assert [listed["id"] for listed in data(await buyer.get("/purchase-orders"))] == [ours["id"]]


async def test_w31_ids_of_others_are_invalid_like_unknown_ones(
    buyer: httpx.AsyncClient,
    world: World,
    other_world: World,
    foreign: tuple[httpx.AsyncClient, Any],
) -> None:
    _, theirs = foreign
    path = f"/purchase-orders/{(await created(buyer, world))['id']}"

    for field, id in [
        ("vendor_id", other_world.supplier.waqti_id),
        ("department_id", other_world.department.waqti_id),
        ("project_id", other_world.project.waqti_id),
    ]:
        details = {field: [f"The selected {field.replace('_', ' ')} is invalid."]}
        response = await buyer.post("/purchase-orders", json=order(world, **{field: id}))
        assert invalid(response) == details
        assert invalid(await buyer.put(path, json={field: id})) == details
    body = {"items": [{"id": theirs["items"][-1]["id"], "quantity": 1}]}
    assert list(invalid(await buyer.put(path, json=body))) == ["items.0.id"]

    params = {"vendor_id": other_world.supplier.waqti_id}
    assert data(await buyer.get("/purchase-orders", params=params)) == []


async def test_w40_vendors_of_others_do_not_exist(
    buyer: httpx.AsyncClient, other_world: World, foreign: tuple[httpx.AsyncClient, Any]
) -> None:
    client, _ = foreign
    path = f"/vendors/{other_world.supplier.waqti_id}"
    before = data(await client.get(path))

    error(await buyer.get(path), 404, "NOT_FOUND")
    error(await buyer.put(path, json={"name": "x"}), 404, "NOT_FOUND")

    assert data(await client.get(path)) == before
    assert len(data(await buyer.get("/vendors"))) == 1
