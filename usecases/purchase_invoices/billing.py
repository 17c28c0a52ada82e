"""What an approved invoice books: the order's lines are invoiced, its budget's money is spent."""

from domain.purchase_invoices import PurchaseInvoice
from domain.purchase_orders import PurchaseOrder
from usecases.budgets import book
from usecases.ports import UnitOfWork


async def bill(invoice: PurchaseInvoice, order: PurchaseOrder, uow: UnitOfWork) -> None:
    """Both are locked. An order that is received and invoiced in full is completed (W-53)."""
    order.bill(invoice.billed, uow.now, **_said(invoice))
    bookings = [*order.spend(invoice.base_amounts), *order.rebook()]
    await book(order, bookings, uow, invoice_id=invoice.id)


async def unbill(invoice: PurchaseInvoice, order: PurchaseOrder, uow: UnitOfWork) -> None:
    """Undo it. Raises IllegalMove when the order is completed."""
    order.unbill(invoice.billed, uow.now, **_said(invoice))
    await book(order, order.unspend(invoice.base_amounts), uow, invoice_id=invoice.id)


def _said(invoice: PurchaseInvoice) -> dict[str, str]:
    return {"invoice": str(invoice.id), "invoice_number": invoice.number}
