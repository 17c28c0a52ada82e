"""What waits for approvers, and what is due, is found by indexes among many rows."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from domain.approvals.conditions import DocumentType
from domain.kit.ids import new_id
from persistence.reads.approval_tasks import DUE, TASKS, Inbox
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep
from tests.persistence.plans import (
    ANY,
    Plans,
    among_many,
)
from tests.usecases.orders import pending
from usecases.reads.kit import Direction

VARIED = {
    "approval_requests": {
        "id": "md5('r' || n)::uuid",
        "purchase_order_id": "gen_random_uuid()",
    },
    "approval_steps": {
        "id": "md5('s' || n)::uuid",
        "request_id": "md5('r' || n)::uuid",
        "status": "(ARRAY['APPROVED', 'PENDING'])[1 + (n % 50 = 0)::int]",
        "due_at": "now() + n * interval '1 minute'",
    },
    "approval_assignments": {
        "id": "gen_random_uuid()",
        "step_id": "md5('s' || n)::uuid",
        "approver_id": ANY,
        "asked_at": "now() + n * interval '1 minute'",
    },
}


async def asked(world: World, storage: SqlStorage) -> None:
    deputy = make.user(role_ids=[world.role.id])
    await keep(storage, world.caller(), deputy)
    await pending(world, storage)
    await keep(storage, world.caller(), make.delegation(world.approver, deputy))


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator[Plans]:
    async with among_many(database_url, VARIED, asked) as plans:
        yield plans


@pytest.mark.parametrize("types", [None, (DocumentType.PURCHASE_INVOICE,)])
@pytest.mark.parametrize("after", [False, True])
async def test_an_inbox_is_read_from_its_index_in_its_order(
    plans: Plans, types: tuple[DocumentType, ...] | None, *, after: bool
) -> None:
    inbox = Inbox(new_id(), types)
    statement = TASKS._listed(TASKS._names(inbox), None, Direction.ASC, after=after)
    key = {"after_0": datetime.now(UTC), "after_1": new_id()} if after else {}

    plan = await plans.explained(statement, TASKS._values(inbox) | key | {"n": 21})

    assert '"Seq Scan"' not in plan
    assert '"Sort"' not in plan
    assert '"ix_approval_assignments_approver_id_status_asked_at_id"' in plan


async def test_what_is_due_is_found_by_indexes(plans: Plans) -> None:
    plan = await plans.explained(DUE, {"at": datetime.now(UTC), "most": 100})

    assert '"Seq Scan"' not in plan
    for index in ("steps_due_at", "assignments_approver_id_status_asked_at_id"):
        assert f'"ix_approval_{index}"' in plan
