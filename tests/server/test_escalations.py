"""The worker moves on what is overdue, once, however many workers there are."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.approvals.workflows import Approver, ApproverKind
from domain.purchase_orders import PurchaseOrder
from domain.users import User
from persistence.engines import owner_engine
from persistence.storage import SqlStorage
from server.jobs import Shift
from server.jobs.escalations import ESCALATIONS
from server.settings import Settings
from tests import make
from tests.conftest import Save, World, keep
from tests.usecases.orders import done, drafted, pending
from usecases.purchase_orders import SubmitPurchaseOrder
from usecases.reads.kit import Whole

ACTIONS = "SELECT action FROM audit_events WHERE subject_id = $1 ORDER BY sequence"
LATER = timedelta(hours=2)


@pytest.fixture
async def shift(
    database_url: str, engine: AsyncEngine, storage: SqlStorage
) -> AsyncIterator[Shift]:
    past = owner_engine(database_url)
    yield Shift(
        url=database_url,
        owner=past,
        engine=engine,
        storage=storage,
        settings=Settings(_env_file=None),
        stop=asyncio.Event(),
    )
    await past.dispose()


@pytest.fixture
async def chief(world: World, save: Save) -> User:
    chief = make.user("Cleo Chief", role_ids=[world.role.id])
    await save(chief)
    return chief


async def sent(world: World, storage: SqlStorage, **values: Any) -> PurchaseOrder:
    step = make.step(world.approver.id, time_limit_hours=1, **values)
    await keep(storage, world.caller(), make.approval_workflow(step, priority=1))
    order = await drafted(world, storage)
    return await done(SubmitPurchaseOrder(id=order.id), world, storage)


async def overdue(owner: asyncpg.Connection, order: PurchaseOrder) -> None:
    """As if it had been submitted two hours ago."""
    await owner.execute(
        "UPDATE approval_steps SET due_at = $1 WHERE request_id = $2",
        datetime.now(UTC) - LATER,
        order.approval_requests[0].id,
    )


async def told(owner: asyncpg.Connection, order: PurchaseOrder) -> list[str]:
    return [row["action"].partition(".")[2] for row in await owner.fetch(ACTIONS, order.id)]


async def asked(owner: asyncpg.Connection, order: PurchaseOrder) -> object:
    query = "SELECT status, pending_approver_ids, version FROM purchase_orders WHERE id = $1"
    row = await owner.fetchrow(query, order.id)
    assert row is not None
    return tuple(row)


async def test_what_is_not_overdue_stays(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, shift: Shift
) -> None:
    order = await sent(world, storage, optional=True)

    await ESCALATIONS.run(shift)

    assert await told(owner, order) == ["created", "submitted"]


async def test_two_workers_at_once_escalate_each_order_once(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, shift: Shift, chief: User
) -> None:
    escalation = Approver(kind=ApproverKind.USER, user_id=chief.id)
    orders = [await sent(world, storage, escalation=escalation) for _ in range(10)]
    for order in orders:
        await overdue(owner, order)

    await asyncio.gather(ESCALATIONS.run(shift), ESCALATIONS.run(shift), ESCALATIONS.run(shift))
    await ESCALATIONS.run(shift)

    for order in orders:
        assert await told(owner, order) == ["created", "submitted", "step_escalated"]
        assert await asked(owner, order) == ("PENDING_APPROVAL", [chief.id], order.version + 1)


async def test_two_workers_at_once_approve_what_was_only_optional_once(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, shift: Shift
) -> None:
    orders = [await sent(world, storage, optional=True) for _ in range(10)]
    for order in orders:
        await overdue(owner, order)

    await asyncio.gather(ESCALATIONS.run(shift), ESCALATIONS.run(shift))

    for order in orders:
        assert await told(owner, order) == ["created", "submitted", "step_skipped", "approved"]
    revisions = "SELECT count(*) FROM purchase_order_revisions WHERE order_id = ANY($1)"
    assert await owner.fetchval(revisions, [order.id for order in orders]) == 10


async def test_a_delegation_that_begins_reaches_what_waits_already(
    storage: SqlStorage,
    world: World,
    owner: asyncpg.Connection,
    save: Save,
    shift: Shift,
    chief: User,
) -> None:
    order = await pending(world, storage)
    await save(make.delegation(world.approver, chief))

    await asyncio.gather(ESCALATIONS.run(shift), ESCALATIONS.run(shift))
    await ESCALATIONS.run(shift)

    assert await told(owner, order) == ["created", "submitted", "step_delegated"]
    assert await asked(owner, order) == ("PENDING_APPROVAL", [chief.id], order.version + 1)


async def test_a_delegation_that_reaches_nobody_leaves_nothing_to_do(
    storage: SqlStorage, world: World, save: Save
) -> None:
    """The creator, who is away as well, and who may not approve: not asked, and not due."""
    powerless, gone = make.user(), make.user(role_ids=[world.role.id], active=False)
    await save(powerless, gone)
    await save(*(make.delegation(world.approver, to) for to in (world.buyer, powerless, gone)))
    await pending(world, storage)

    assert await due(storage, world) == []


async def due(storage: SqlStorage, world: World) -> list[object]:
    reads = storage.reads(world.caller())
    found = await reads.approval_tasks.due([Whole.ORGANIZATION], datetime.now(UTC), 9)
    await reads.close()
    return [*found[Whole.ORGANIZATION]]
