"""Many at once, on connections of their own: one wins, nothing is lost, nobody waits for ever."""

from asyncio import gather
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from domain.approvals.workflows import Approver, ApproverKind, WorkflowStep
from domain.kit.errors import Busy, DomainError, IllegalMove, VersionConflict
from domain.purchase_orders import PurchaseOrder
from domain.suppliers import Supplier
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import unchanged
from tests.usecases.orders import approved, done, drafted, pending
from usecases.kit import run
from usecases.purchase_orders import (
    AddPurchaseOrderLine,
    ApprovePurchaseOrder,
    CancelPurchaseOrder,
    ClonePurchaseOrder,
    CreatePurchaseOrder,
    DeletePurchaseOrder,
    RecallPurchaseOrder,
    RejectPurchaseOrder,
    SubmitPurchaseOrder,
    UpdatePurchaseOrder,
)
from usecases.records import UpdateRecord

YEAR = datetime.now(UTC).year
ROUNDS = 50
BEFORE = 6  # events of a world that has just been made


@pytest.mark.parametrize("against", [ApprovePurchaseOrder, RejectPurchaseOrder])
async def test_of_two_decisions_at_the_same_moment_exactly_one_is_taken(
    storage: SqlStorage,
    world: World,
    save: Save,
    owner: asyncpg.Connection,
    against: type[ApprovePurchaseOrder] | type[RejectPurchaseOrder],
) -> None:
    second = make.user("Ann Approver", role_ids=[world.role.id])
    await save(second)
    either = Approver(kind=ApproverKind.ROLE, role_id=world.role.id)
    await save(make.approval_workflow(WorkflowStep(name="Last", approver=either)))
    said: dict[str, Any] = {"comment": "me too"}
    if against is RejectPurchaseOrder:
        said = {"reason": "no"}

    async def decided() -> tuple[list[str], list[tuple[str, int]]]:
        order = await drafted(world, storage)
        await done(SubmitPurchaseOrder(id=order.id), world, storage)
        outcomes = await gather(
            run(ApprovePurchaseOrder(id=order.id), world.caller(world.approver), storage),
            run(against(id=order.id, **said), world.caller(second), storage),
            return_exceptions=True,
        )
        taken = await owner.fetch(
            "SELECT a.status, count(*) FROM approval_assignments a"
            " JOIN approval_steps s ON s.id = a.step_id"
            " JOIN approval_requests r ON r.id = s.request_id"
            " WHERE r.purchase_order_id = $1 GROUP BY 1 ORDER BY 1",
            order.id,
        )
        return sorted(type(o).__name__ for o in outcomes), [(s, n) for s, n in taken]

    for _ in range(ROUNDS):
        outcomes, taken = await decided()
        assert outcomes == ["Done", "IllegalMove"]
        assert taken in ([("APPROVED", 1), ("SUPERSEDED", 1)], [("REJECTED", 1), ("SUPERSEDED", 1)])

    entries = "SELECT count(*) FROM audit_events WHERE organization_id = $1 AND sequence = 3"
    assert await owner.fetchval(entries, world.organization.id) == ROUNDS


async def test_one_approver_twice_at_the_same_moment_approves_once(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await pending(world, storage)
    approve, by = ApprovePurchaseOrder(id=order.id), world.caller(world.approver)

    outcomes = await gather(*(run(approve, by, storage) for _ in range(10)), return_exceptions=True)

    assert sum(isinstance(outcome, IllegalMove) for outcome in outcomes) == 9
    entries = "SELECT count(*) FROM audit_events WHERE subject_id = $1"
    assert await owner.fetchval(entries, order.id) == 3


async def test_two_hundred_orders_at_once_have_two_hundred_consecutive_numbers(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    create = CreatePurchaseOrder(**world.draft())

    await gather(*(run(create, world.caller(), storage) for _ in range(200)))

    rows = await owner.fetch(
        "SELECT number, waqti_id, shoplazza_id FROM purchase_orders WHERE organization_id = $1",
        world.organization.id,
    )
    assert sorted(row["number"] for row in rows) == [f"PO-{YEAR}-{n:04}" for n in range(1, 201)]
    assert sorted(row["waqti_id"] for row in rows) == [*range(1, 201)]
    assert sorted(row["shoplazza_id"] for row in rows) == [10**17 + n for n in range(1, 201)]


async def test_orders_that_fail_between_others_leave_no_gap(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    async def given_up() -> None:
        async with storage.begin(world.caller()) as uow:
            await CreatePurchaseOrder(**world.draft()).execute(uow)
            await uow.flush()

    create = CreatePurchaseOrder(**world.draft())
    work = [run(create, world.caller(), storage) if n % 2 else given_up() for n in range(40)]

    await gather(*work)

    numbers = await owner.fetch(
        "SELECT number FROM purchase_orders WHERE organization_id = $1 ORDER BY 1",
        world.organization.id,
    )
    assert [row[0] for row in numbers] == [f"PO-{YEAR}-{n:04}" for n in range(1, 21)]


async def test_organizations_count_for_themselves(
    storage: SqlStorage, world: World, other_world: World
) -> None:
    orders = await gather(
        *(drafted(where, storage) for where in (world, other_world) for _ in range(10))
    )

    numbers = [f"PO-{YEAR}-{n:04}" for n in range(1, 11)]
    assert sorted(order.number for order in orders[:10]) == numbers
    assert sorted(order.number for order in orders[10:]) == numbers


async def test_events_are_numbered_without_gaps_and_like_their_audit_entries(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    await gather(*(approved(world, storage) for _ in range(20)))

    rows = await owner.fetch(
        "SELECT position, o.type = a.action AND o.subject_id = a.subject_id AS same"
        " FROM outbox_events o JOIN audit_events a USING (organization_id, position)"
        " WHERE organization_id = $1 ORDER BY position",
        world.organization.id,
    )
    assert [row["position"] for row in rows] == [*range(1, BEFORE + 20 * 3 + 1)]
    assert all(row["same"] for row in rows)


async def test_a_reader_never_sees_an_event_before_an_earlier_one(
    storage: SqlStorage, world: World, database_url: str
) -> None:
    seen: list[int] = []
    connection = await asyncpg.connect(database_url)
    query = "SELECT position FROM outbox_events WHERE organization_id = $1 AND position > $2"
    writing = True

    async def follow() -> None:
        while writing:
            rows = await connection.fetch(
                query + " ORDER BY 1", world.organization.id, seen[-1] if seen else 0
            )
            seen.extend(row[0] for row in rows)

    async def write() -> None:
        nonlocal writing
        try:
            await gather(*(drafted(world, storage) for _ in range(60)))
        finally:
            writing = False

    await gather(follow(), write())
    rows = await connection.fetch(query + " ORDER BY 1", world.organization.id, seen[-1])
    await connection.close()

    assert seen + [row[0] for row in rows] == [*range(1, BEFORE + 60 + 1)]


async def test_of_updates_that_saw_the_same_version_one_is_made(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage)

    outcomes = await gather(
        *(
            run(
                UpdatePurchaseOrder(id=order.id, expected_version=1, notes=f"note {n}"),
                world.caller(),
                storage,
            )
            for n in range(10)
        ),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, VersionConflict) for outcome in outcomes) == 9
    version = "SELECT version FROM purchase_orders WHERE id = $1"
    assert await owner.fetchval(version, order.id) == 2


async def test_lines_added_at_once_are_all_there(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage, lines=[])
    add = AddPurchaseOrderLine(order_id=order.id, line=make.line())

    await gather(*(run(add, world.caller(), storage) for _ in range(20)))

    lines = "SELECT position FROM purchase_order_lines WHERE order_id = $1 ORDER BY 1"
    assert [row[0] for row in await owner.fetch(lines, order.id)] == [*range(1, 21)]
    row = await owner.fetchrow("SELECT * FROM purchase_orders WHERE id = $1", order.id)
    assert row is not None
    assert [row["line_count"], row["total"], row["version"]] == [20, 460, 21]


async def test_whoever_waits_too_long_is_told_that_it_is_busy(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage)

    async def impatient() -> None:
        async with storage.begin(world.caller()) as uow:
            await uow._session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            await uow.records(PurchaseOrder).get(order.id)

    async with unchanged(owner, world), storage.begin(world.caller()) as holding:
        await holding.records(PurchaseOrder).get(order.id)
        with pytest.raises(Busy, match="another request is changing the same records; try again"):
            await impatient()


async def test_a_deadlock_is_told_as_busy(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    first, second = await drafted(world, storage), await drafted(world, storage)

    async def crosswise(one: UUID, other: UUID, turn: list[UUID]) -> None:
        async with storage.begin(world.caller()) as uow:
            await uow._session.execute(text("SET LOCAL lock_timeout = '5s'"))
            await uow.records(PurchaseOrder).get(one)
            turn.append(one)
            while len(turn) < 2:  # both hold one before either asks for the other
                await uow._session.execute(text("SELECT 1"))
            await uow.records(PurchaseOrder).get(other)

    turn: list[UUID] = []
    async with unchanged(owner, world):
        outcomes = await gather(
            crosswise(first.id, second.id, turn),
            crosswise(second.id, first.id, turn),
            return_exceptions=True,
        )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Busy", "NoneType"]


async def test_mixed_work_at_random_never_deadlocks_and_never_fails_strangely(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    chance = Random(7)  # noqa: S311 - the same work each time
    orders = [(await drafted(world, storage)).id for _ in range(6)]
    await pending(world, storage)

    def one() -> Any:
        id = chance.choice(orders)
        return chance.choice(
            [
                CreatePurchaseOrder(**world.draft()),
                UpdatePurchaseOrder(id=id, notes=str(chance.random())),
                AddPurchaseOrderLine(order_id=id, line=make.line()),
                SubmitPurchaseOrder(id=id),
                ApprovePurchaseOrder(id=id),
                RecallPurchaseOrder(id=id),
                CancelPurchaseOrder(id=id),
                ClonePurchaseOrder(id=id),
                DeletePurchaseOrder(id=id),
                UpdateRecord(
                    kind=Supplier, id=world.supplier.id, given={"category": str(chance.random())}
                ),
            ]
        )

    async def work() -> list[BaseException]:
        strange: list[BaseException] = []
        for _ in range(20):
            by = world.caller(chance.choice([world.buyer, world.approver]))
            try:
                await run(one(), by, storage)
            except Busy as busy:
                strange.append(busy)
            except DomainError:
                pass
        return strange

    strange = await gather(*(work() for _ in range(10)))

    assert [error for errors in strange for error in errors] == []
    chains = await owner.fetch(
        "SELECT count(*), max(sequence) FROM audit_events WHERE organization_id = $1"
        " GROUP BY subject_id",
        world.organization.id,
    )
    assert all(count == last for count, last in chains)
    gaps = "SELECT count(*) = max(position) FROM outbox_events WHERE organization_id = $1"
    assert await owner.fetchval(gaps, world.organization.id)
