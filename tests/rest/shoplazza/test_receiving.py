"""Goods that are received move a procurement's state and quantities (P-6, P-9, P-14)."""

from decimal import Decimal
from typing import Any

import httpx

from domain.purchase_orders import PurchaseOrder
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World
from tests.rest.shoplazza.samples import LIST, body, listed
from tests.usecases.orders import done
from tests.usecases.receipts import of, receipt
from usecases.goods_receipts import ReverseGoodsReceipt
from usecases.purchase_orders import CreatePurchaseOrder, SubmitPurchaseOrder

NAMES = ("state", "transfer_quantity", "received_quantity", "rejected_quantity", "pending_quantity")


async def ordered(world: World, storage: SqlStorage) -> PurchaseOrder:
    """Ten of one thing and five of another, approved at once."""
    lines = [make.line(quantity=Decimal(10)), make.line(quantity=Decimal(5))]
    order = await done(CreatePurchaseOrder(**world.draft(lines=lines)), world, storage)
    return await done(SubmitPurchaseOrder(id=order.id), world, storage)


async def seen(store: httpx.AsyncClient) -> list[Any]:
    [found] = body(await store.get(LIST))["procurements"]
    assert listed(await store.get(LIST, params={"state": found["state"]})) == [found["id"]]
    return [found[name] for name in NAMES]


async def test_p14_receipts_in_the_graph_move_what_the_old_api_shows(
    store: httpx.AsyncClient, storage: SqlStorage, world: World
) -> None:
    order = await ordered(world, storage)
    assert await seen(store) == [1, 15, 0, 0, 15]

    await receipt(order, world, storage, of(order, 4), post=False)
    assert await seen(store) == [1, 15, 0, 0, 15]  # a draft has not come yet

    first = await receipt(order, world, storage, of(order, 4, 2), of(order, 5, at=1), post=True)
    assert await seen(store) == [2, 15, 9, 2, 4]

    await receipt(order, world, storage, of(order, 4), post=True)
    assert await seen(store) == [2, 15, 13, 2, 0]  # two were rejected, and are not replaced

    await done(ReverseGoodsReceipt(id=first.id, reason="Counted wrongly"), world, storage)
    assert await seen(store) == [2, 15, 4, 0, 11]

    await receipt(order, world, storage, of(order, 6), of(order, 5, at=1), post=True)
    assert await seen(store) == [3, 15, 15, 0, 0]


async def test_p7_a_delivery_is_a_change(
    store: httpx.AsyncClient, storage: SqlStorage, world: World
) -> None:
    order = await ordered(world, storage)
    [before] = body(await store.get(LIST))["procurements"]

    await receipt(order, world, storage, of(order, 1), post=True)

    [after] = body(await store.get(LIST))["procurements"]
    assert after["updated_at"] >= before["updated_at"]
    assert after["created_at"] == before["created_at"]
    since = {"updated_at_min": after["updated_at"]}
    assert listed(await store.get(LIST, params=since)) == [after["id"]]
