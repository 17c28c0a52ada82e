"""What amendments of an order and changes of receipts mean for its invoices, and its budget."""

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from domain.budgets import BudgetPolicy
from domain.kit.errors import IllegalMove, RuleBroken
from domain.organizations import Organization
from domain.purchase_invoices import LIFECYCLE, MatchStatus, PurchaseInvoice
from domain.purchase_orders import PurchaseOrderLineChange
from domain.users import User
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import actions, unchanged
from tests.usecases.invoices import approve, delivered, entered, line, received_order, submitted
from tests.usecases.orders import approved as approved_order
from tests.usecases.orders import done
from usecases.goods_receipts import ReverseGoodsReceipt
from usecases.kit import UseCase
from usecases.purchase_invoices import ApprovePurchaseInvoice, CancelPurchaseInvoice
from usecases.purchase_orders import AmendPurchaseOrder, RecallPurchaseOrder
from usecases.records import UpdateRecord

COLUMNS = "reserved, committed, spent"


async def matched(world: World, storage: SqlStorage, invoice: PurchaseInvoice) -> MatchStatus:
    async with storage.begin(world.caller()) as uow:
        return (await uow.records(PurchaseInvoice).get(invoice.id)).match_status


async def test_an_amended_price_is_what_invoices_are_compared_with(
    storage: SqlStorage, world: World
) -> None:
    order = await approved_order(world, storage)
    await delivered(world, storage, order)
    dear = await entered(world, storage, order, lines=[line(order, unit_price=Decimal(12))])
    change = PurchaseOrderLineChange(id=order.lines[0].id, unit_price=Decimal(12))

    amend = AmendPurchaseOrder(id=order.id, reason="dearer", lines=[change])
    await done(amend, world, storage)

    assert dear.match_status is MatchStatus.MISMATCH
    assert await matched(world, storage, dear) is MatchStatus.FULL_MATCH


async def test_other_tolerances_hold_for_all_that_is_not_decided(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    first, second = [await received_order(world, storage) for _ in range(2)]
    dear = {"unit_price": Decimal("10.5")}
    waiting = await submitted(world, storage, first, lines=[line(first, **dear)])
    draft = await entered(
        world, storage, second, lines=[line(second, **dear)], vendor_invoice_number="A-2"
    )
    alone = await entered(world, storage, vendor_invoice_number="A-3")
    tolerate = UpdateRecord(
        kind=Organization, id=world.organization.id, given={"match_price_tolerance": Decimal(5)}
    )

    await done(tolerate, world, storage)

    seen = [await matched(world, storage, each) for each in (waiting, draft, alone)]
    assert seen == [MatchStatus.FULL_MATCH, MatchStatus.FULL_MATCH, MatchStatus.MISMATCH]
    assert await blocked(world, storage, waiting.id, "approve", world.approver) == []
    told = [(await actions(owner, each.id))[-1] for each in (waiting, draft, alone)]
    assert told == [*["purchase_invoice.rematched"] * 2, "purchase_invoice.created"]


async def test_a_line_that_is_on_an_invoice_is_not_removed(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved_order(world, storage, lines=[make.line(), make.line()])
    await entered(world, storage, order)
    ids = [order.lines[1].id, order.lines[0].id]

    both = AmendPurchaseOrder(id=order.id, reason="less", removed_line_ids=ids)
    async with unchanged(owner, world):
        with pytest.raises(RuleBroken) as caught:
            await done(both, world, storage)
    amend = AmendPurchaseOrder(id=order.id, reason="less", removed_line_ids=ids[:1])
    amended = await done(amend, world, storage)

    assert (caught.value.path, caught.value.message) == (
        ("removed_line_ids", 1),
        "this line is on an invoice",
    )
    assert [each.id for each in amended.lines] == [order.lines[0].id]


async def test_a_reversed_receipt_leaves_an_invoice_waiting(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved_order(world, storage)
    receipt = await delivered(world, storage, order)
    invoice = await submitted(world, storage, order)

    await done(ReverseGoodsReceipt(id=receipt.id, reason="broken"), world, storage)

    assert await matched(world, storage, invoice) is MatchStatus.PENDING_GRN
    trail = "SELECT action FROM audit_events WHERE subject_id = $1 ORDER BY sequence"
    assert [row["action"] for row in await owner.fetch(trail, invoice.id)] == [
        "purchase_invoice.created",
        "purchase_invoice.submitted",
        "purchase_invoice.rematched",
    ]


async def test_an_approval_spends_what_was_committed_and_a_cancellation_gives_it_back(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    budget = make.budget(world.department.id, policy=BudgetPolicy.BLOCK)
    await save(budget)
    order = await approved_order(world, storage, lines=[make.line(), make.line()])
    await delivered(world, storage, order)
    invoice = await submitted(world, storage, order)
    sums = f"SELECT {COLUMNS} FROM budgets WHERE id = $1"  # noqa: S608
    seen = [await owner.fetchrow(sums, budget.id)]

    await approve(world, storage, invoice.id)
    seen.append(await owner.fetchrow(sums, budget.id))
    await done(CancelPurchaseInvoice(id=invoice.id, reason="wrong"), world, storage)
    seen.append(await owner.fetchrow(sums, budget.id))

    assert [tuple(map(int, row)) for row in seen] == [(0, 46, 0), (0, 23, 23), (0, 46, 0)]
    entries = "SELECT kind FROM budget_entries WHERE invoice_id = $1 ORDER BY id"
    assert [row["kind"] for row in await owner.fetch(entries, invoice.id)] == ["SPEND", "SPEND"]


async def test_a_completed_order_gives_back_what_was_not_spent(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    budget = make.budget(world.department.id)
    await save(budget)
    order = await approved_order(world, storage)
    await delivered(world, storage, order)
    cheap = [line(order, unit_price=Decimal(8))]
    invoice = await submitted(world, storage, order, lines=cheap)

    await approve(world, storage, invoice.id)

    row = await owner.fetchrow(f"SELECT {COLUMNS} FROM budgets WHERE id = $1", budget.id)  # noqa: S608
    assert [str(value.normalize()) for value in row] == ["0", "0", "18.4"]


async def test_nothing_is_booked_while_an_amendment_waits_for_approval(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    order = await received_order(world, storage, lines=[make.line(), make.line()])
    booked = await submitted(world, storage, order, lines=[line(order, quantity=Decimal(1))])
    await approve(world, storage, booked.id)
    rest = [line(order, quantity=Decimal(1))]
    waiting = await submitted(world, storage, order, lines=rest, vendor_invoice_number="A-2")
    await save(make.approval_workflow(make.step(world.approver.id)))
    change = PurchaseOrderLineChange(id=order.lines[1].id, quantity=Decimal(3))
    await done(AmendPurchaseOrder(id=order.id, reason="more", lines=[change]), world, storage)
    refused = "only approved orders are received and billed: this one is PENDING_APPROVAL"
    asked = (waiting.id, "approve", world.approver), (booked.id, "cancel", None)

    async with unchanged(owner, world):
        for id, action, by in asked:
            with pytest.raises(IllegalMove, match=refused):
                await done(DO[action](id), world, storage, by)
            assert await blocked(world, storage, id, action, by) == [refused]

    await done(RecallPurchaseOrder(id=order.id), world, storage)
    for id, action, by in asked:
        assert await blocked(world, storage, id, action, by) == []
        await done(DO[action](id), world, storage, by)


DO: dict[str, Callable[[UUID], UseCase[PurchaseInvoice]]] = {
    "approve": lambda invoice: ApprovePurchaseInvoice(id=invoice),
    "cancel": lambda invoice: CancelPurchaseInvoice(id=invoice, reason="wrong"),
}


async def blocked(
    world: World, storage: SqlStorage, id: UUID, action: str, by: User | None
) -> list[str]:
    """What `transitions` says against it."""
    reads = storage.reads(world.caller(by))
    row = (await reads.purchase_invoices.by_ids([id]))[id]
    await reads.close()
    return [each.message for each in LIFECYCLE.blockers(row, action, world.caller(by))]
