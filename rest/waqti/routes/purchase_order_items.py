"""Items of purchase orders: facts W-51 and W-52."""

from typing import Any
from uuid import UUID

from domain.purchase_orders import NewPurchaseOrderLine, PurchaseOrder, PurchaseOrderLine
from rest.kit import Call, Endpoint
from rest.kit.calls import the
from rest.kit.inputs import Nothing
from rest.waqti.wire import inputs
from rest.waqti.wire.parts import Item
from usecases.purchase_orders import (
    AddPurchaseOrderLine,
    DeletePurchaseOrderLine,
    UpdatePurchaseOrderLine,
)


async def create(call: Call[inputs.Item]) -> Item:
    order_id = await call.id(PurchaseOrder.kind)
    line = NewPurchaseOrderLine(**dict(call.given))
    done = await call.run(AddPurchaseOrderLine(order_id=order_id, line=line))
    rows = (await call.read.purchase_order_lines.by_order_ids([order_id])).get(order_id, ())
    # Without a record an idempotency key found it added before: by now it is the last one.
    added = done.record.lines[-1].id if done.record else rows[-1].id
    return Item.of(the({row.id: row for row in rows}, added))


async def update(call: Call[inputs.ItemUpdate]) -> Item:
    order_id, line_id = await _ids(call)
    sent = call.given.sent()
    await call.run(UpdatePurchaseOrderLine(order_id=order_id, line_id=line_id, **sent))
    return Item.of(the(await call.read.purchase_order_lines.by_ids([line_id]), line_id))


async def delete(call: Call[Nothing]) -> None:
    order_id, line_id = await _ids(call)
    await call.run(DeletePurchaseOrderLine(order_id=order_id, line_id=line_id))


async def _ids(call: Call[Any]) -> list[UUID]:
    return await call.ids(id=PurchaseOrder.kind, item_id=PurchaseOrderLine.kind)


ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("POST", "/purchase-orders/{id}/items", create, inputs.Item, status=201),
    Endpoint("PUT", "/purchase-orders/{id}/items/{item_id}", update, inputs.ItemUpdate),
    Endpoint("DELETE", "/purchase-orders/{id}/items/{item_id}", delete, Nothing, status=204),
]
