"""Working on service orders step by step, in PostgreSQL: what is kept, and what follows."""

from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.callers import Permission
from domain.kit.errors import Forbidden, IllegalMove, NotFound, RuleBroken, VersionConflict
from domain.kit.ids import new_id
from domain.service_definitions import RequiredDocument, ServiceStep, StepType
from domain.service_orders import ServiceOrder, WaitingFor
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.domain.services import step
from tests.persistence.contents import actions, entries, unchanged
from tests.usecases.orders import done
from tests.usecases.services import coupon, kept, of_step, offered, placed, worked_on
from usecases.compliance_documents import CreateComplianceDocument
from usecases.kit import run
from usecases.service_orders import (
    ApplyServiceOrderCoupon,
    AssignServiceOrderStep,
    CompleteServiceOrderStep,
    ContinueServiceOrderStep,
    HoldServiceOrder,
    ReopenServiceOrderStep,
    SkipServiceOrderStep,
    StartServiceOrderStep,
    WaitServiceOrderStep,
)

MOVES: list[tuple[type[Any], dict[str, Any]]] = [
    (StartServiceOrderStep, {}),
    (WaitServiceOrderStep, {"waiting_for": WaitingFor.CLIENT}),
    (ContinueServiceOrderStep, {}),
    (CompleteServiceOrderStep, {}),
    (SkipServiceOrderStep, {}),
    (ReopenServiceOrderStep, {}),
    (AssignServiceOrderStep, {}),
]


async def statuses(owner: asyncpg.Connection, order: ServiceOrder) -> list[str]:
    query = "SELECT status FROM service_order_steps WHERE order_id = $1 ORDER BY position"
    return [row[0] for row in await owner.fetch(query, order.id)]


async def test_an_order_is_worked_on_until_it_is_completed_and_billed(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await placed(world, storage)
    assert await statuses(owner, order) == ["READY", "BLOCKED", "READY"]

    await worked_on(world, storage, order, "collect")
    assert await statuses(owner, order) == ["COMPLETED", "READY", "READY"]
    assert await kept(owner, order, "status", "version") == ["IN_PROGRESS", 3]

    await worked_on(world, storage, order, "submit")
    assert await statuses(owner, order) == ["COMPLETED", "COMPLETED", "SKIPPED"]
    assert await kept(owner, order, "status", "version") == ["COMPLETED", 5]
    states = "SELECT DISTINCT state FROM sla_clocks WHERE order_id = $1"
    assert [row[0] for row in await owner.fetch(states, order.id)] == ["MET"]
    invoices = "SELECT status, total FROM sales_invoices WHERE order_id = $1"
    assert [tuple(row) for row in await owner.fetch(invoices, order.id)] == [("ISSUED", 115)]
    assert await actions(owner, order.id) == [
        f"service_order.{past}"
        for past in (
            *("placed", "started", "step_started", "step_completed"),
            *("step_started", "step_completed", "completed"),
        )
    ]


async def test_the_coupon_of_a_completed_order_is_used_for_good(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    welcome = await coupon(world, storage)
    order = await placed(world, storage)
    await done(ApplyServiceOrderCoupon(id=order.id, code="WELCOME"), world, storage)

    await worked_on(world, storage, order, "collect", "submit")

    redemptions = "SELECT status, amount FROM coupon_redemptions WHERE coupon_id = $1"
    assert [tuple(row) for row in await owner.fetch(redemptions, welcome.id)] == [("REDEEMED", 10)]
    invoices = "SELECT total FROM sales_invoices WHERE order_id = $1"
    assert await owner.fetchval(invoices, order.id) == Decimal("103.5")


async def test_what_costs_nothing_is_not_billed(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    service = await offered(world, storage, price=Decimal(0))
    order = await placed(world, storage, service)

    await worked_on(world, storage, order, "collect", "submit")

    assert await kept(owner, order, "status", "total") == ["COMPLETED", 0]
    query = "SELECT count(*) FROM sales_invoices WHERE order_id = $1"
    assert await owner.fetchval(query, order.id) == 0


async def test_a_step_waits_goes_on_is_skipped_and_reopened(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await placed(world, storage)
    moves: list[tuple[str, Any, dict[str, Any], list[str]]] = [
        ("collect", StartServiceOrderStep, {}, ["ACTIVE", "BLOCKED", "READY"]),
        ("collect", *MOVES[1], ["WAITING", "BLOCKED", "READY"]),
        ("collect", ContinueServiceOrderStep, {}, ["ACTIVE", "BLOCKED", "READY"]),
        ("courier", SkipServiceOrderStep, {"note": "by mail"}, ["ACTIVE", "BLOCKED", "SKIPPED"]),
        ("collect", CompleteServiceOrderStep, {"note": "ok"}, ["COMPLETED", "READY", "SKIPPED"]),
        ("collect", ReopenServiceOrderStep, {"reason": "no"}, ["ACTIVE", "BLOCKED", "SKIPPED"]),
    ]

    for key, verb, values, come_to in moves:
        await done(of_step(verb, order, key, **values), world, storage)
        assert await statuses(owner, order) == come_to

    notes = "SELECT key, note FROM service_order_steps WHERE order_id = $1 AND note IS NOT NULL"
    assert {tuple(row) for row in await owner.fetch(notes, order.id)} == {
        ("collect", "ok"),
        ("courier", "by mail"),
    }
    last = (await entries(owner, order.id))[-1]
    assert last["action"] == "service_order.step_reopened"
    assert f'"step_id": "{step(order, "collect").id}"' in last["details"]


@pytest.mark.parametrize(("move", "values"), MOVES)
async def test_a_move_takes_the_version_the_permission_and_a_step_that_there_is(
    storage: SqlStorage,
    world: World,
    other_world: World,
    owner: asyncpg.Connection,
    *,
    move: type[Any],
    values: dict[str, Any],
) -> None:
    order, another = await placed(world, storage), await placed(world, storage)
    attempt = of_step(move, order, "collect", **values)
    reader = world.caller(permissions=frozenset({Permission.ORDERS_READ}))

    async with unchanged(owner, world), unchanged(owner, other_world):
        with pytest.raises(Forbidden):
            await run(attempt, reader, storage)
        late = of_step(move, order, "collect", expected_version=9, **values)
        with pytest.raises(VersionConflict):
            await run(late, world.caller(), storage)
        with pytest.raises(NotFound) as missing:
            await run(attempt, other_world.caller(), storage)
        assert missing.value.path == ("order_id",)
        for id in (step(another, "collect").id, new_id()):
            with pytest.raises(NotFound) as missing:
                await run(move(order_id=order.id, step_id=id, **values), world.caller(), storage)
            assert missing.value.path == ("step_id",)


@pytest.mark.parametrize(
    ("move", "values"), [each for each in MOVES if each[0] is not MOVES[-1][0]]
)
async def test_no_step_of_an_order_on_hold_moves(
    storage: SqlStorage,
    world: World,
    owner: asyncpg.Connection,
    move: type[Any],
    values: dict[str, Any],
) -> None:
    order = await placed(world, storage)
    await done(of_step(StartServiceOrderStep, order, "collect"), world, storage)
    await done(HoldServiceOrder(id=order.id, reason="away"), world, storage)

    async with unchanged(owner, world):
        for key in ("collect", "submit", "courier"):
            with pytest.raises(IllegalMove):
                await run(of_step(move, order, key, **values), world.caller(), storage)


async def test_a_step_is_assigned_to_who_may_do_it(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    powerless = make.user()
    await save(powerless)
    order = await placed(world, storage)
    query = "SELECT assignee_id FROM service_order_steps WHERE order_id = $1 AND key = 'submit'"
    assign = of_step(AssignServiceOrderStep, order, "submit", assignee_id=world.approver.id)

    await done(assign, world, storage)
    assert await owner.fetchval(query, order.id) == world.approver.id

    async with unchanged(owner, world):
        other = of_step(AssignServiceOrderStep, order, "submit", assignee_id=powerless.id)
        with pytest.raises(RuleBroken) as caught:
            await run(other, world.caller(), storage)
    assert caught.value.path == ("assignee_id",)


# Documents


async def with_documents(
    world: World, storage: SqlStorage, *wanted: RequiredDocument, **values: Any
) -> ServiceOrder:
    """An order whose only step was started, and asks for these documents."""
    steps = [ServiceStep(key="papers", name="Papers", type=StepType.DOCUMENT, documents=[*wanted])]
    order = await placed(world, storage, await offered(world, storage, steps=steps), **values)
    return await done(of_step(StartServiceOrderStep, order, "papers"), world, storage)


async def test_a_step_is_done_once_the_documents_it_requires_are_there(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    company, licence, photo = make.company(), make.document_type(), make.document_type()
    await save(company, licence, photo)
    wanted = [
        RequiredDocument(type_id=photo.id, required=False),
        RequiredDocument(type_id=licence.id),
    ]
    order = await with_documents(world, storage, *wanted, company_id=company.id)
    complete = of_step(CompleteServiceOrderStep, order, "papers")

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken) as caught:
            await run(complete, world.caller(), storage)
    assert [each.path for each in caught.value.problems] == [("documents", 1)]

    hand_in = CreateComplianceDocument(type_id=licence.id, company_id=company.id, number="1")
    await done(hand_in, world, storage)
    await done(complete, world, storage)
    assert await kept(owner, order, "status") == ["COMPLETED"]


@pytest.mark.parametrize("note", [None, "", " "])
async def test_documents_are_waived_with_a_reason(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection, note: str | None
) -> None:
    """An order that is not for a company has nobody whose documents they could be."""
    licence = make.document_type()
    await save(licence)
    order = await with_documents(world, storage, RequiredDocument(type_id=licence.id))
    waive = {"waive_documents": True}

    async with unchanged(owner, world):
        unexplained = of_step(CompleteServiceOrderStep, order, "papers", note=note, **waive)
        with pytest.raises(RuleBroken) as caught:
            await run(unexplained, world.caller(), storage)
    assert caught.value.path == ("note",)

    explained = of_step(CompleteServiceOrderStep, order, "papers", note="seen", **waive)
    await done(explained, world, storage)
    assert await kept(owner, order, "status") == ["COMPLETED"]
