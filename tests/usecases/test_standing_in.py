"""Delegation: by hand, and by those who stand in from one day to another."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from domain.approvals.conditions import DocumentType
from domain.approvals.delegations import Delegation
from domain.callers import Permission
from domain.kit.errors import Forbidden, RuleBroken
from domain.organizations import Organization
from domain.purchase_orders import PurchaseOrder, PurchaseOrderStatus
from domain.users import User
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import unchanged
from tests.usecases.orders import done, pending
from usecases.kit import run
from usecases.purchase_orders import (
    ApprovePurchaseOrder,
    DelegatePurchaseOrder,
    EscalatePurchaseOrder,
)
from usecases.records import CreateRecord, UpdateRecord

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def deputy(world: World, save: Save) -> User:
    deputy = make.user("Dee Deputy", role_ids=[world.role.id])
    await save(deputy)
    return deputy


async def moved_on(order: PurchaseOrder, world: World, storage: SqlStorage) -> PurchaseOrder:
    return await done(EscalatePurchaseOrder(id=order.id), world, storage)


async def test_an_approver_lets_somebody_else_decide(
    storage: SqlStorage, world: World, deputy: User
) -> None:
    order = await pending(world, storage)

    delegate = DelegatePurchaseOrder(id=order.id, to_user_id=deputy.id, comment="on leave")
    delegated = await done(delegate, world, storage, world.approver)
    assert delegated.pending_approver_ids == [deputy.id]
    with pytest.raises(Forbidden, match="the current step does not wait for you"):
        await done(ApprovePurchaseOrder(id=order.id), world, storage, world.approver)
    approved = await done(ApprovePurchaseOrder(id=order.id), world, storage, deputy)

    assert approved.status is PurchaseOrderStatus.APPROVED


@pytest.mark.parametrize("what", ["inactive", "powerless", "foreign", "creator", "approver"])
async def test_some_cannot_be_delegated_to(
    storage: SqlStorage,
    world: World,
    other_world: World,
    owner: asyncpg.Connection,
    save: Save,
    what: str,
) -> None:
    users = {
        "inactive": make.user(role_ids=[world.role.id], active=False),
        "powerless": make.user(),
        "foreign": other_world.approver,
        "creator": world.buyer,
        "approver": world.approver,
    }
    messages = {
        "inactive": "this user may not decide on this document",
        "powerless": "this user may not decide on this document",
        "foreign": "no such record in this organization",
        "creator": "nobody approves what they created",
        "approver": "this user is in the step already",
    }
    await save(users["inactive"], users["powerless"])
    order = await pending(world, storage)

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match=messages[what]) as caught:
            await run(
                DelegatePurchaseOrder(id=order.id, to_user_id=users[what].id),
                world.caller(world.approver),
                storage,
            )

    assert caught.value.path == ("to_user_id",)


async def test_a_deputy_is_asked_when_an_order_is_submitted_and_when_a_step_begins(
    storage: SqlStorage, world: World, save: Save, deputy: User
) -> None:
    chief = make.user("Cleo Chief", role_ids=[world.role.id])
    await save(chief)
    await save(make.delegation(world.approver, deputy), make.delegation(chief, world.approver))

    order = await pending(world, storage, world.approver.id, chief.id)
    assert order.pending_approver_ids == [deputy.id]
    order = await done(ApprovePurchaseOrder(id=order.id), world, storage, deputy)

    assert order.pending_approver_ids == [world.approver.id]
    assert [
        {a.approver_id: a.on_behalf_of_id for a in step.assignments}
        for step in order.approval_requests[0].steps
    ] == [
        {world.approver.id: None, deputy.id: world.approver.id},
        {chief.id: None, world.approver.id: chief.id},
    ]


@pytest.mark.parametrize(
    ("values", "stands_in"),
    [
        ({}, True),
        ({"starts_at": NOW + HOUR}, False),
        ({"starts_at": NOW - 2 * HOUR, "ends_at": NOW - HOUR}, False),
        ({"starts_at": NOW - HOUR, "ends_at": NOW + HOUR}, True),
        ({"active": False}, False),
        ({"document_types": [DocumentType.PURCHASE_ORDER]}, True),
        ({"document_types": [DocumentType.PURCHASE_INVOICE]}, False),
    ],
)
async def test_a_deputy_stands_in_on_those_days_for_those_documents(
    storage: SqlStorage,
    world: World,
    save: Save,
    deputy: User,
    values: dict[str, Any],
    *,
    stands_in: bool,
) -> None:
    before = await pending(world, storage)
    await save(make.delegation(world.approver, deputy, **values))

    submitted = await pending(world, storage)
    swept = await moved_on(before, world, storage)

    asked = [deputy.id] if stands_in else [world.approver.id]
    assert submitted.pending_approver_ids == swept.pending_approver_ids == asked


@pytest.mark.parametrize("what", ["inactive", "powerless", "creator"])
async def test_some_never_stand_in(
    storage: SqlStorage, world: World, save: Save, what: str
) -> None:
    users = {
        "inactive": make.user(role_ids=[world.role.id], active=False),
        "powerless": make.user(),
        "creator": world.buyer,
    }
    await save(users["inactive"], users["powerless"])
    await save(make.delegation(world.approver, users[what]))

    order = await pending(world, storage)

    assert order.pending_approver_ids == [world.approver.id]


async def test_a_creator_stands_in_where_own_approval_is_allowed(
    storage: SqlStorage, world: World, save: Save
) -> None:
    await save(make.delegation(world.approver, world.buyer))
    allow = UpdateRecord(kind=Organization, id=world.organization.id, given={"own_approval": True})
    await run(allow, world.caller(), storage)

    order = await pending(world, storage)

    assert order.pending_approver_ids == [world.buyer.id]


async def test_delegations_never_go_in_circles(
    storage: SqlStorage, world: World, save: Save, deputy: User
) -> None:
    there, back = make.delegation(world.approver, deputy), make.delegation(deputy, world.approver)
    await save(there, back)

    order = await pending(world, storage)
    again = await moved_on(order, world, storage)

    assert order.pending_approver_ids == again.pending_approver_ids == [deputy.id]
    assert again.version == order.version


async def test_users_manage_their_own_delegations_alone(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, deputy: User
) -> None:
    plain = frozenset(Permission) - {Permission.USERS_WRITE}
    by = world.caller(permissions=plain)
    dates = {"starts_at": NOW, "ends_at": NOW + HOUR}
    own = {"from_user_id": world.buyer.id, "to_user_id": deputy.id} | dates
    others = own | {"from_user_id": world.approver.id}

    theirs = await run(CreateRecord(kind=Delegation, given=others), world.caller(), storage)
    mine = await run(CreateRecord(kind=Delegation, given=own), by, storage)
    async with unchanged(owner, world):
        for refused in (
            CreateRecord(kind=Delegation, given=others),
            UpdateRecord(kind=Delegation, id=theirs.id, given={"active": False}),
            UpdateRecord(kind=Delegation, id=theirs.id, given={"from_user_id": world.buyer.id}),
            UpdateRecord(kind=Delegation, id=mine.id, given={"from_user_id": world.approver.id}),
        ):
            with pytest.raises(Forbidden, match="only those who may manage users"):
                await run(refused, by, storage)
    taken_back = UpdateRecord(kind=Delegation, id=mine.id, given={"active": False})
    assert (await run(taken_back, by, storage)).id == mine.id
