"""Purchase orders end to end below the edges: rules, audit, outbox, numbers."""

from decimal import Decimal

import asyncpg
import pytest

from domain.kit.errors import Forbidden
from domain.purchase_orders import PurchaseOrderStatus
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from usecases.kit import run
from usecases.purchase_orders import (
    ApprovePurchaseOrder,
    CreatePurchaseOrder,
    SubmitPurchaseOrder,
)


async def test_an_order_is_drafted_submitted_and_approved(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    await save(make.approval_workflow(make.step(world.approver.id)))

    created = await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)
    await run(SubmitPurchaseOrder(id=created.id), world.caller(), storage)
    approve = ApprovePurchaseOrder(id=created.id, comment="fine")
    approved = await run(approve, world.caller(world.approver), storage)

    order = approved.record
    assert order is not None
    assert order.status is PurchaseOrderStatus.APPROVED
    assert (order.subtotal, order.vat_amount, order.total) == (
        Decimal(20),
        Decimal(3),
        Decimal(23),
    )
    entries = await owner.fetch(
        "SELECT action, sequence, actor_id FROM audit_events WHERE subject_id = $1 ORDER BY 2",
        created.id,
    )
    assert [(entry["action"], entry["sequence"]) for entry in entries] == [
        ("purchase_order.created", 1),
        ("purchase_order.submitted", 2),
        ("purchase_order.approved", 3),
    ]
    assert entries[2]["actor_id"] == world.approver.id


async def test_nobody_approves_who_was_not_asked(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    await save(make.approval_workflow(make.step(world.approver.id)))
    created = await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)
    await run(SubmitPurchaseOrder(id=created.id), world.caller(), storage)

    with pytest.raises(Forbidden, match="nobody approves what they created"):
        await run(ApprovePurchaseOrder(id=created.id), world.caller(), storage)

    count = "SELECT count(*) FROM audit_events WHERE subject_id = $1"
    assert await owner.fetchval(count, created.id) == 2
    status = "SELECT status FROM purchase_orders WHERE id = $1"
    assert await owner.fetchval(status, created.id) == "PENDING_APPROVAL"
