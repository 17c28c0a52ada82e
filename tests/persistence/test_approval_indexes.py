"""What waits for approvers, and what is due, is found by indexes among many rows."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from domain.approvals.conditions import DocumentType
from domain.kit.ids import new_id
from persistence.reads.approval_tasks import DUE, TASKS, Inbox
from persistence.reads.kit import _compiled
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep, new_world
from tests.usecases.orders import pending
from usecases.reads.kit import Direction

REQUESTS = """
    INSERT INTO approval_requests SELECT (jsonb_populate_record(r, jsonb_build_object(
        'id', md5('r' || n)::uuid, 'purchase_order_id', gen_random_uuid()))).*
    FROM approval_requests r, generate_series(1, 5000) AS n WHERE organization_id = $1;
"""
STEPS = """
    INSERT INTO approval_steps SELECT (jsonb_populate_record(s, jsonb_build_object(
        'id', md5('s' || n)::uuid, 'request_id', md5('r' || n)::uuid, 'position', 1,
        'status', (ARRAY['APPROVED', 'PENDING'])[1 + (n % 50 = 0)::int],
        'due_at', now() + n * interval '1 minute'))).*
    FROM approval_steps s, generate_series(1, 5000) AS n WHERE organization_id = $1;
"""
ASSIGNMENTS = """
    INSERT INTO approval_assignments SELECT (jsonb_populate_record(a, jsonb_build_object(
        'id', gen_random_uuid(), 'step_id', md5('s' || n)::uuid,
        'approver_id', md5((n % 500)::text)::uuid,
        'asked_at', now() + n * interval '1 minute'))).*
    FROM approval_assignments a, generate_series(1, 5000) AS n WHERE organization_id = $1;
"""


class Plans:
    def __init__(self, connection: asyncpg.Connection, world: World) -> None:
        self._connection, self._world = connection, world

    async def of(self, statement: Any, values: dict[str, Any]) -> str:
        sql, names, constants = _compiled(statement)
        given = constants | values | {"organization_id": self._world.organization.id}
        plan = await self._connection.fetchval(
            f"EXPLAIN (FORMAT JSON, COSTS off) {sql}", *[given[name] for name in names]
        )
        return json.dumps(json.loads(plan))


@pytest.fixture
async def plans(database_url: str, storage: SqlStorage) -> AsyncIterator[Plans]:
    world = await new_world(storage)
    deputy = make.user(role_ids=[world.role.id])
    await keep(storage, world.caller(), deputy)
    await pending(world, storage)
    await keep(storage, world.caller(), make.delegation(world.approver, deputy))
    connection = await asyncpg.connect(database_url)
    transaction = connection.transaction()
    await transaction.start()  # rolled back: other tests find their tables as they were
    await connection.execute("SET LOCAL session_replication_role = replica")  # any step will do
    for many in (REQUESTS, STEPS, ASSIGNMENTS):
        await connection.execute(many, world.organization.id)
    await connection.execute("ANALYZE approval_requests, approval_steps, approval_assignments")
    await connection.execute("SET LOCAL ROLE backoffice_app; SET LOCAL enable_seqscan = off")
    enter = "SELECT set_config('app.organization', $1, true)"
    await connection.execute(enter, str(world.organization.id))
    yield Plans(connection, world)
    await transaction.rollback()
    await connection.close()


@pytest.mark.parametrize("types", [None, (DocumentType.PURCHASE_INVOICE,)])
@pytest.mark.parametrize("after", [False, True])
async def test_an_inbox_is_read_from_its_index_in_its_order(
    plans: Plans, types: tuple[DocumentType, ...] | None, *, after: bool
) -> None:
    inbox = Inbox(new_id(), types)
    statement = TASKS._listed(TASKS._names(inbox), None, Direction.ASC, after=after)
    key = {"after_0": datetime.now(UTC), "after_1": new_id()} if after else {}

    plan = await plans.of(statement, TASKS._values(inbox) | key | {"n": 21})

    assert '"Seq Scan"' not in plan
    assert '"Sort"' not in plan
    assert '"ix_approval_assignments_approver_id_status_asked_at_id"' in plan


async def test_what_is_due_is_found_by_indexes(plans: Plans) -> None:
    plan = await plans.of(DUE, {"at": datetime.now(UTC), "most": 100})

    assert '"Seq Scan"' not in plan
    for index in ("steps_due_at", "assignments_approver_id_status_asked_at_id"):
        assert f'"ix_approval_{index}"' in plan
