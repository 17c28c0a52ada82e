"""Buying: an order from its draft to the payment of its invoice, and what one asks about it."""

from datetime import date

from benchmarks.meters import Bench
from domain.goods_receipts import NewGoodsReceiptLine
from domain.purchase_invoices import NewPurchaseInvoiceLine
from tests import make
from usecases.goods_receipts import CreateGoodsReceipt, PostGoodsReceipt
from usecases.purchase_invoices import (
    ApprovePurchaseInvoice,
    CreatePurchaseInvoice,
    PayPurchaseInvoice,
    SubmitPurchaseInvoice,
)
from usecases.purchase_orders import (
    ApprovePurchaseOrder,
    CreatePurchaseOrder,
    SubmitPurchaseOrder,
)

QUERIES = {
    "20 orders with everything": """{ purchaseOrders(first: 20) { nodes {
        number status total { amount } supplier { name } department { name }
        lines { description total { amount } } transitions { name allowed }
        approvals { round step status }
        auditTrail { action at } } } }""",
    "viewer.approvals": "{ viewer { approvals(first: 20) { nodes { __typename } } } }",
    "changes": "{ changes(first: 100) { edges { change type } } }",
}


async def buy(bench: Bench, number: int) -> None:
    """An order with three lines: approved in two steps, received, invoiced and paid."""
    approver = bench.world.approver
    draft = bench.world.draft(lines=[make.line() for _ in range(3)])
    order = await bench.do(CreatePurchaseOrder(**draft))
    await bench.do(SubmitPurchaseOrder(id=order.id))
    for _ in range(2):
        await bench.do(ApprovePurchaseOrder(id=order.id), approver)
    goods = [NewGoodsReceiptLine(order_line_id=n.id, accepted=n.quantity) for n in order.lines]
    receipt = await bench.do(CreateGoodsReceipt(purchase_order_id=order.id, lines=goods))
    await bench.do(PostGoodsReceipt(id=receipt.id))
    billed = [
        NewPurchaseInvoiceLine(
            order_line_id=line.id,
            description=line.description,
            quantity=line.quantity,
            unit_price=line.unit_price,
        )
        for line in order.lines
    ]
    enter = CreatePurchaseInvoice(
        vendor_invoice_number=str(number),
        purchase_order_id=order.id,
        invoice_date=date(2026, 1, 2),
        lines=billed,
    )
    invoice = await bench.do(enter)
    await bench.do(SubmitPurchaseInvoice(id=invoice.id))
    await bench.do(ApprovePurchaseInvoice(id=invoice.id), approver)
    await bench.do(PayPurchaseInvoice(id=invoice.id, amount=invoice.total))
