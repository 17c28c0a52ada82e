"""Suppliers' invoices approved, and cancelled again: what that books on the order."""

from decimal import Decimal

import asyncpg
import pytest

from domain.approvals.conditions import DocumentType
from domain.kit.errors import Forbidden, IllegalMove, RuleBroken
from domain.purchase_invoices import MatchStatus, PurchaseInvoice, PurchaseInvoiceStatus
from domain.purchase_orders import BillingStatus, PurchaseOrder, PurchaseOrderStatus
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import unchanged
from tests.usecases.invoices import (
    approve,
    delivered,
    entered,
    line,
    received_order,
    submitted,
)
from tests.usecases.orders import approved as approved_order
from tests.usecases.orders import done
from usecases.kit import run
from usecases.purchase_invoices import (
    ApprovePurchaseInvoice,
    CancelPurchaseInvoice,
    OverridePurchaseInvoiceMatch,
    RejectPurchaseInvoice,
)
from usecases.purchase_orders import CancelPurchaseOrder, ClosePurchaseOrderShort

_S = PurchaseInvoiceStatus


async def order_now(world: World, storage: SqlStorage, order: PurchaseOrder) -> PurchaseOrder:
    async with storage.begin(world.caller()) as uow:
        return await uow.records(PurchaseOrder).get(order.id)


async def now(world: World, storage: SqlStorage, invoice: PurchaseInvoice) -> PurchaseInvoice:
    async with storage.begin(world.caller()) as uow:
        return await uow.records(PurchaseInvoice).get(invoice.id)


async def test_w53_an_order_is_completed_once_it_is_received_and_invoiced_in_full(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await received_order(world, storage)
    invoice = await submitted(world, storage, order)

    approved = await approve(world, storage, invoice.id)

    assert (invoice.number, invoice.match_status) == ("INV-000001", MatchStatus.FULL_MATCH)
    assert approved.status is _S.APPROVED
    after = await order_now(world, storage, order)
    assert (after.status, after.billing_status) == (
        PurchaseOrderStatus.COMPLETED,
        BillingStatus.FULL,
    )
    assert [each.invoiced for each in after.lines] == [Decimal(2)]
    trail = "SELECT action FROM audit_events WHERE subject_id = $1 ORDER BY sequence DESC LIMIT 2"
    assert [row["action"] for row in await owner.fetch(trail, order.id)] == [
        "purchase_order.completed",
        "purchase_order.invoiced",
    ]


async def test_invoiced_before_it_is_received_it_is_completed_by_the_receipt(
    storage: SqlStorage, world: World
) -> None:
    order = await approved_order(world, storage)
    invoice = await submitted(world, storage, order)
    override = OverridePurchaseInvoiceMatch(id=invoice.id, reason="paid in advance")
    await done(override, world, storage, world.approver)
    await approve(world, storage, invoice.id)

    before = (await order_now(world, storage, order)).status
    await delivered(world, storage, order)

    after = (await order_now(world, storage, order)).status
    assert [before, after] == [PurchaseOrderStatus.APPROVED, PurchaseOrderStatus.COMPLETED]


async def test_goods_that_arrive_make_an_invoice_match_and_their_reversal_unmakes_it(
    storage: SqlStorage, world: World
) -> None:
    order = await approved_order(world, storage)
    invoice = await submitted(world, storage, order)

    seen = [invoice.match_status]
    await delivered(world, storage, order, 1)
    seen.append((await now(world, storage, invoice)).match_status)
    await delivered(world, storage, order, 1)
    seen.append((await now(world, storage, invoice)).match_status)

    assert seen == [MatchStatus.PENDING_GRN, MatchStatus.PENDING_GRN, MatchStatus.FULL_MATCH]


async def test_what_does_not_match_is_not_approved(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved_order(world, storage)
    invoice = await submitted(world, storage, order)

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken) as caught:
            await approve(world, storage, invoice.id)

    assert str(caught.value) == "not all goods on this invoice were received yet"


async def test_a_second_invoice_for_the_same_goods_does_not_match(
    storage: SqlStorage, world: World
) -> None:
    order = await received_order(world, storage)
    first = await submitted(world, storage, order)
    second = await submitted(world, storage, order, vendor_invoice_number="A-2")

    assert (first.match_status, second.match_status) == (
        MatchStatus.FULL_MATCH,
        MatchStatus.MISMATCH,
    )
    reject = RejectPurchaseInvoice(id=first.id, reason="not ours")
    await done(reject, world, storage, world.approver)
    assert (await now(world, storage, second)).match_status is MatchStatus.FULL_MATCH


async def test_an_approved_invoice_that_is_cancelled_bills_nothing(
    storage: SqlStorage, world: World
) -> None:
    order = await approved_order(world, storage, lines=[make.line(), make.line()])
    await delivered(world, storage, order)
    invoice = await submitted(world, storage, order)
    await approve(world, storage, invoice.id)
    billed = await order_now(world, storage, order)

    await done(CancelPurchaseInvoice(id=invoice.id, reason="wrong"), world, storage)

    after = await order_now(world, storage, order)
    assert (billed.billing_status, after.billing_status) == (
        BillingStatus.PARTIAL,
        BillingStatus.NONE,
    )
    assert (billed.open_invoices, after.open_invoices) == (1, 0)
    assert [each.invoiced for each in after.lines] == [Decimal(0), Decimal(0)]
    # The supplier's number is free again.
    again = await submitted(world, storage, order)
    assert again.match_status is MatchStatus.FULL_MATCH


async def test_what_completed_its_order_is_not_cancelled(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await received_order(world, storage)
    invoice = await submitted(world, storage, order)
    await approve(world, storage, invoice.id)

    async with unchanged(owner, world):
        with pytest.raises(IllegalMove, match="the order of this invoice is completed"):
            await done(CancelPurchaseInvoice(id=invoice.id, reason="wrong"), world, storage)


async def test_an_order_with_an_invoice_is_not_cancelled(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved_order(world, storage)
    invoice = await entered(world, storage, order)

    async with unchanged(owner, world):
        with pytest.raises(IllegalMove, match="invoices that are not cancelled"):
            await done(CancelPurchaseOrder(id=order.id), world, storage)
    await done(CancelPurchaseInvoice(id=invoice.id, reason="wrong"), world, storage)
    cancelled = await done(CancelPurchaseOrder(id=order.id), world, storage)

    assert cancelled.status is PurchaseOrderStatus.CANCELLED


async def test_what_was_delivered_before_an_order_was_closed_short_is_paid(
    storage: SqlStorage, world: World
) -> None:
    order = await approved_order(world, storage)
    await delivered(world, storage, order, 1)
    await done(ClosePurchaseOrderShort(id=order.id, reason="sold out"), world, storage)
    lines = [line(order, quantity=Decimal(1))]
    invoice = await submitted(world, storage, order, lines=lines)

    approved = await approve(world, storage, invoice.id)

    assert approved.status is _S.APPROVED
    after = await order_now(world, storage, order)
    assert (after.status, after.billing_status) == (
        PurchaseOrderStatus.COMPLETED,
        BillingStatus.PARTIAL,
    )


async def test_a_workflow_of_invoices_routes_them(
    storage: SqlStorage, world: World, save: Save
) -> None:
    chief = make.user("Cleo Chief", role_ids=[world.role.id])
    await save(chief)
    steps = [make.step(world.approver.id, "Head"), make.step(chief.id, "CFO")]
    await save(make.approval_workflow(*steps, document_type=DocumentType.PURCHASE_INVOICE))
    order = await received_order(world, storage)

    invoice = await submitted(world, storage, order)
    first = await approve(world, storage, invoice.id)
    last = await approve(world, storage, invoice.id, chief)

    assert (invoice.status, invoice.pending_approver_ids) == (_S.PENDING, [world.approver.id])
    assert (first.status, first.pending_approver_ids) == (_S.PENDING, [chief.id])
    assert last.status is _S.APPROVED
    assert [step.name for step in last.approval_requests[0].steps] == ["Head", "CFO"]


async def test_w71_the_creator_does_not_approve(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await received_order(world, storage)
    invoice = await submitted(world, storage, order)

    async with unchanged(owner, world):
        outcome = run(ApprovePurchaseInvoice(id=invoice.id), world.caller(), storage)
        with pytest.raises(Forbidden, match="nobody approves what they created"):
            await outcome
