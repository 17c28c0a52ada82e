"""Dry runs: everything happens, can be read, and is gone."""

from datetime import UTC, datetime
from decimal import Decimal

import asyncpg
import pytest

from domain.kit.errors import Forbidden, IllegalMove
from domain.purchase_orders import PurchaseOrderStatus
from domain.suppliers import Supplier
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.usecases.orders import approved, done, drafted, pending
from usecases.kit import rehearse
from usecases.purchase_orders import (
    ApprovePurchaseOrder,
    ClonePurchaseOrder,
    CreatePurchaseOrder,
    DeletePurchaseOrder,
    SubmitPurchaseOrder,
)
from usecases.reads.kit import Whole
from usecases.reads.suppliers import SupplierFilter
from usecases.records import CreateRecord

YEAR = datetime.now(UTC).year


async def test_a_rehearsed_order_can_be_read_and_leaves_nothing(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    draft = rehearse(CreatePurchaseOrder(**world.draft()), world.caller(), storage)

    async with unchanged(owner, world), draft as (rehearsed, reads):
        id = rehearsed.id
        row = (await reads.purchase_orders.by_ids([id]))[id]
        lines = (await reads.purchase_order_lines.by_order_ids([id]))[id]
        trail = (await reads.audit_entries.by_subject_ids([id]))[id]

    assert (row.number, row.status, row.total_amount, row.version) == (
        f"PO-{YEAR}-0001",
        PurchaseOrderStatus.DRAFT,
        Decimal(23),
        1,
    )
    assert [line.total_amount for line in lines] == [23]
    assert [entry.action for entry in trail] == ["purchase_order.created"]


async def test_a_rehearsal_takes_no_number(storage: SqlStorage, world: World) -> None:
    usecase = CreatePurchaseOrder(**world.draft())
    for _ in range(3):
        async with rehearse(usecase, world.caller(), storage):
            pass

    order = await drafted(world, storage)

    assert (order.number, order.waqti_id) == (f"PO-{YEAR}-0001", 1)


async def test_a_rehearsed_decision_is_not_taken(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await pending(world, storage)
    approve, by = ApprovePurchaseOrder(id=order.id), world.caller(world.approver)

    async with unchanged(owner, world), rehearse(approve, by, storage) as (_, reads):
        row = (await reads.purchase_orders.by_ids([order.id]))[order.id]
        [approval] = (await reads.approvals.by_order_ids([order.id]))[order.id]

    assert (row.status, row.version, approval.status) == ("APPROVED", 3, "APPROVED")
    await done(approve, world, storage, by=world.approver)


async def test_a_rehearsed_deletion_deletes_nothing(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage)

    delete = rehearse(DeletePurchaseOrder(id=order.id), world.caller(), storage)
    async with unchanged(owner, world), delete as (_, reads):
        assert await reads.purchase_orders.by_ids([order.id]) == {}


async def test_rehearsed_master_data_is_found_by_a_search(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    create = CreateRecord(kind=Supplier, given={"name": "Paper Mill"})
    search = SupplierFilter(search="mill")

    rehearsal = rehearse(create, world.caller(), storage)
    async with unchanged(owner, world), rehearsal as (created, reads):
        page = (await reads.suppliers.all([Whole.ORGANIZATION], filter=search))[Whole.ORGANIZATION]
        assert [supplier.id for supplier in page.nodes] == [created.id]


async def test_a_rehearsal_is_refused_like_the_real_thing(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    powerless = world.caller(permissions=frozenset())

    async with unchanged(owner, world):
        with pytest.raises(IllegalMove, match="cannot clone while APPROVED"):
            async with rehearse(ClonePurchaseOrder(id=order.id), world.caller(), storage):
                pass
        with pytest.raises(Forbidden):
            async with rehearse(SubmitPurchaseOrder(id=order.id), powerless, storage):
                pass


async def test_what_goes_wrong_while_reading_a_rehearsal_leaves_nothing_either(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    usecase = CreatePurchaseOrder(**world.draft())

    async with unchanged(owner, world):
        with pytest.raises(ZeroDivisionError):
            async with rehearse(usecase, world.caller(), storage):
                raise ZeroDivisionError
