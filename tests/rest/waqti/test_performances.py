"""How vendors do, and what Waqti shows of goods receipts (W-57, W-75, W-76, W-39, W-49)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from domain.goods_receipts import NewGoodsReceiptLine
from domain.kit.errors import IllegalMove
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.rest.conftest import Login
from tests.rest.goldens import exchange
from tests.rest.waqti.samples import INK, PAPER, actions, created, data, error, shown, submitted
from usecases.goods_receipts import CreateGoodsReceipt, ReverseGoodsReceipt
from usecases.kit import Done, run
from usecases.reads.legacy_ids import LegacyId

NOTHING: dict[str, Any] = {
    "vendor_id": 1,
    "overall_score": None,
    "metrics": {
        "delivery_time": {"score": None, "average_days": None, "on_time_percentage": None},
        "quality": {"score": None, "defect_rate": None, "return_rate": None},
        "pricing": {"score": None, "competitiveness": None},
        "responsiveness": {"score": None},
    },
}


async def known(world: World, storage: SqlStorage, kind: str, id: int) -> UUID:
    reads = storage.reads(world.caller())
    legacy = LegacyId(kind, "waqti", id)
    found = (await reads.legacy_ids.to_ids([legacy]))[legacy]
    await reads.close()
    return found


async def delivered(
    world: World, storage: SqlStorage, order: Any, *quantities: tuple[int, int]
) -> Done[Any]:
    """What was accepted and rejected of the order's items: a receipt that counts."""
    lines = [
        NewGoodsReceiptLine(
            order_line_id=await known(world, storage, "purchase_order_line", item["id"]),
            accepted=Decimal(accepted),
            rejected=Decimal(rejected),
            rejection_reason="damaged" if rejected else None,
        )
        for item, (accepted, rejected) in zip(order["items"], quantities, strict=False)
    ]
    id = await known(world, storage, "purchase_order", order["id"])
    create = CreateGoodsReceipt(purchase_order_id=id, lines=lines, post=True)
    return await run(create, world.caller(), storage)


async def test_w57_of_a_new_vendor_nothing_is_known(buyer: httpx.AsyncClient) -> None:
    assert data(await buyer.get("/vendors/1/performance")) == NOTHING


async def test_w57_a_vendor_is_scored_by_what_it_delivered(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    late = await submitted(buyer, world, expected_delivery_date="2025-02-01")
    in_time = await submitted(buyer, world, expected_delivery_date="2999-01-01")
    await delivered(world, storage, late, (95, 5))
    await delivered(world, storage, in_time, (100, 0), (20, 0))

    await exchange(buyer, "waqti/vendor-performance", "GET", "/vendors/1/performance")

    vendor = data(await buyer.get("/vendors/1"))
    assert vendor["performance_score"] == Decimal("82.58")  # 50, 97.73 and 100


async def test_w54_vendors_are_found_by_the_score_they_have_now(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    order = await submitted(buyer, world, expected_delivery_date="2999-01-01")
    assert data(await buyer.get("/vendors?min_score=1")) == []

    await delivered(world, storage, order, (100, 0))

    [vendor] = data(await buyer.get("/vendors?min_score=100"))
    assert (vendor["id"], vendor["performance_score"]) == (1, 100)


async def test_w57_reversed_receipts_show_as_returns(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    order = await submitted(buyer, world)
    await delivered(world, storage, order, (1, 0))
    wrong = await delivered(world, storage, order, (1, 0))
    await run(ReverseGoodsReceipt(id=wrong.id, reason="x"), world.caller(), storage)

    quality = data(await buyer.get("/vendors/1/performance"))["metrics"]["quality"]

    assert quality == {"score": 50, "defect_rate": 0, "return_rate": 50}


async def test_w57_w40_another_organizations_vendor_does_not_exist(
    login: Login, buyer: httpx.AsyncClient, other_world: World
) -> None:
    theirs = await login(other_world)
    more = data(await theirs.post("/vendors", json={"name": "Second Co."}), 201)

    refused = error(await buyer.get(f"/vendors/{more['id']}/performance"), 404, "NOT_FOUND")
    assert refused["details"] == {}
    error(await buyer.get("/vendors/x/performance"), 404, "NOT_FOUND")


async def test_w57_it_takes_a_token_that_reads(login: Login, world: World) -> None:
    powerless = await login(world, permissions=[])

    error(await powerless.get("/vendors/1/performance"), 403, "FORBIDDEN")


async def test_w75_w39_an_order_stays_approved_while_it_is_received(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    order = await submitted(buyer, world, items=[PAPER, INK])

    await delivered(world, storage, order, (60, 0))
    assert (await shown(buyer, order["id"]))["status"] == "approved"
    await delivered(world, storage, order, (40, 0), (20, 0))

    seen = await shown(buyer, order["id"])
    assert seen["status"] == "approved"
    assert [action for action, _ in actions(seen)][-2:] == ["received", "received"]


async def test_w76_goods_are_received_for_approved_orders_only(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    order = await created(buyer, world)

    with pytest.raises(IllegalMove, match="this one is DRAFT"):
        await delivered(world, storage, order, (1, 0))

    assert [a for a, _ in actions(await shown(buyer, order["id"]))] == ["created"]


async def test_w49_an_order_with_posted_receipts_is_not_cancelled(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    order = await submitted(buyer, world)
    posted = await delivered(world, storage, order, (1, 0))
    path = f"/purchase-orders/{order['id']}/cancel"

    refused = error(await buyer.post(path), 422, "INVALID_STATUS")
    assert refused["message"] == (
        "Goods were received for this order: reverse their receipts first."
    )
    assert (await shown(buyer, order["id"]))["status"] == "approved"

    await run(ReverseGoodsReceipt(id=posted.id, reason="x"), world.caller(), storage)
    assert data(await buyer.post(path))["status"] == "cancelled"
