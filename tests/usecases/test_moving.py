"""Moving purchase orders: submit, decide, recall, cancel, close; and who may not."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domain.callers import Permission
from domain.departments import Department
from domain.kit.errors import Forbidden, IllegalMove, RuleBroken, VersionConflict
from domain.kit.ids import new_id
from domain.projects import Project
from domain.purchase_orders import PurchaseOrder, PurchaseOrderStatus
from domain.suppliers import Supplier, SupplierStatus
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import actions, entries, unchanged
from tests.usecases.orders import approved, done, drafted, pending
from usecases.kit import UseCase, run
from usecases.purchase_orders import (
    AddPurchaseOrderLine,
    ApprovePurchaseOrder,
    CancelPurchaseOrder,
    ClonePurchaseOrder,
    ClosePurchaseOrderShort,
    DeletePurchaseOrder,
    DeletePurchaseOrderLine,
    RecallPurchaseOrder,
    RejectPurchaseOrder,
    RequestPurchaseOrderChanges,
    SubmitPurchaseOrder,
    UpdatePurchaseOrder,
    UpdatePurchaseOrderLine,
)
from usecases.records import UpdateRecord

_P = Permission
Approvals = list[tuple[Any, ...]]


async def stored(owner: asyncpg.Connection, id: UUID) -> tuple[Any, ...]:
    """Status, who is waited for, and whether it was approved."""
    query = (
        "SELECT status, pending_approver_ids, approved_at IS NOT NULL"
        " FROM purchase_orders WHERE id = $1"
    )
    row = await owner.fetchrow(query, id)
    assert row is not None
    return tuple(row)


async def approvals(owner: asyncpg.Connection, id: UUID) -> Approvals:
    """Round, its status, step, its status, assignment's status and comment."""
    rows = await owner.fetch(
        "SELECT r.round, r.status, s.position, s.status, a.status, a.comment"
        " FROM approval_requests r JOIN approval_steps s ON s.request_id = r.id"
        " LEFT JOIN approval_assignments a ON a.step_id = s.id"
        " WHERE r.purchase_order_id = $1 ORDER BY 1, 3",
        id,
    )
    return [tuple(row) for row in rows]


async def test_without_a_workflow_it_is_approved_at_once_and_the_trail_says_why(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)

    assert await stored(owner, order.id) == ("APPROVED", [], True)
    assert await approvals(owner, order.id) == []
    _, submitted, entry = await entries(owner, order.id)
    assert (submitted["action"], submitted["sequence"]) == ("purchase_order.submitted", 2)
    assert (entry["action"], entry["sequence"]) == ("purchase_order.approved", 3)
    assert entry["details"] == '{"no_approval_required": true}'


async def test_approvers_decide_one_after_the_other(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, save: Save
) -> None:
    director = make.user("Dan Director")
    await save(director)
    order = await pending(world, storage, world.approver.id, director.id)
    assert await stored(owner, order.id) == ("PENDING_APPROVAL", [world.approver.id], False)

    first = ApprovePurchaseOrder(id=order.id, comment="fine")
    await done(first, world, storage, by=world.approver)
    assert await stored(owner, order.id) == ("PENDING_APPROVAL", [director.id], False)
    assert await approvals(owner, order.id) == [
        (1, "PENDING", 1, "APPROVED", "APPROVED", "fine"),
        (1, "PENDING", 2, "PENDING", "PENDING", None),
    ]

    last = await done(ApprovePurchaseOrder(id=order.id), world, storage, by=director)
    assert await stored(owner, order.id) == ("APPROVED", [], True)
    assert last.version == 4
    assert await actions(owner, order.id) == [
        "purchase_order.created",
        "purchase_order.submitted",
        "purchase_order.step_approved",
        "purchase_order.approved",
    ]


async def test_a_rejected_order_stays_so(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await pending(world, storage)

    reject = RejectPurchaseOrder(id=order.id, reason="too dear")
    await done(reject, world, storage, by=world.approver)

    assert await stored(owner, order.id) == ("REJECTED", [], False)
    assert await approvals(owner, order.id) == [
        (1, "REJECTED", 1, "REJECTED", "REJECTED", "too dear")
    ]
    async with unchanged(owner, world):
        with pytest.raises(IllegalMove, match="cannot approve while REJECTED"):
            await done(ApprovePurchaseOrder(id=order.id), world, storage, by=world.approver)


async def test_requested_changes_are_made_and_a_new_round_begins(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await pending(world, storage)

    ask = RequestPurchaseOrderChanges(id=order.id, comment="cheaper")
    await done(ask, world, storage, by=world.approver)
    assert await stored(owner, order.id) == ("DRAFT", [], False)
    await done(UpdatePurchaseOrder(id=order.id, notes="cheaper now"), world, storage)
    await done(SubmitPurchaseOrder(id=order.id), world, storage)
    await done(ApprovePurchaseOrder(id=order.id), world, storage, by=world.approver)

    assert await stored(owner, order.id) == ("APPROVED", [], True)
    assert await approvals(owner, order.id) == [
        (1, "CHANGES_REQUESTED", 1, "CHANGES_REQUESTED", "CHANGES_REQUESTED", "cheaper"),
        (2, "APPROVED", 1, "APPROVED", "APPROVED", None),
    ]


async def test_the_creator_takes_it_back_and_submits_it_again(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await pending(world, storage)

    await done(RecallPurchaseOrder(id=order.id), world, storage)
    assert await stored(owner, order.id) == ("DRAFT", [], False)
    await done(SubmitPurchaseOrder(id=order.id), world, storage)

    assert await approvals(owner, order.id) == [
        (1, "WITHDRAWN", 1, "SKIPPED", "SUPERSEDED", None),
        (2, "PENDING", 1, "PENDING", "PENDING", None),
    ]


async def test_nobody_else_takes_it_back(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await pending(world, storage)

    async with unchanged(owner, world):
        with pytest.raises(Forbidden, match="only the creator recalls a document"):
            await done(RecallPurchaseOrder(id=order.id), world, storage, by=world.approver)


async def test_cancelling_asks_nobody_any_more(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await pending(world, storage)

    await done(CancelPurchaseOrder(id=order.id, reason="not needed"), world, storage)

    assert await stored(owner, order.id) == ("CANCELLED", [], False)
    assert await approvals(owner, order.id) == [(1, "WITHDRAWN", 1, "SKIPPED", "SUPERSEDED", None)]
    entry = (await entries(owner, order.id))[-1]
    assert (entry["action"], entry["details"]) == (
        "purchase_order.cancelled",
        '{"reason": "not needed"}',
    )


async def test_an_approved_order_is_closed_short_with_a_reason(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="this must not be empty"):
            await done(ClosePurchaseOrderShort(id=order.id, reason=" "), world, storage)
    await done(ClosePurchaseOrderShort(id=order.id, reason="enough"), world, storage)

    assert (await stored(owner, order.id))[0] == "COMPLETED"
    assert (await actions(owner, order.id))[-1] == "purchase_order.closed_short"


async def test_an_order_without_lines_is_not_submitted(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage, lines=[])

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="an order needs at least one line"):
            await done(SubmitPurchaseOrder(id=order.id), world, storage)


async def test_what_was_blocked_or_archived_since_it_was_drafted_is_not_submitted(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage)
    for kind, id, given in (
        (Supplier, world.supplier.id, {"status": SupplierStatus.BLOCKED}),
        (Department, world.department.id, {"archived": True}),
        (Project, world.project.id, {"archived": True}),
    ):
        await done(UpdateRecord(kind=kind, id=id, given=given), world, storage)

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken) as caught:
            await done(SubmitPurchaseOrder(id=order.id), world, storage)

    assert [(problem.path, problem.message) for problem in caught.value.problems] == [
        (("supplier_id",), "this supplier cannot be ordered from: it is BLOCKED"),
        (("department_id",), "no such department"),
        (("project_id",), "no such project"),
    ]


async def test_deciding_what_somebody_changed_meanwhile_is_refused(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await pending(world, storage)
    assert order.version == 2

    async with unchanged(owner, world):
        for usecase in (
            ApprovePurchaseOrder(id=order.id, expected_version=1),
            RejectPurchaseOrder(id=order.id, expected_version=1, reason="no"),
            RequestPurchaseOrderChanges(id=order.id, expected_version=1, comment="no"),
        ):
            with pytest.raises(VersionConflict):
                await done(usecase, world, storage, by=world.approver)


async def test_refusals_take_a_reason(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await pending(world, storage)

    async with unchanged(owner, world):
        reject = RejectPurchaseOrder(id=order.id, reason="")
        with pytest.raises(RuleBroken) as caught:
            await done(reject, world, storage, by=world.approver)
        assert caught.value.path == ("reason",)
        ask = RequestPurchaseOrderChanges(id=order.id, comment=" ")
        with pytest.raises(RuleBroken) as caught:
            await done(ask, world, storage, by=world.approver)
        assert caught.value.path == ("comment",)


ID = new_id()
NEEDS: list[tuple[UseCase[PurchaseOrder], Permission]] = [
    (UpdatePurchaseOrder(id=ID), _P.PURCHASE_ORDERS_WRITE),
    (DeletePurchaseOrder(id=ID), _P.PURCHASE_ORDERS_DELETE),
    (ClonePurchaseOrder(id=ID), _P.PURCHASE_ORDERS_WRITE),
    (AddPurchaseOrderLine(order_id=ID, line=make.line()), _P.PURCHASE_ORDERS_WRITE),
    (UpdatePurchaseOrderLine(order_id=ID, line_id=ID), _P.PURCHASE_ORDERS_WRITE),
    (DeletePurchaseOrderLine(order_id=ID, line_id=ID), _P.PURCHASE_ORDERS_WRITE),
    (SubmitPurchaseOrder(id=ID), _P.PURCHASE_ORDERS_WRITE),
    (ApprovePurchaseOrder(id=ID), _P.PURCHASE_ORDERS_APPROVE),
    (RejectPurchaseOrder(id=ID, reason="no"), _P.PURCHASE_ORDERS_APPROVE),
    (RequestPurchaseOrderChanges(id=ID, comment="no"), _P.PURCHASE_ORDERS_APPROVE),
    (RecallPurchaseOrder(id=ID), _P.PURCHASE_ORDERS_WRITE),
    (CancelPurchaseOrder(id=ID), _P.PURCHASE_ORDERS_WRITE),
    (ClosePurchaseOrderShort(id=ID, reason="no"), _P.PURCHASE_ORDERS_WRITE),
]


@pytest.mark.parametrize(("usecase", "needed"), NEEDS, ids=lambda x: type(x).__name__)
async def test_every_use_case_takes_its_permission_before_it_looks_at_anything(
    storage: SqlStorage, world: World, usecase: UseCase[PurchaseOrder], needed: Permission
) -> None:
    powerless = world.caller(permissions=frozenset(_P) - {needed})

    with pytest.raises(Forbidden, match=f"this takes the permission {needed}"):
        await run(usecase, powerless, storage)


async def test_what_was_decided_reads_as_it_was_decided(storage: SqlStorage, world: World) -> None:
    order = await pending(world, storage)
    approve = ApprovePurchaseOrder(id=order.id, comment="fine")
    await done(approve, world, storage, by=world.approver)

    reads = storage.reads(world.caller())
    row = (await reads.purchase_orders.by_ids([order.id]))[order.id]
    [approval] = (await reads.approvals.by_order_ids([order.id]))[order.id]
    await reads.close()

    assert row.status is PurchaseOrderStatus.APPROVED
    assert (approval.approver_id, approval.role, approval.comment, approval.status) == (
        world.approver.id,
        "Decision",
        "fine",
        "APPROVED",
    )
    assert approval.decided_at == row.approved_at
