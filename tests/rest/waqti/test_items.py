"""Items of a draft: added, changed, deleted one by one (W-51, W-52)."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.conftest import World
from tests.rest.waqti.samples import INK, PAPER, created, data, error, invalid, submitted

LIST = "/purchase-orders"


async def shown(client: httpx.AsyncClient, id: int) -> Any:
    return data(await client.get(f"{LIST}/{id}"))


async def test_w51_an_item_is_added(buyer: httpx.AsyncClient, world: World) -> None:
    id = (await created(buyer, world, items=[INK]))["id"]

    response = await buyer.post(f"{LIST}/{id}/items", json=PAPER)

    item = data(response, 201)
    assert '"unit_price":25.00,"vat_rate":15,"vat_amount":375.00,"total":2875.00' in response.text
    assert (item["line_number"], item["quantity"], item["unit"]) == (2, 100, "ream")
    order = await shown(buyer, id)
    assert order["items"][1] == item
    assert order["total_amount"] == Decimal("6325.00")
    assert [entry["action"] for entry in order["audit_trail"]] == ["created", "item_added"]


async def test_w51_an_item_is_changed_field_by_field(
    buyer: httpx.AsyncClient, world: World
) -> None:
    drafted = await created(buyer, world)
    paper = drafted["items"][0]
    path = f"{LIST}/{drafted['id']}/items/{paper['id']}"

    changed = data(await buyer.put(path, json={"quantity": 150, "unit": None}))

    assert changed == paper | {
        "quantity": 150,
        "unit": None,
        "vat_amount": Decimal("562.50"),
        "total": Decimal("4312.50"),
    }
    order = await shown(buyer, drafted["id"])
    assert (order["items"], order["subtotal"]) == (
        [changed, drafted["items"][1]],
        Decimal("6750.00"),
    )
    assert order["audit_trail"][-1]["action"] == "item_updated"


async def test_w52_deleting_an_item_moves_the_later_ones_up(
    buyer: httpx.AsyncClient, world: World
) -> None:
    drafted = await created(buyer, world, items=[PAPER, INK, PAPER])
    first, second, third = drafted["items"]
    path = f"{LIST}/{drafted['id']}/items"

    response = await buyer.delete(f"{path}/{second['id']}")

    assert (response.status_code, response.content) == (204, b"")
    order = await shown(buyer, drafted["id"])
    assert order["items"] == [first, third | {"line_number": 2}]
    assert order["total_amount"] == Decimal("5750.00")
    assert order["audit_trail"][-1]["action"] == "item_deleted"
    assert data(await buyer.post(path, json=INK), 201)["line_number"] == 3
    error(await buyer.delete(f"{path}/{second['id']}"), 404, "NOT_FOUND")


async def test_w51_the_last_item_may_be_deleted(buyer: httpx.AsyncClient, world: World) -> None:
    drafted = await created(buyer, world, items=[INK])

    response = await buyer.delete(f"{LIST}/{drafted['id']}/items/{drafted['items'][0]['id']}")

    assert response.status_code == 204
    order = await shown(buyer, drafted["id"])
    assert (order["items"], order["total_amount"]) == ([], Decimal("0.00"))


@pytest.mark.parametrize(
    ("body", "details"),
    [
        (
            {},
            {
                "description": ["The description field is required."],
                "quantity": ["The quantity field is required."],
                "unit_price": ["The unit price field is required."],
            },
        ),
        (PAPER | {"quantity": 0}, {"quantity": ["The quantity field must be greater than 0."]}),
        (PAPER | {"unit_price": "x"}, {"unit_price": ["The unit price field must be a number."]}),
        (
            PAPER | {"description": "a\x00"},
            {"description": ["The description field holds characters that cannot be stored."]},
        ),
        (
            PAPER | {"quantity": 10**12, "unit_price": 10**12},
            {"items": ["The order's total is too large."]},
        ),
    ],
)
async def test_w51_bad_items_are_422_on_their_own_fields(
    buyer: httpx.AsyncClient, world: World, body: dict[str, Any], details: dict[str, list[str]]
) -> None:
    id = (await created(buyer, world))["id"]
    before = await shown(buyer, id)

    response = await buyer.post(f"{LIST}/{id}/items", json=body)

    assert invalid(response) == details
    assert await shown(buyer, id) == before


async def test_w51_a_change_may_not_empty_what_an_item_needs(
    buyer: httpx.AsyncClient, world: World
) -> None:
    drafted = await created(buyer, world)
    path = f"{LIST}/{drafted['id']}/items/{drafted['items'][0]['id']}"

    response = await buyer.put(path, json={"description": None, "quantity": "", "unit_price": None})

    assert list(invalid(response)) == ["description", "quantity", "unit_price"]
    assert data(await buyer.put(path, json={})) == drafted["items"][0]


async def test_w51_a_missing_vat_rate_is_the_usual_one(
    buyer: httpx.AsyncClient, world: World
) -> None:
    id = (await created(buyer, world))["id"]
    body = {"description": "Tape", "quantity": 1, "unit_price": 10, "vat_rate": 0}

    item = data(await buyer.post(f"{LIST}/{id}/items", json=body), 201)
    path = f"{LIST}/{id}/items/{item['id']}"
    usual = data(await buyer.put(path, json={"vat_rate": None}))

    assert (item["vat_rate"], item["total"]) == (0, Decimal("10.00"))
    assert (usual["vat_rate"], usual["total"]) == (15, Decimal("11.50"))


async def test_w51_an_item_of_another_order_is_404(buyer: httpx.AsyncClient, world: World) -> None:
    foreign = (await created(buyer, world))["items"][0]["id"]
    id = (await created(buyer, world))["id"]

    for item in (foreign, 999, "x"):
        error(await buyer.put(f"{LIST}/{id}/items/{item}", json={"quantity": 1}), 404, "NOT_FOUND")
        error(await buyer.delete(f"{LIST}/{id}/items/{item}"), 404, "NOT_FOUND")
    error(await buyer.post(f"{LIST}/999/items", json=PAPER), 404, "NOT_FOUND")


async def test_w51_only_items_of_drafts_are_changed(buyer: httpx.AsyncClient, world: World) -> None:
    order = await submitted(buyer, world)
    path = f"{LIST}/{order['id']}/items"
    item = f"{path}/{order['items'][0]['id']}"
    before = await shown(buyer, order["id"])

    for response in [
        await buyer.post(path, json=PAPER),
        await buyer.put(item, json={"quantity": 1}),
        await buyer.delete(item),
    ]:
        message = error(response, 422, "INVALID_STATUS")["message"]
        assert message.startswith("Only draft purchase orders can be updated.")

    assert await shown(buyer, order["id"]) == before


async def test_an_idempotency_key_adds_an_item_once(buyer: httpx.AsyncClient, world: World) -> None:
    id = (await created(buyer, world))["id"]
    key = {"Idempotency-Key": "add-1"}

    first = data(await buyer.post(f"{LIST}/{id}/items", json=PAPER, headers=key), 201)
    again = data(await buyer.post(f"{LIST}/{id}/items", json=PAPER, headers=key), 201)

    assert again == first
    assert len((await shown(buyer, id))["items"]) == 3
