"""Facts S-25 to S-31: orders, their steps and their prices."""

from typing import Any

import asyncpg
import httpx
import pytest

from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.contents import actions, unchanged
from tests.rest.shrkity.conftest import Login
from tests.rest.shrkity.orders import FIELDS, Desk, desk, old, placed
from tests.usecases.orders import done
from tests.usecases.services import offered
from usecases.reads.service_orders import ServiceOrderFilter, ServiceOrderOrder
from usecases.service_orders import AssignServiceOrderStep, StartServiceOrderStep


@pytest.fixture
async def at(world: World, storage: SqlStorage) -> Desk:
    return await desk(world, storage)


async def test_s25_s27_an_order_is_placed_and_has_the_steps_of_its_service(
    office: httpx.AsyncClient, at: Desk
) -> None:
    made = await placed(office, at)

    assert [*made] == [*FIELDS, "cancellation_reason", "steps", "price_breakdown"]
    assert (made["status"], made["priority"]) == ("pending", "normal")
    assert made["service"] == {"id": old(at.service), "name": "Visa renewal"}
    assert made["company"] == {"id": old(at.company), "name": "Palm Trading"}
    assert made["client"] is made["company_employee"] is made["company_employee_id"] is None
    assert [(s["key"], s["type"], s["status"], s["position"]) for s in made["steps"]] == [
        ("collect", "task", "ready", 1),
        ("submit", "task", "blocked", 2),
        ("courier", "task", "ready", 3),
    ]
    assert "data" not in made  # fact S-14


async def test_s25_for_one_of_the_companys_workers_and_in_a_hurry(
    office: httpx.AsyncClient, at: Desk
) -> None:
    made = await placed(office, at, company_employee_id=old(at.worker), priority="urgent")

    assert made["company_employee_id"] == old(at.worker)
    assert made["company_employee"]["name"] == at.worker.name
    assert made["priority"] == "urgent"


async def test_s26_what_is_wrong_with_an_order_is_said_in_the_words_of_its_fields(
    office: httpx.AsyncClient,
    at: Desk,
    world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    login: Login,
) -> None:
    draft = await offered(world, storage, requires_worker=True, requires_company=True)
    hidden = await offered(world, storage)
    await owner.execute("UPDATE service_definitions SET status = 'DRAFT' WHERE id = $1", hidden.id)
    office = await login(world, limit=0)
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({}, "service_definition_id", "This must not be empty."),
        (
            {"service_definition_id": 999},
            "service_definition_id",
            "No such record in this organization.",
        ),
        (
            {"service_definition_id": old(hidden)},
            "service_definition_id",
            "This service cannot be ordered: it is not published.",
        ),
        (
            {"service_definition_id": old(at.service)},
            "company_id",
            "This service is done for a company: say which.",
        ),
        (at.order(company_id=999), "company_id", "No such record in this organization."),
        (
            at.order(service_definition_id=old(draft)),
            "company_employee_id",
            "This service is done for a worker: say for whom.",
        ),
        (
            at.order(company_id=old(at.other), company_employee_id=old(at.worker)),
            "company_employee_id",
            "This company has no such worker.",
        ),
        (
            at.order(priority="asap"),
            "priority",
            "This must be one of low, normal, high, urgent.",
        ),
    ]

    async with unchanged(owner, world):
        answers = [await office.post("/orders", json=body) for body, _, _ in wrong]

    for answer, (_, field, text) in zip(answers, wrong, strict=True):
        assert answer.status_code == 422
        assert answer.json() == {
            "message": f"{field}: {text[0].lower()}{text[1:]}",
            "code": "validation_failed",
            "errors": {field: [text]},
        }


async def test_s26_when_the_months_orders_are_used_up(
    at: Desk, world: World, owner: asyncpg.Connection, login: Login
) -> None:
    office = await login(world, limit=0)
    await owner.execute(
        "UPDATE organizations SET monthly_order_limit = 1 WHERE id = $1", world.organization.id
    )
    await placed(office, at)

    async with unchanged(owner, world):
        answer = await office.post("/orders", json=at.order())

    assert (answer.status_code, answer.json()) == (
        422,
        {
            "message": "The 1 service orders of this month are used up.",
            "code": "limit_reached",
        },
    )


async def test_s28_an_order_shows_what_it_costs(office: httpx.AsyncClient, at: Desk) -> None:
    made = await placed(office, at)

    shown = await office.get(f"/orders/{made['id']}")

    assert (shown.status_code, shown.json()) == (200, made)
    assert '"vat":15.00,"total":115.00' in shown.text
    assert made["price_breakdown"] == {
        "base": 100.0,
        "options": [],
        "discount": 0.0,
        "coupon": None,
        "covered_by_subscription": 0.0,
        "vat_rate": 15,
        "vat": 15.0,
        "total": 115.0,
        "currency": "SAR",
    }


async def test_s29_only_the_priority_is_changed(
    office: httpx.AsyncClient, at: Desk, world: World, owner: asyncpg.Connection, login: Login
) -> None:
    made = await placed(office, at)

    changed = await office.patch(f"/orders/{made['id']}", json={"priority": "low", "status": "x"})

    assert (changed.status_code, changed.json()["priority"]) == (200, "low")
    assert changed.json()["status"] == "pending"
    quiet = await login(world, limit=0)
    async with unchanged(owner, world):
        nothing = await quiet.patch(f"/orders/{made['id']}", json={})
        wrong = await quiet.patch(f"/orders/{made['id']}", json={"priority": "asap"})
    assert (nothing.status_code, nothing.json()) == (200, changed.json())
    assert (wrong.status_code, [*wrong.json()["errors"]]) == (422, ["priority"])


async def test_s30_a_step_shows_how_it_stands_against_the_clock(
    office: httpx.AsyncClient, at: Desk, world: World, storage: SqlStorage
) -> None:
    made = await placed(office, at)
    reads = storage.reads(world.caller())
    [order] = await reads.service_orders.numbered(
        ServiceOrderFilter(), ServiceOrderOrder(), offset=0, limit=1
    )
    steps = (await reads.service_order_steps.by_order_ids([order.id]))[order.id]
    await reads.close()
    ids: dict[str, Any] = {"order_id": order.id, "step_id": steps[0].id}
    await done(AssignServiceOrderStep(**ids, assignee_id=world.buyer.id), world, storage)
    await done(StartServiceOrderStep(**ids), world, storage)

    shown = (await office.get(f"/orders/{made['id']}/steps/collect")).json()
    blocked = (await office.get(f"/orders/{made['id']}/steps/submit")).json()

    sla = shown.pop("sla")
    assert [*shown] == [name for name in made["steps"][0] if name != "sla"]
    assert [*sla] == ["due_at", "paused", "breached", "remaining_seconds"]
    assert (sla["paused"], sla["breached"]) == (False, False)
    assert 36000 - 60 <= sla["remaining_seconds"] <= 36000
    assert (shown["key"], shown["status"], shown["position"]) == ("collect", "active", 1)
    assert shown["assignee"] == {"name": "Bea Buyer", "email": world.buyer.email}
    assert shown["started_at"] is not None
    assert (blocked["status"], blocked["sla"], blocked["depends_on"]) == (
        "blocked",
        None,
        ["collect"],
    )


async def test_s31_a_cancelled_order_is_done_with(
    office: httpx.AsyncClient, at: Desk, world: World, owner: asyncpg.Connection, login: Login
) -> None:
    made = await placed(office, at)

    cancelled = await office.post(f"/orders/{made['id']}/cancel")

    assert cancelled.status_code == 200
    assert cancelled.json()["status"] == "cancelled"
    assert {step["status"] for step in cancelled.json()["steps"]} == {"cancelled"}
    id = await owner.fetchval(
        "SELECT id FROM service_orders WHERE organization_id = $1", world.organization.id
    )
    assert await actions(owner, id) == ["service_order.placed", "service_order.cancelled"]
    running = "SELECT count(*) FROM sla_clocks WHERE order_id = $1 AND stopped_at IS NULL"
    assert await owner.fetchval(running, id) == 0
    quiet = await login(world, limit=0)
    path = f"/orders/{made['id']}"
    async with unchanged(owner, world):
        again = await quiet.post(f"{path}/cancel")
        changed = await quiet.patch(path, json={"priority": "high"})
        applied = await quiet.post(f"{path}/apply-coupon", json={"code": "X"})
    assert (again.status_code, again.json()) == (
        409,
        {"message": "Cannot cancel while cancelled.", "code": "invalid_state"},
    )
    assert [(a.status_code, a.json()["code"]) for a in (changed, applied)] == [
        (409, "invalid_state")
    ] * 2


async def test_s12_what_is_not_there_or_another_organizations_is_not_found(
    office: httpx.AsyncClient,
    at: Desk,
    world: World,
    other_world: World,
    owner: asyncpg.Connection,
    login: Login,
) -> None:
    made = await placed(office, at)
    theirs = await login(other_world, limit=0)
    path = f"/orders/{made['id']}"

    async with unchanged(owner, world), unchanged(owner, other_world):
        answers = [
            await theirs.get(path),
            await theirs.patch(path, json={"priority": "low"}),
            await theirs.get(f"{path}/steps/collect"),
            await theirs.post(f"{path}/cancel"),
            await theirs.post(f"{path}/apply-coupon", json={"code": "X"}),
            await theirs.delete(f"{path}/coupon"),
            await theirs.get("/orders/999"),
            await theirs.get("/orders/x"),
        ]
        foreign = await theirs.post("/orders", json=at.order())
    unknown = await office.get(f"{path}/steps/nowhere")

    expected = {"message": "The requested resource was not found."}
    assert [(a.status_code, a.json()) for a in (*answers, unknown)] == [(404, expected)] * 9
    assert [*foreign.json()["errors"]] == ["service_definition_id", "company_id"]
