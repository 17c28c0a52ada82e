"""Orders that are done: all has arrived, all is billed, and their budget has the rest back."""

from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.goods_receipts import LIFECYCLE
from domain.kit.errors import IllegalMove, RuleBroken
from domain.organizations import Organization
from domain.purchase_invoices import MatchStatus
from domain.purchase_orders import PurchaseOrder, PurchaseOrderLineChange
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import actions, unchanged
from tests.usecases.invoices import approve, line, submitted
from tests.usecases.orders import approved, done
from tests.usecases.receipts import of, receipt, receiving
from usecases.goods_receipts import ReverseGoodsReceipt
from usecases.kit import run
from usecases.purchase_invoices import OverridePurchaseInvoiceMatch
from usecases.purchase_orders import AmendPurchaseOrder
from usecases.records import UpdateRecord


async def axes(owner: asyncpg.Connection, order: PurchaseOrder) -> tuple[str, ...]:
    query = "SELECT status, receipt_status, billing_status FROM purchase_orders WHERE id = $1"
    return tuple(await owner.fetchrow(query, order.id))


async def billed(order: PurchaseOrder, world: World, storage: SqlStorage, **values: Any) -> None:
    """An invoice of the whole order is approved, whatever has arrived."""
    invoice = await submitted(world, storage, order, lines=[line(order, **values)])
    if invoice.match_status is not MatchStatus.FULL_MATCH:
        override = OverridePurchaseInvoiceMatch(id=invoice.id, reason="paid in advance")
        await done(override, world, storage, world.approver)
    await approve(world, storage, invoice.id)


async def held(owner: asyncpg.Connection, order: PurchaseOrder) -> dict[str, Any]:
    """What the ledger holds for the order."""
    row = await owner.fetchrow(
        "SELECT sum(reserved) AS reserved, sum(committed) AS committed, sum(spent) AS spent"
        " FROM budget_entries WHERE order_id = $1",
        order.id,
    )
    return dict(row)


async def test_the_last_delivery_of_a_billed_order_completes_it_and_frees_its_budget(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    await save(make.budget(world.department.id))
    order = await approved(world, storage)
    assert await held(owner, order) == {"reserved": 0, "committed": 23, "spent": 0}
    await billed(order, world, storage, unit_price=Decimal(9))
    await receipt(order, world, storage, of(order, 1), post=True)
    assert await axes(owner, order) == ("APPROVED", "PARTIAL", "FULL")
    assert (await held(owner, order))["committed"] != 0

    await receipt(order, world, storage, of(order, 1), post=True)

    assert await axes(owner, order) == ("COMPLETED", "COMPLETE", "FULL")
    left = await held(owner, order)
    assert (left["reserved"], left["committed"]) == (0, 0)
    assert left["spent"] == Decimal("20.7")
    assert (await actions(owner, order.id))[-2:] == [
        "purchase_order.received",
        "purchase_order.completed",
    ]


async def test_a_completed_order_stays_as_it_is(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    await billed(order, world, storage)
    last = await receipt(order, world, storage, of(order, 2), post=True)
    assert await axes(owner, order) == ("COMPLETED", "COMPLETE", "FULL")
    reverse = ReverseGoodsReceipt(id=last.id, reason="wrong")

    async with unchanged(owner, world):
        for attempt in (receiving(order), reverse):
            with pytest.raises(IllegalMove, match="this one is COMPLETED"):
                await run(attempt, world.caller(), storage)


async def test_what_approved_invoices_bill_is_not_reversed(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage, lines=[make.line(quantity=Decimal(10))])
    first = await receipt(order, world, storage, of(order, 4), post=True)
    second = await receipt(order, world, storage, of(order, 1), post=True)
    await billed(order, world, storage, quantity=Decimal(2))
    reverse = ReverseGoodsReceipt(id=first.id, reason="wrong")

    async with unchanged(owner, world):
        with pytest.raises(IllegalMove) as caught:
            await run(reverse, world.caller(), storage)

    assert [error.message for error in (caught.value, *caught.value.others)] == [
        "approved invoices bill what was delivered: cancel them first",
        "line 1, Printer paper: approved invoices bill 2 of it, and only 1 would remain",
    ]
    reads = storage.reads(world.caller())
    rows = (await reads.goods_receipts.by_order_ids([order.id]))[order.id]
    await reads.close()
    shown = {
        row.id: [each.message for each in LIFECYCLE.blockers(row, "reverse", world.caller())]
        for row in rows
    }
    assert shown == {first.id: [caught.value.message], second.id: []}


async def test_an_amendment_down_to_what_arrived_and_was_billed_completes_the_order(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    await save(make.budget(world.department.id, allocated_amount=Decimal(1000)))
    order = await approved(world, storage, lines=[make.line(quantity=Decimal(10))])
    await receipt(order, world, storage, of(order, 2), post=True)
    await billed(order, world, storage)
    less = PurchaseOrderLineChange(id=order.lines[0].id, quantity=Decimal(2))

    await done(AmendPurchaseOrder(id=order.id, reason="enough", lines=[less]), world, storage)

    assert await axes(owner, order) == ("COMPLETED", "COMPLETE", "FULL")
    assert await held(owner, order) == {"reserved": 0, "committed": 0, "spent": 23}


async def test_an_order_of_which_more_came_within_the_tolerance_can_still_be_amended(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    given = {"over_receipt_tolerance": Decimal(50)}
    settings = UpdateRecord(kind=Organization, id=world.organization.id, given=given)
    await run(settings, world.caller(), storage)
    order = await approved(world, storage)
    await receipt(order, world, storage, of(order, 3), post=True)

    await done(AmendPurchaseOrder(id=order.id, reason="other gate", notes="Gate 2"), world, storage)
    fewer = PurchaseOrderLineChange(id=order.lines[0].id, quantity=Decimal(1))
    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="3 of this line were delivered"):
            await run(
                AmendPurchaseOrder(id=order.id, reason="less", lines=[fewer]),
                world.caller(),
                storage,
            )
