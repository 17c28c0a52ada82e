"""Suppliers' invoices approved: what that books on the order and in its budget."""

from decimal import Decimal

from domain.purchase_invoices import MatchStatus, PurchaseInvoiceStatus
from domain.purchase_orders import PurchaseOrder, PurchaseOrderStatus
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.usecases.invoices import approve, received_order, submitted

_S = PurchaseInvoiceStatus


async def test_w53_an_order_is_completed_once_it_is_received_and_invoiced_in_full(
    storage: SqlStorage, world: World
) -> None:
    order = await received_order(world, storage)
    invoice = await submitted(world, storage, order)

    approved = await approve(world, storage, invoice.id)

    assert (invoice.number, invoice.match_status) == ("INV-000001", MatchStatus.FULL_MATCH)
    assert approved.status is _S.APPROVED
    async with storage.begin(world.caller()) as uow:
        order = await uow.records(PurchaseOrder).get(order.id)
        assert order.status is PurchaseOrderStatus.COMPLETED
        assert [line.invoiced for line in order.lines] == [Decimal(2)]
        assert order.open_invoices == 1
