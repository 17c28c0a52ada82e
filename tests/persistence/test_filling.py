"""What a migration makes of the rows that were there before it."""

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest
from alembic import command

from domain.approvals.steps import AssignmentStatus
from persistence import migrating
from persistence.engines import application_engine
from persistence.migrating import upgrade
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import keep, new_world
from tests.usecases.orders import done, pending
from usecases.purchase_orders import ApprovePurchaseOrder

ROUTE = """
    SELECT s.position, s.status AS step, s.rule, s.optional, s.started_at, s.due_at,
           a.status, a.asked_at, a.passed_to
    FROM approval_steps s JOIN approval_assignments a ON a.step_id = s.id ORDER BY s.position, a.id
"""
BEFORE = "0010"


@pytest.fixture
async def migrated_again(fresh_database: str) -> Sequence[asyncpg.Record]:
    """A route whose first step is decided, after it has been where nobody knew of rules."""
    engine = application_engine(fresh_database, pool_size=2)
    storage = SqlStorage(engine)
    world = await new_world(storage)
    chief, last = (make.user(role_ids=[world.role.id]) for _ in range(2))
    await keep(storage, world.caller(), chief, last)
    order = await pending(world, storage, world.approver.id, chief.id, last.id)
    await done(ApprovePurchaseOrder(id=order.id), world, storage, world.approver)
    await engine.dispose()
    await migrating._on_connection(fresh_database, lambda config: command.downgrade(config, BEFORE))
    await asyncio.to_thread(upgrade, fresh_database)
    connection = await asyncpg.connect(fresh_database)
    rows: Sequence[asyncpg.Record] = await connection.fetch(ROUTE)
    decided = await connection.fetchval("SELECT max(decided_at) FROM approval_assignments")
    requested = await connection.fetchval("SELECT created_at FROM approval_requests")
    await connection.close()
    assert [row["started_at"] for row in rows] == [requested, decided, None]
    return rows


async def test_steps_under_way_go_on_as_they_were(
    migrated_again: Sequence[asyncpg.Record],
) -> None:
    assert [(r["step"], r["rule"], r["optional"], r["due_at"]) for r in migrated_again] == [
        ("APPROVED", "ANY", False, None),
        ("PENDING", "ANY", False, None),
        ("WAITING", "ANY", False, None),
    ]
    assert [(r["status"], r["asked_at"], r["passed_to"]) for r in migrated_again] == [
        (status, row["started_at"], [])
        for status, row in zip(
            (AssignmentStatus.APPROVED, AssignmentStatus.PENDING, AssignmentStatus.PENDING),
            migrated_again,
            strict=True,
        )
    ]
