"""Goods receipts in a database, for the lines of an order."""

from decimal import Decimal
from typing import Any

from domain.goods_receipts import GoodsReceipt, NewGoodsReceiptLine
from domain.purchase_orders import PurchaseOrder
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.usecases.orders import done
from usecases.goods_receipts import CreateGoodsReceipt


def of(
    order: PurchaseOrder, accepted: float | Decimal, rejected: int = 0, at: int = 0
) -> NewGoodsReceiptLine:
    """What was delivered of one line of the order, the first unless said otherwise."""
    return NewGoodsReceiptLine(
        order_line_id=order.lines[at].id,
        accepted=Decimal(accepted),
        rejected=Decimal(rejected),
        rejection_reason="broken" if rejected else None,
    )


def receiving(order: PurchaseOrder, *lines: NewGoodsReceiptLine, **values: Any) -> Any:
    given = {"purchase_order_id": order.id, "lines": lines or [of(order, 1)]}
    return CreateGoodsReceipt(**(given | values))


async def receipt(
    order: PurchaseOrder,
    world: World,
    storage: SqlStorage,
    *lines: NewGoodsReceiptLine,
    **values: Any,
) -> GoodsReceipt:
    """A draft; posted at once with `post=True`."""
    return await done(receiving(order, *lines, **values), world, storage)
