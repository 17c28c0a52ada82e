"""Amending approved orders in a database: revisions, tolerance, approval, undoing."""

from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.kit.errors import IllegalMove, RuleBroken
from domain.organizations import Organization
from domain.purchase_orders import PurchaseOrder, PurchaseOrderLineChange, PurchaseOrderStatus
from domain.purchase_orders.revisions import content_of
from domain.suppliers import Supplier, SupplierStatus
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import actions, unchanged
from tests.usecases.orders import approved, done, drafted
from usecases.kit import run
from usecases.purchase_orders import (
    AmendPurchaseOrder,
    ApprovePurchaseOrder,
    RecallPurchaseOrder,
    RejectPurchaseOrder,
    RequestPurchaseOrderChanges,
    SubmitPurchaseOrder,
)
from usecases.reads.revisions import PurchaseOrderRevisionRow
from usecases.records import UpdateRecord

_S = PurchaseOrderStatus


async def amended(
    order: PurchaseOrder, world: World, storage: SqlStorage, **values: Any
) -> PurchaseOrder:
    given = {"reason": "the needs have changed"} | values
    return await done(AmendPurchaseOrder(id=order.id, **given), world, storage)


def quantity(order: PurchaseOrder, value: str, place: int = 0) -> list[PurchaseOrderLineChange]:
    return [PurchaseOrderLineChange(id=order.lines[place].id, quantity=Decimal(value))]


async def revisions(
    order: PurchaseOrder, world: World, storage: SqlStorage
) -> list[PurchaseOrderRevisionRow]:
    reads = storage.reads(world.caller())
    found = await reads.purchase_order_revisions.by_order_ids([order.id])
    await reads.close()
    return [*found.get(order.id, ())]


async def tolerate(world: World, storage: SqlStorage, percent: str) -> None:
    given = {"amendment_tolerance": Decimal(percent)}
    update = UpdateRecord(kind=Organization, id=world.organization.id, given=given)
    await run(update, world.caller(), storage)


async def agreed(world: World, storage: SqlStorage, save: Save) -> PurchaseOrder:
    """Approved by the world's approver, who is asked about every order: 2 x 10.00 and tax."""
    await save(make.approval_workflow(make.step(world.approver.id)))
    order = await drafted(world, storage)
    await done(SubmitPurchaseOrder(id=order.id), world, storage)
    return await done(ApprovePurchaseOrder(id=order.id), world, storage, world.approver)


async def test_approval_keeps_the_first_revision(world: World, storage: SqlStorage) -> None:
    order = await approved(world, storage)

    [first] = await revisions(order, world, storage)

    assert (first.number, first.reason, first.changes) == (1, None, {})
    assert first.by_id == world.buyer.id
    assert first.content == content_of(order)


async def test_a_draft_has_no_revision(world: World, storage: SqlStorage) -> None:
    order = await drafted(world, storage)

    assert await revisions(order, world, storage) == []


async def test_an_amendment_within_the_tolerance_holds_at_once(
    world: World, storage: SqlStorage, save: Save, owner: asyncpg.Connection
) -> None:
    await tolerate(world, storage, "50")
    order = await agreed(world, storage, save)

    order = await amended(order, world, storage, lines=quantity(order, "3"), reason="one more")

    assert (order.status, order.revision, order.approved_revision) == (_S.APPROVED, 2, 1)
    _, second = await revisions(order, world, storage)
    assert (second.number, second.reason) == (2, "one more")
    assert second.changes == {"lines.1.quantity": ["2", "3"], "total": ["23", "34.5"]}
    assert (await actions(owner, order.id))[-1] == "purchase_order.amended"


async def test_several_within_the_tolerance_are_counted_together(
    world: World, storage: SqlStorage, save: Save
) -> None:
    await tolerate(world, storage, "50")
    order = await agreed(world, storage, save)
    order = await amended(order, world, storage, lines=quantity(order, "3"))

    order = await amended(order, world, storage, lines=quantity(order, "3.1"))

    assert (order.status, order.revision) == (_S.PENDING_APPROVAL, 3)
    assert order.pending_approver_ids == [world.approver.id]


async def test_beyond_it_the_approvers_are_asked_again(
    world: World, storage: SqlStorage, save: Save
) -> None:
    order = await agreed(world, storage, save)
    order = await amended(order, world, storage, lines=quantity(order, "3"))
    assert order.status is _S.PENDING_APPROVAL

    order = await done(ApprovePurchaseOrder(id=order.id), world, storage, world.approver)

    assert (order.status, order.revision, order.approved_revision) == (_S.APPROVED, 2, 2)
    assert [row.number for row in await revisions(order, world, storage)] == [1, 2]


async def test_without_a_workflow_nobody_has_to_agree(world: World, storage: SqlStorage) -> None:
    order = await approved(world, storage)

    order = await amended(order, world, storage, lines=quantity(order, "3"))

    assert (order.status, order.revision, order.approved_revision) == (_S.APPROVED, 2, 2)


@pytest.mark.parametrize("undo", ["reject", "request changes", "recall"])
async def test_undone_it_is_as_it_was_with_the_same_lines(
    undo: str, world: World, storage: SqlStorage, save: Save, owner: asyncpg.Connection
) -> None:
    order = await agreed(world, storage, save)
    former, legacy = content_of(order), [line.waqti_id for line in order.lines]
    new = PurchaseOrderLineChange(description="Toner", quantity=Decimal(1), unit_price=Decimal(40))
    order = await amended(
        order, world, storage, lines=[new], removed_line_ids=[order.lines[0].id], notes="x"
    )
    usecases: dict[str, Any] = {
        "reject": (RejectPurchaseOrder(id=order.id, reason="too dear"), world.approver),
        "request changes": (
            RequestPurchaseOrderChanges(id=order.id, comment="less"),
            world.approver,
        ),
        "recall": (RecallPurchaseOrder(id=order.id), world.buyer),
    }

    usecase, by = usecases[undo]
    order = await done(usecase, world, storage, by)

    assert (order.status, order.revision, order.approved_revision) == (_S.APPROVED, 3, 1)
    assert content_of(order) == former
    rows = await revisions(order, world, storage)
    assert [row.number for row in rows] == [1, 2, 3]
    assert rows[2].content == rows[0].content == former
    stored = await owner.fetch(
        "SELECT waqti_id FROM purchase_order_lines WHERE order_id = $1 ORDER BY position", order.id
    )
    assert [row["waqti_id"] for row in stored] == legacy


async def test_what_is_refused_leaves_nothing(
    world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    amend = AmendPurchaseOrder(
        id=order.id, reason="less", lines=quantity(order, "-1"), notes="not kept"
    )

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="this must be greater than 0"):
            await run(amend, world.caller(), storage)


async def test_only_approved_orders_are_amended(
    world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage)
    amend = AmendPurchaseOrder(id=order.id, reason="less", lines=quantity(order, "1"))

    async with unchanged(owner, world):
        with pytest.raises(IllegalMove, match="cannot amend while DRAFT"):
            await run(amend, world.caller(), storage)


async def test_an_order_approved_before_revisions_were_kept_gets_both(
    world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    former = content_of(order)
    await owner.execute("DELETE FROM purchase_order_revisions WHERE order_id = $1", order.id)

    order = await amended(order, world, storage, lines=quantity(order, "1"))

    rows = await revisions(order, world, storage)
    assert [row.number for row in rows] == [1, 2]
    assert rows[0].content == former


async def test_no_more_is_ordered_from_a_supplier_that_was_blocked_but_less_can_be(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    given = {"status": SupplierStatus.BLOCKED}
    await run(
        UpdateRecord(kind=Supplier, id=world.supplier.id, given=given), world.caller(), storage
    )

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="cannot be ordered from: it is BLOCKED") as caught:
            await amended(order, world, storage, lines=quantity(order, "3"))
    less = await amended(order, world, storage, lines=quantity(order, "1"))

    assert caught.value.path == ("supplier_id",)
    assert (less.status, less.revision) == (_S.APPROVED, 2)
