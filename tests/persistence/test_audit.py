"""The audit trail: what an entry says, and that nobody can change it unnoticed."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.callers import Caller, Channel, Permission
from domain.kit.ids import new_id
from domain.suppliers import Supplier, SupplierContact, SupplierStatus
from persistence import audit
from persistence.engines import application_engine, owner_engine
from persistence.storage import SqlStorage
from persistence.tables.metadata import plain
from tests import make
from tests.conftest import World, keep, new_world
from tests.persistence.contents import entries
from usecases.kit import run
from usecases.purchase_orders import ApprovePurchaseOrder, CreatePurchaseOrder, SubmitPurchaseOrder
from usecases.records import CreateRecord, UpdateRecord

MISSING = "an entry before it is missing"
ELSEWHERE = "an entry before it is missing, of this or another record"
UNFOLLOWED = "it does not follow the entry before it"
CHANGED = "it was changed"


async def verified(engine: AsyncEngine, world: World) -> tuple[int, list[audit.Broken]]:
    """As the application sees it: the chains of one organization."""
    async with engine.connect() as connection:
        enter = text("SELECT set_config('app.organization', :id, true)")
        await connection.execute(enter, {"id": str(world.organization.id)})
        return await audit.verify(connection)


@pytest.fixture
async def order_id(storage: SqlStorage, world: World) -> UUID:
    """An order with a chain of four entries: created, submitted, approved step by step."""
    second = make.user("Dan Director")
    await keep(storage, world.caller(), second)
    steps = [make.step(world.approver.id), make.step(second.id)]
    await keep(storage, world.caller(), make.approval_workflow(*steps))
    created = await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)
    await run(SubmitPurchaseOrder(id=created.id), world.caller(), storage)
    for user in (world.approver, second):
        await run(ApprovePurchaseOrder(id=created.id), world.caller(user), storage)
    return created.id


async def test_an_entry_says_who_did_what_when_and_through_which_door(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    by = Caller(
        organization_id=world.organization.id,
        user_id=world.approver.id,
        credential_id=new_id(),
        channel=Channel.WAQTI,
        permissions=frozenset(Permission),
        request_id="req_42",
    )
    before = datetime.now(UTC)
    update = UpdateRecord(kind=Supplier, id=world.supplier.id, given={"category": "ورق"})
    await run(update, by, storage)

    entry = (await entries(owner, world.supplier.id))[-1]
    expected = {
        "organization_id": by.organization_id,
        "subject_kind": "supplier",
        "subject_id": world.supplier.id,
        "sequence": 2,
        "action": "supplier.updated",
        "actor_id": by.user_id,
        "credential_id": by.credential_id,
        "channel": "WAQTI",
        "request_id": "req_42",
        "changes": '{"category": [null, "ورق"]}',
        "details": "{}",
    }
    assert {name: entry[name] for name in expected} == expected
    assert before <= entry["at"] <= datetime.now(UTC)
    first, _ = await entries(owner, world.supplier.id)
    assert (first["previous_hash"], entry["previous_hash"]) == (bytes(32), first["hash"])


async def test_an_event_tells_the_same_as_its_entry(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    update = UpdateRecord(kind=Supplier, id=world.supplier.id, given={"category": "Paper"})
    await run(update, world.caller(), storage)

    entry = (await entries(owner, world.supplier.id))[-1]
    event = await owner.fetchrow(
        "SELECT * FROM outbox_events WHERE organization_id = $1 AND position = $2",
        world.organization.id,
        entry["position"],
    )
    assert event is not None
    same = ("subject_kind", "subject_id", "at")
    assert [event[name] for name in same] == [entry[name] for name in same]
    assert (event["type"], event["version"]) == ("supplier.updated", 2)
    assert json.loads(event["payload"]) == {"changes": {"category": [None, "Paper"]}, "details": {}}


async def test_values_of_every_type_are_told_as_text(
    storage: SqlStorage, world: World, engine: AsyncEngine, owner: asyncpg.Connection
) -> None:
    given = {
        "name": "Paper Mill",
        "status": SupplierStatus.INACTIVE,
        "payment_terms": 30,
        "contacts": [SupplierContact(name="سلمى")],
    }
    supplier = await run(CreateRecord(kind=Supplier, given=given), world.caller(), storage)
    await keep(storage, world.caller(), make.user(role_ids=[world.role.id]))

    [entry] = await entries(owner, supplier.id)
    assert json.loads(entry["changes"]) == {
        "name": [None, "Paper Mill"],
        "status": [None, "INACTIVE"],
        "payment_terms": [None, 30],
        "contacts": [None, [{"name": "سلمى", "email": None, "phone": None, "role": None}]],
    }
    assert (await verified(engine, world))[1] == []


def test_decimals_are_told_exactly() -> None:
    told = plain({"a": Decimal("1E+3"), "b": Decimal("0.10"), "c": frozenset({"y", "x"})})

    assert told == {"a": "1000", "b": "0.1", "c": ["x", "y"]}


def test_what_cannot_be_told_is_a_bug() -> None:
    with pytest.raises(TypeError):
        plain({"a": object()})


async def test_an_untouched_trail_is_sound(
    order_id: UUID, engine: AsyncEngine, world: World, owner: asyncpg.Connection
) -> None:
    assert len(await entries(owner, order_id)) == 4

    assert await verified(engine, world) == (12, [])


@pytest.mark.parametrize(
    "change",
    [
        "action = 'purchase_order.rejected'",
        "actor_id = gen_random_uuid()",
        "credential_id = gen_random_uuid()",
        "channel = 'SYSTEM'",
        "request_id = 'other'",
        "at = at + interval '1 microsecond'",
        "changes = '{}'",
        """details = details || '{"comment": "not me"}'""",
        "subject_kind = 'supplier'",
        "position = 10000",
    ],
)
async def test_a_changed_entry_is_found_and_named(
    order_id: UUID, engine: AsyncEngine, world: World, owner: asyncpg.Connection, change: str
) -> None:
    sql = f"UPDATE audit_events SET {change} WHERE subject_id = $1 AND sequence = 2"  # noqa: S608
    await owner.execute(sql, order_id)

    _, broken = await verified(engine, world)

    assert audit.Broken(order_id, 2, CHANGED) in broken
    assert {b.sequence for b in broken if b.reason == CHANGED} == {2}


async def test_a_changed_entry_with_a_new_hash_does_not_fit_the_next(
    order_id: UUID, engine: AsyncEngine, world: World, owner: asyncpg.Connection
) -> None:
    row = dict((await entries(owner, order_id))[1])
    forged = row | {"actor_id": uuid4(), "changes": json.loads(row["changes"])}
    forged["details"] = json.loads(row["details"])
    await owner.execute(
        "UPDATE audit_events SET actor_id = $2, hash = $3 WHERE subject_id = $1 AND sequence = 2",
        order_id,
        forged["actor_id"],
        audit.chained(row["previous_hash"], forged),
    )

    assert (await verified(engine, world))[1] == [audit.Broken(order_id, 3, UNFOLLOWED)]


@pytest.mark.parametrize("sequence", [1, 2, 3])
async def test_a_deleted_entry_is_missed_by_the_next(
    order_id: UUID, engine: AsyncEngine, world: World, owner: asyncpg.Connection, sequence: int
) -> None:
    delete = "DELETE FROM audit_events WHERE subject_id = $1 AND sequence = $2"
    await owner.execute(delete, order_id, sequence)

    count, broken = await verified(engine, world)

    assert count == 11
    assert broken == [
        audit.Broken(order_id, sequence + 1, reason) for reason in (MISSING, UNFOLLOWED, ELSEWHERE)
    ]


async def test_the_deleted_end_of_a_chain_is_missed(
    order_id: UUID, engine: AsyncEngine, world: World, owner: asyncpg.Connection
) -> None:
    delete = "DELETE FROM audit_events WHERE subject_id = $1 AND sequence >= $2"
    await owner.execute(delete, order_id, 4)
    assert await verified(engine, world) == (
        11,
        [audit.Broken(world.organization.id, 11, "the newest entries are missing")],
    )

    await owner.execute(delete, world.supplier.id, 1)
    _, broken = await verified(engine, world)
    assert [b.reason for b in broken] == [ELSEWHERE, "the newest entries are missing"]


async def test_a_trail_without_any_entry_is_missed(
    order_id: UUID, engine: AsyncEngine, world: World, owner: asyncpg.Connection
) -> None:
    assert order_id
    id = world.organization.id
    await owner.execute("DELETE FROM audit_events WHERE organization_id = $1", id)

    assert await verified(engine, world) == (
        0,
        [audit.Broken(id, 0, "the newest entries are missing")],
    )


async def test_reordered_entries_are_found(
    order_id: UUID, engine: AsyncEngine, world: World, owner: asyncpg.Connection
) -> None:
    for was, becomes in ((2, 0), (3, 2), (0, 3)):
        await owner.execute(
            "UPDATE audit_events SET sequence = $3 WHERE subject_id = $1 AND sequence = $2",
            order_id,
            was,
            becomes,
        )

    _, broken = await verified(engine, world)

    assert set(broken) == {
        audit.Broken(order_id, 2, UNFOLLOWED),
        audit.Broken(order_id, 2, CHANGED),
        audit.Broken(order_id, 3, UNFOLLOWED),
        audit.Broken(order_id, 3, CHANGED),
        audit.Broken(order_id, 4, UNFOLLOWED),
    }


@pytest.mark.parametrize("table", ["audit_events", "outbox_events"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET at = at",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "ALTER TABLE {} DISABLE ROW LEVEL SECURITY",
        "DROP TABLE {}",
    ],
)
async def test_the_application_can_only_append(
    engine: AsyncEngine, world: World, table: str, statement: str
) -> None:
    async with engine.connect() as connection:
        enter = text("SELECT set_config('app.organization', :id, true)")
        await connection.execute(enter, {"id": str(world.organization.id)})
        with pytest.raises(DBAPIError) as caught:
            await connection.execute(text(statement.format(table)))

    assert caught.value.orig.__cause__.sqlstate == "42501"  # type: ignore[union-attr]


async def test_the_owner_checks_every_organization_at_once(fresh_database: str) -> None:
    engine, owners = application_engine(fresh_database, pool_size=1), owner_engine(fresh_database)
    storage = SqlStorage(engine)
    for _ in range(2):
        world = await new_world(storage)
        await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)

    async with owners.connect() as connection:
        found = await audit.verify(connection)
    await owners.dispose()
    await engine.dispose()

    assert found == (2 * 7, [])
