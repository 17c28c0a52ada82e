"""Suppliers' invoices in a database, at some point of their way."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.goods_receipts import GoodsReceipt, NewGoodsReceiptLine
from domain.purchase_invoices import NewPurchaseInvoiceLine, PurchaseInvoice
from domain.purchase_orders import PurchaseOrder
from domain.users import User
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.usecases.orders import approved as approved_order
from tests.usecases.orders import done
from usecases.goods_receipts import CreateGoodsReceipt
from usecases.purchase_invoices import (
    ApprovePurchaseInvoice,
    CreatePurchaseInvoice,
    SubmitPurchaseInvoice,
)

DAY = date(2026, 1, 31)


def line(order: PurchaseOrder | None = None, **values: Any) -> NewPurchaseInvoiceLine:
    """Exactly what was ordered on its first line."""
    given: dict[str, Any] = {
        "description": "Printer paper",
        "quantity": Decimal(2),
        "unit_price": Decimal(10),
        "vat_rate": Decimal(15),
        "order_line_id": order.lines[0].id if order else None,
    }
    return NewPurchaseInvoiceLine(**(given | values))


def entry(world: World, order: PurchaseOrder | None = None, **values: Any) -> CreatePurchaseInvoice:
    """The whole order's invoice; without an order, one of the world's supplier."""
    given: dict[str, Any] = {
        "vendor_invoice_number": "A-1",
        "purchase_order_id": order.id if order else None,
        "supplier_id": world.supplier.id,
        "invoice_date": DAY,
        "lines": [line(order)],
    }
    return CreatePurchaseInvoice(**(given | values))


async def delivered(
    world: World, storage: SqlStorage, order: PurchaseOrder, quantity: int = 2
) -> GoodsReceipt:
    """So much of the first line was accepted."""
    line = NewGoodsReceiptLine(order_line_id=order.lines[0].id, accepted=Decimal(quantity))
    receive = CreateGoodsReceipt(purchase_order_id=order.id, lines=[line], post=True)
    return await done(receive, world, storage)


async def received_order(world: World, storage: SqlStorage, **values: Any) -> PurchaseOrder:
    """Approved, and delivered in full."""
    order = await approved_order(world, storage, **values)
    await delivered(world, storage, order)
    return order


async def entered(
    world: World, storage: SqlStorage, order: PurchaseOrder | None = None, **values: Any
) -> PurchaseInvoice:
    return await done(entry(world, order, **values), world, storage)


async def submitted(
    world: World, storage: SqlStorage, order: PurchaseOrder | None = None, **values: Any
) -> PurchaseInvoice:
    invoice = await entered(world, storage, order, **values)
    return await done(SubmitPurchaseInvoice(id=invoice.id), world, storage)


async def approve(
    world: World, storage: SqlStorage, id: UUID, by: User | None = None
) -> PurchaseInvoice:
    """By the world's approver, unless it is to be somebody else."""
    return await done(ApprovePurchaseInvoice(id=id), world, storage, by or world.approver)
