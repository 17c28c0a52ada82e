"""What posting and reversing a receipt does beside the receipt: number, order, supplier.

Locks are taken in one order: the purchase order, its receipt, its supplier, the number, the budget.
"""

from typing import NamedTuple
from uuid import UUID

from domain.goods_receipts import GoodsReceipt
from domain.purchase_orders import PurchaseOrder
from domain.suppliers import Supplier
from usecases.budgets import rebook
from usecases.organizations import today
from usecases.ports import UnitOfWork
from usecases.purchase_invoices.matching import rematch

SERIES = "GR"
DELIVERED = ("lines",)  # the parts of orders that receipts look at


class Delivery(NamedTuple):
    """A receipt and its order, both locked."""

    receipt: GoodsReceipt
    order: PurchaseOrder


async def locked(id: UUID, uow: UnitOfWork, *, expected: int | None = None) -> Delivery:
    """A receipt with its order.

    Raises NotFound, and VersionConflict when the receipt is not at version `expected`.
    """
    row = (await uow.reads.goods_receipts.by_ids([id])).get(id)
    if row is None:
        raise GoodsReceipt.missing(id)
    order = await uow.records(PurchaseOrder).get(row.order_id, parts=DELIVERED)
    return Delivery(await uow.records(GoodsReceipt).get(id, expected=expected), order)


async def post(delivery: Delivery, uow: UnitOfWork) -> None:
    """Put it down to its order, which may complete it."""
    receipt, order = delivery
    supplier = await uow.records(Supplier).get(order.supplier_id)
    organization = await uow.organization()
    number = await uow.next_number(SERIES, today(organization, uow).year)
    tolerance = organization.over_receipt_tolerance
    receipt.post(number, order, uow.caller, uow.now, tolerance=tolerance)
    await rematch(order, uow)
    await rebook(order, uow)
    await _score(supplier, uow)


async def reverse(delivery: Delivery, reason: str, uow: UnitOfWork) -> None:
    """Take it back from its order."""
    receipt, order = delivery
    supplier = await uow.records(Supplier).get(order.supplier_id)
    receipt.reverse(order, uow.caller, uow.now, reason)
    await rematch(order, uow)
    await _score(supplier, uow)


async def _score(supplier: Supplier, uow: UnitOfWork) -> None:
    """From what the database knows with this receipt; others of the supplier's wait for it."""
    await uow.flush()
    performances = await uow.reads.suppliers.performances_by_ids([supplier.id])
    supplier.scored(performances[supplier.id].overall_score, uow.now)
