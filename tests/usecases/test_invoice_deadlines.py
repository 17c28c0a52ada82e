"""Time limits and deputies of suppliers' invoices."""

from datetime import UTC, datetime
from decimal import Decimal

import asyncpg
import pytest

from domain.approvals.conditions import DocumentType
from domain.purchase_invoices import PurchaseInvoice, PurchaseInvoiceStatus
from domain.purchase_orders import PurchaseOrderLineChange
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.usecases.invoices import entered, received_order
from tests.usecases.orders import approved, done
from usecases.purchase_invoices import (
    DelegatePurchaseInvoice,
    EscalatePurchaseInvoice,
    SubmitPurchaseInvoice,
)
from usecases.purchase_orders import AmendPurchaseOrder

ACTIONS = "SELECT action FROM audit_events WHERE subject_id = $1 ORDER BY sequence"


@pytest.fixture(autouse=True)
async def optional_step(world: World, save: Save) -> None:
    """Invoices wait an hour for the approver, and go on without."""
    step = make.step(world.approver.id, optional=True, time_limit_hours=1)
    kind = DocumentType.PURCHASE_INVOICE
    await save(make.approval_workflow(step, document_type=kind))


async def overdue(
    invoice: PurchaseInvoice, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> PurchaseInvoice:
    """Submitted, out of time, and swept twice."""
    sent = await done(SubmitPurchaseInvoice(id=invoice.id), world, storage)
    request = sent.approval_requests[0].id
    past = "UPDATE approval_steps SET due_at = $1 WHERE request_id = $2"
    await owner.execute(past, datetime(2026, 1, 1, tzinfo=UTC), request)
    await done(EscalatePurchaseInvoice(id=invoice.id), world, storage)
    return await done(EscalatePurchaseInvoice(id=invoice.id), world, storage)


async def told(owner: asyncpg.Connection, invoice: PurchaseInvoice) -> list[str]:
    rows = await owner.fetch(ACTIONS, invoice.id)
    return [row["action"].partition(".")[2] for row in rows]


async def test_what_matches_is_approved_and_billed_when_the_last_step_was_optional(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await received_order(world, storage)
    invoice = await overdue(await entered(world, storage, order), world, storage, owner)

    assert invoice.status is PurchaseInvoiceStatus.APPROVED
    assert (await told(owner, invoice))[-2:] == ["step_skipped", "approved"]
    billed = "SELECT invoiced FROM purchase_order_lines WHERE order_id = $1"
    assert await owner.fetchval(billed, order.id) == 2


async def test_time_alone_does_not_approve_what_differs(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    """Nothing of the order has been received."""
    order = await approved(world, storage)
    invoice = await overdue(await entered(world, storage, order), world, storage, owner)

    assert invoice.status is PurchaseInvoiceStatus.PENDING
    assert invoice.pending_approver_ids == [world.approver.id]
    assert (await told(owner, invoice))[-1] == "step_overdue"
    assert (await told(owner, invoice)).count("step_overdue") == 1


async def test_time_alone_approves_nothing_while_an_amendment_waits_for_approval(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    order = await received_order(world, storage)
    invoice = await entered(world, storage, order)
    await save(make.approval_workflow(make.step(world.approver.id)))
    change = PurchaseOrderLineChange(id=order.lines[0].id, quantity=Decimal(3))
    await done(AmendPurchaseOrder(id=order.id, reason="more", lines=[change]), world, storage)

    invoice = await overdue(invoice, world, storage, owner)

    assert invoice.status is PurchaseInvoiceStatus.PENDING
    assert (await told(owner, invoice))[-1] == "step_overdue"


async def test_an_approver_of_an_invoice_delegates(
    storage: SqlStorage, world: World, save: Save
) -> None:
    deputy = make.user(role_ids=[world.role.id])
    await save(deputy)
    order = await received_order(world, storage)
    invoice = await entered(world, storage, order)
    await done(SubmitPurchaseInvoice(id=invoice.id), world, storage)

    delegate = DelegatePurchaseInvoice(id=invoice.id, to_user_id=deputy.id)
    delegated = await done(delegate, world, storage, world.approver)

    assert delegated.pending_approver_ids == [deputy.id]
