"""Units of work: locked, written once, and nothing that was not meant to be."""

import gc
import re
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.departments import Department
from domain.kit.errors import NotFound, RuleBroken, VersionConflict
from domain.kit.ids import new_id
from domain.organizations import Organization
from domain.purchase_orders import PurchaseOrder
from domain.suppliers import Supplier
from domain.users import User
from persistence.storage import ChangedWithoutLock, SqlStorage
from tests import make
from tests.conftest import World
from tests.persistence.contents import actions, unchanged
from usecases.kit import run
from usecases.purchase_orders import CreatePurchaseOrder


async def test_what_is_not_committed_is_gone(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    async with unchanged(owner, world), storage.begin(world.caller()) as uow:
        uow.records(Supplier).add(make.supplier())
        await uow.flush()


async def test_changing_what_was_not_locked_is_a_bug(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    async with unchanged(owner, world), storage.begin(world.caller()) as uow:
        supplier = (await uow._session.scalars(select(Supplier))).one()
        supplier.name = "Sneaky"
        with pytest.raises(ChangedWithoutLock):
            await uow.flush()


async def test_events_are_kept_even_when_nobody_holds_their_record(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    async with storage.begin(world.caller()) as uow:
        (await uow.records(Supplier).get(world.supplier.id))._record("noted", uow.now)
        gc.collect()
        await uow.flush()
        await uow.commit()

    assert await actions(owner, world.supplier.id) == ["supplier.created", "supplier.noted"]


async def test_a_record_that_is_read_and_left_alone_is_not_written(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    async with unchanged(owner, world), storage.begin(world.caller()) as uow:
        await uow.records(Supplier).get(world.supplier.id)
        await uow.flush()
        await uow.commit()


async def test_flushing_twice_tells_every_event_once(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    async with storage.begin(world.caller()) as uow:
        supplier = await uow.records(Supplier).get(world.supplier.id)
        supplier.update({"category": "Paper"}, uow.now)
        await uow.flush()
        supplier.update({"category": "Ink"}, uow.now)
        await uow.flush()
        await uow.commit()

    assert await actions(owner, supplier.id) == [
        "supplier.created",
        "supplier.updated",
        "supplier.updated",
    ]
    assert supplier.version == 3


async def test_a_record_is_got_locked_and_as_it_is_now(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    id = world.supplier.id
    async with storage.begin(world.caller()) as uow:
        first = await uow.records(Supplier).get(id)
        locked = "SELECT 1 FROM suppliers WHERE id = $1 FOR UPDATE SKIP LOCKED"
        assert await owner.fetchval(locked, id) is None
        assert await uow.records(Supplier).get(id) is first

    assert await owner.fetchval(locked, id) == 1


async def test_what_refers_to_a_record_does_not_wait_for_whoever_holds_it(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    """Foreign keys lock like this; deferred ones when everything else is locked already."""
    async with storage.begin(world.caller()) as uow:
        await uow.records(Supplier).get(world.supplier.id)
        referring = "SELECT 1 FROM suppliers WHERE id = $1 FOR KEY SHARE NOWAIT"
        assert await owner.fetchval(referring, world.supplier.id) == 1


async def test_what_is_not_there_is_not_found_and_what_is_newer_conflicts(
    storage: SqlStorage, world: World
) -> None:
    async with storage.begin(world.caller()) as uow:
        with pytest.raises(NotFound):
            await uow.records(Supplier).get(new_id())
        with pytest.raises(VersionConflict):
            await uow.records(Supplier).get(world.supplier.id, expected=2)


async def test_parts_come_with_the_whole_and_nothing_is_loaded_behind_the_scenes(
    storage: SqlStorage, world: World
) -> None:
    created = await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)

    async with storage.begin(world.caller()) as uow:
        order = await uow.records(PurchaseOrder).get(created.id)
        assert [line.position for line in order.lines] == [1]
        assert (order.attachments, order.approval_requests) == ([], [])
        uow._session.expire(order)
        bare = (await uow._session.scalars(select(PurchaseOrder))).one()
        with pytest.raises(InvalidRequestError, match="lazy='raise'"):
            _ = bare.lines


async def test_of_a_record_whose_parts_are_named_the_others_stay_where_they_are(
    storage: SqlStorage, world: World
) -> None:
    created = await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)

    async with storage.begin(world.caller()) as uow:
        order = await uow.records(PurchaseOrder).get(created.id, parts=("lines",))
        assert [line.position for line in order.lines] == [1]
        with pytest.raises(InvalidRequestError, match="lazy='raise'"):
            _ = order.attachments
        again = await uow.records(PurchaseOrder).get(created.id)
        assert again is order
        assert (order.attachments, order.approval_requests) == ([], [])


async def test_the_organization_is_read_once_until_something_is_written(
    storage: SqlStorage, world: World, statements: list[str]
) -> None:
    async with storage.begin(world.caller()) as uow:
        first = await uow.organization()
        assert await uow.organization() is first
        assert len(statements) == 1
        own = await uow.records(Organization).get(first.id)
        own.update({"name": "Renamed"}, uow.now)
        await uow.flush()
        assert (await uow.organization()).name == "Renamed"


async def test_the_whole_order_takes_a_statement_for_each_kind_of_part(
    storage: SqlStorage, world: World, engine: AsyncEngine
) -> None:
    created = await run(
        CreatePurchaseOrder(**world.draft(lines=[make.line()] * 50)), world.caller(), storage
    )
    sent: list[str] = []

    def listen(*arguments: Any) -> None:
        sent.append(arguments[2])

    async with storage.begin(world.caller()) as uow:
        event.listen(engine.sync_engine, "before_cursor_execute", listen)
        await uow.records(PurchaseOrder).get(created.id)
        event.remove(engine.sync_engine, "before_cursor_execute", listen)

    tables = [re.findall(r"FROM (\w+)", statement)[0] for statement in sent]
    assert sorted(tables) == [  # without requests, no steps
        "approval_requests",
        "purchase_order_attachments",
        "purchase_order_lines",
        "purchase_orders",
    ]


async def test_what_the_database_refuses_is_said_as_the_domain_would(
    storage: SqlStorage, world: World, other_world: World, owner: asyncpg.Connection
) -> None:
    refused = [
        (make.supplier(code="A"), make.supplier(code="A"), "code", "this is taken already"),
        (
            make.user(email="a@example.com"),
            make.user(email="a@example.com"),
            "email",
            "this is taken already",
        ),
        (
            make.department(head_id=other_world.buyer.id),
            make.department(),
            "head_id",
            "no such record in this organization",
        ),
        (
            make.project(owner_id=new_id()),
            make.project(),
            "owner_id",
            "no such record in this organization",
        ),
    ]
    for one, other, column, message in refused:

        async def both(first: Supplier, second: Supplier) -> None:
            async with storage.begin(world.caller()) as uow:
                uow.records(type(first)).add(first)
                uow.records(type(second)).add(second)
                await uow.flush()

        async with unchanged(owner, world):
            with pytest.raises(RuleBroken) as caught:
                await both(one, other)  # type: ignore[arg-type]
        assert (caught.value.path, caught.value.message) == ((column,), message)


async def test_what_nobody_foresaw_stays_a_bug(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    async def broken() -> None:
        async with storage.begin(world.caller()) as uow:
            await uow._session.execute(text("SELECT 1 / 0"))

    async with unchanged(owner, world):
        with pytest.raises(DBAPIError, match="division by zero"):
            await broken()


async def test_a_connection_is_sound_after_an_error(storage: SqlStorage, world: World) -> None:
    for _ in range(30):  # more than there are connections
        with pytest.raises(DBAPIError):
            async with storage.begin(world.caller()) as uow:
                await uow._session.execute(text("SELECT 1 / 0"))

    async with storage.begin(world.caller()) as uow:
        assert (await uow.records(Supplier).get(world.supplier.id)).name == "Office Supplies Co."


async def test_old_ids_are_counted_for_each_kind_and_kept_when_brought_along(
    storage: SqlStorage, world: World
) -> None:
    brought = make.supplier(waqti_id=500)
    department, user = make.department(), make.user()
    async with storage.begin(world.caller()) as uow:
        for record in (brought, make.supplier(name="B"), department, user):
            uow.records(type(record)).add(record)
        await uow.flush()
        await uow.commit()

    reads = storage.reads(world.caller())
    rows = await reads.suppliers.by_ids([brought.id])
    await reads.close()
    assert (rows[brought.id].waqti_id, rows[brought.id].wisedat_id) == (500, 2)
    assert isinstance(department, Department)
    assert isinstance(user, User)
    assert (department.waqti_id, user.waqti_id) == (2, 3)
