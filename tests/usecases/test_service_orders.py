"""Moving service orders, in PostgreSQL: what is kept, what follows, and what stands in the way."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.callers import Permission
from domain.kit.errors import DomainError, Forbidden, IllegalMove, NotFound, VersionConflict
from domain.kit.ids import new_id
from domain.service_orders import Priority
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.domain import subscriptions as packages
from tests.persistence.contents import actions, unchanged
from tests.usecases.orders import done
from tests.usecases.services import coupon, kept, offered, placed, worked_on
from tests.usecases.subscriptions import balances, sold
from usecases.kit import run
from usecases.service_orders import (
    ApplyServiceOrderCoupon,
    AssignServiceOrder,
    CancelServiceOrder,
    ChooseServiceOrderOptions,
    HoldServiceOrder,
    PlaceServiceOrder,
    RemoveServiceOrderCoupon,
    ResumeServiceOrder,
    SetServiceOrderPriority,
    StartServiceOrder,
)

MOVES: list[tuple[type[Any], dict[str, Any]]] = [
    (StartServiceOrder, {}),
    (HoldServiceOrder, {"reason": "away"}),
    (ResumeServiceOrder, {}),
    (CancelServiceOrder, {}),
    (AssignServiceOrder, {}),
    (SetServiceOrderPriority, {"priority": Priority.HIGH}),
    (ChooseServiceOrderOptions, {"options": ["express"]}),
    (ApplyServiceOrderCoupon, {"code": "WELCOME"}),
    (RemoveServiceOrderCoupon, {}),
]


async def refusals(usecase: Any, world: World, storage: SqlStorage) -> list[tuple[str, Any]]:
    with pytest.raises(DomainError) as caught:
        await run(usecase, world.caller(), storage)
    return [(str(each), each.path) for each in caught.value.problems]


async def test_an_order_is_started_held_and_resumed(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await placed(world, storage)
    seen = []

    for move, values in MOVES[:3]:
        await done(move(id=order.id, **values), world, storage)
        seen.append(await kept(owner, order, "status", "hold_reason", "version"))

    assert seen == [["IN_PROGRESS", None, 2], ["ON_HOLD", "away", 3], ["IN_PROGRESS", None, 4]]
    pauses = "SELECT pauses FROM sla_clocks WHERE order_id = $1 AND stopped_at IS NULL"
    assert [row[0].count("since") for row in await owner.fetch(pauses, order.id)] == [1, 1, 1]
    assert await actions(owner, order.id) == [
        f"service_order.{past}" for past in ("placed", "started", "held", "resumed")
    ]


@pytest.mark.parametrize(("move", "values"), MOVES)
async def test_a_move_expects_the_version_that_was_seen(
    storage: SqlStorage,
    world: World,
    owner: asyncpg.Connection,
    move: type[Any],
    values: dict[str, Any],
) -> None:
    order = await placed(world, storage)

    async with unchanged(owner, world):
        with pytest.raises(VersionConflict):
            await run(move(id=order.id, expected_version=9, **values), world.caller(), storage)


@pytest.mark.parametrize(("move", "values"), MOVES)
async def test_a_move_takes_the_permission_and_an_order_that_there_is(
    storage: SqlStorage,
    world: World,
    other_world: World,
    owner: asyncpg.Connection,
    *,
    move: type[Any],
    values: dict[str, Any],
) -> None:
    order = await placed(world, storage)
    reader = world.caller(permissions=frozenset({Permission.ORDERS_READ}))

    async with unchanged(owner, world), unchanged(owner, other_world):
        with pytest.raises(Forbidden):
            await run(move(id=order.id, **values), reader, storage)
        with pytest.raises(NotFound):
            await run(move(id=order.id, **values), other_world.caller(), storage)
        with pytest.raises(NotFound):
            await run(move(id=new_id(), **values), world.caller(), storage)


@pytest.mark.parametrize(("move", "values"), MOVES)
async def test_nothing_moves_a_completed_order(
    storage: SqlStorage,
    world: World,
    owner: asyncpg.Connection,
    move: type[Any],
    values: dict[str, Any],
) -> None:
    await coupon(world, storage)
    order = await worked_on(world, storage, await placed(world, storage), "collect", "submit")

    async with unchanged(owner, world):
        with pytest.raises(IllegalMove):
            await run(move(id=order.id, **values), world.caller(), storage)


async def test_cancelling_gives_back_the_coupon_and_the_unit_of_a_subscription(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    company, service = make.company(), await offered(world, storage)
    package = packages.package(packages.item(service.id))
    await save(company, package)
    subscription = await sold(world, storage, package, company)
    welcome = await coupon(world, storage)
    given = {"company_id": company.id, "options": ["express"]}
    order = await placed(world, storage, service, **given)
    await done(ApplyServiceOrderCoupon(id=order.id, code="welcome"), world, storage)
    assert await kept(owner, order, "covered", "discount", "total") == [
        100, 5, Decimal("51.75"),
    ]  # fmt: skip

    await done(CancelServiceOrder(id=order.id, reason="too late"), world, storage)

    assert await kept(owner, order, "status", "cancellation_reason", "total") == [
        "CANCELLED", "too late", Decimal("172.5"),
    ]  # fmt: skip
    assert await balances(owner, subscription) == [(2, 0, 0)]
    used = "SELECT used FROM coupons WHERE id = $1"
    assert await owner.fetchval(used, welcome.id) == 0
    steps = "SELECT DISTINCT status FROM service_order_steps WHERE order_id = $1"
    assert [row[0] for row in await owner.fetch(steps, order.id)] == ["CANCELLED"]
    clocks = "SELECT DISTINCT state FROM sla_clocks WHERE order_id = $1"
    assert [row[0] for row in await owner.fetch(clocks, order.id)] == ["CANCELLED"]
    invoices = "SELECT count(*) FROM sales_invoices WHERE order_id = $1"
    assert await owner.fetchval(invoices, order.id) == 0
    assert (await actions(owner, order.id))[-2:] == [
        "service_order.cancelled",
        "service_order.repriced",
    ]


# Who looks after it


async def test_an_order_is_assigned_and_taken_back(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await placed(world, storage)

    await done(AssignServiceOrder(id=order.id, assignee_id=world.approver.id), world, storage)
    assert await kept(owner, order, "assignee_id", "version") == [world.approver.id, 2]

    await done(AssignServiceOrder(id=order.id), world, storage)
    assert await kept(owner, order, "assignee_id", "version") == [None, 3]


async def test_only_an_active_user_who_may_change_orders_looks_after_one(
    storage: SqlStorage, world: World, other_world: World, save: Save, owner: asyncpg.Connection
) -> None:
    reader = make.role(permissions=[Permission.ORDERS_READ])
    await save(reader)
    gone = make.user(role_ids=[world.role.id], active=False)
    powerless = make.user(role_ids=[reader.id])
    await save(gone, powerless)
    order = await placed(world, storage)

    async with unchanged(owner, world):
        found = [
            await refusals(AssignServiceOrder(id=order.id, assignee_id=id), world, storage)
            for id in (gone.id, powerless.id, other_world.buyer.id)
        ]

    nobody = [("no such user, or none that is active", ("assignee_id",))]
    assert found == [nobody, [("this user may not change orders", ("assignee_id",))], nobody]


# How urgent it is


async def test_a_priority_makes_the_clocks_due_sooner(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await placed(world, storage)

    await done(SetServiceOrderPriority(id=order.id, priority=Priority.URGENT), world, storage)

    assert await kept(owner, order, "priority", "version") == ["URGENT", 2]
    due = (
        "SELECT due_at - started_at FROM sla_clocks WHERE order_id = $1"
        " AND step_id IS NULL ORDER BY 1"
    )
    minutes = [timedelta(minutes=15), timedelta(minutes=150)]
    assert [row[0] for row in await owner.fetch(due, order.id)] == minutes


async def test_an_order_is_as_urgent_as_it_was_placed(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    service = await offered(world, storage)
    place = PlaceServiceOrder(service_definition_id=service.id, priority=Priority.LOW)
    order = await done(place, world, storage)

    assert await kept(owner, order, "priority") == ["LOW"]
    due = "SELECT max(due_at - started_at) FROM sla_clocks WHERE order_id = $1"
    assert await owner.fetchval(due, order.id) == timedelta(minutes=1200)
    assert datetime.now(UTC) - order.created_at < timedelta(minutes=5)
