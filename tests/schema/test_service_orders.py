"""Service orders through the graph: placed, worked on, moved, priced, and seen."""

from typing import Any

import asyncpg
import pytest
from strawberry.utils.str_converters import to_camel_case

from domain.callers import Permission
from domain.kit.ids import new_id
from domain.service_orders import LIFECYCLE, STEP_LIFECYCLE
from persistence.storage import SqlStorage
from schema.kit.ids import to_public
from tests.conftest import World, keep
from tests.domain.services import step
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, public
from tests.service_orders import coupon
from tests.usecases.customers import Customers, customers
from tests.usecases.services import offered, placed

WHOLE = """{ number version status priority overdue
  serviceDefinition { name } customer { name ... on Company { type } } worker { name }
  assignee { name } createdBy { name } calendar { name }
  price { base { amount } options { amount } discount { amount } covered { amount }
    net { amount } vatRate vat { amount } total { amount currency } }
  total { amount } priceLines { position kind key label labelAr amount { amount } }
  steps { position key name nameAr type status optional dependsOn waitingFor note
    targets { kind minutes } documents { required } assignee { name } startedAt completedAt }
  clocks { measures state step { key } }
  coupon { code status } subscriptionAllocation { used } invoices { number }
  startedAt heldAt holdReason completedAt cancelledAt cancellationReason
  legacyIds { channel } auditTrail { action } }"""


@pytest.fixture
async def ours(world: World, storage: SqlStorage) -> Customers:
    return await customers(world, storage, name="Palm Trading")


def of_step(order: Any, key: str, **values: Any) -> dict[str, Any]:
    return {"orderId": public(order), "stepId": public(step(order, key))} | values


async def test_an_order_is_placed_with_everything(
    do: Ask, world: World, storage: SqlStorage, ours: Customers
) -> None:
    service = await offered(world, storage, requires_company=True, requires_worker=True)
    given = {
        "serviceDefinitionId": public(service),
        "companyId": public(ours.company),
        "workerId": public(ours.worker),
        "priority": "HIGH",
        "options": ["express"],
    }

    payload = await do("serviceOrderPlace", given, WHOLE)

    assert payload["errors"] == []
    shown = payload["serviceOrder"]
    number, steps, clocks = shown.pop("number"), shown.pop("steps"), shown.pop("clocks")
    assert number.endswith("-0001")
    assert shown == {
        "version": 1,
        "status": "PENDING",
        "priority": "HIGH",
        "overdue": False,
        "serviceDefinition": {"name": "Visa renewal"},
        "customer": {"name": "Palm Trading", "type": None},
        "worker": {"name": "Test Worker"},
        "assignee": None,
        "createdBy": {"name": "Bea Buyer"},
        "calendar": None,
        "price": {
            "base": {"amount": "100.00"},
            "options": {"amount": "50.00"},
            "discount": {"amount": "0.00"},
            "covered": {"amount": "0.00"},
            "net": {"amount": "150.00"},
            "vatRate": "15",
            "vat": {"amount": "22.50"},
            "total": {"amount": "172.50", "currency": "SAR"},
        },
        "total": {"amount": "172.50"},
        "priceLines": [
            _line(1, "BASE", None, "Visa renewal", "تجديد التأشيرة", "100.00"),
            _line(2, "OPTION", "express", "Express", "عاجل", "50.00"),
        ],
        "coupon": None,
        "subscriptionAllocation": None,
        "invoices": [],
        **dict.fromkeys(("startedAt", "heldAt", "holdReason", "completedAt")),
        **dict.fromkeys(("cancelledAt", "cancellationReason")),
        "legacyIds": [{"channel": "SHRKITY"}],
        "auditTrail": [{"action": "service_order.placed"}],
    }
    assert [(s["key"], s["status"], s["dependsOn"], s["optional"]) for s in steps] == [
        ("collect", "READY", [], False),
        ("submit", "BLOCKED", ["collect"], False),
        ("courier", "READY", [], True),
    ]
    assert steps[0]["targets"] == [
        {"kind": "FIRST_RESPONSE", "minutes": 60},
        {"kind": "RESOLUTION", "minutes": 600},
    ]
    assert sorted((c["measures"], (c["step"] or {}).get("key", "")) for c in clocks) == [
        ("FIRST_RESPONSE", ""),
        ("FIRST_RESPONSE", "collect"),
        ("RESOLUTION", ""),
        ("RESOLUTION", "collect"),
    ]


def _line(
    position: int, kind: str, key: str | None, label: str, label_ar: str, amount: str
) -> dict[str, Any]:
    named = {"key": key, "label": label, "labelAr": label_ar, "amount": {"amount": amount}}
    return {"position": position, "kind": kind} | named


async def test_an_order_is_worked_on_until_it_is_done_and_billed(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await placed(world, storage)
    applied = coupon()
    await keep(storage, world.caller(), applied)
    assignee = {"assigneeId": public(world.approver)}

    async def done(mutation: str, given: dict[str, Any]) -> Any:
        payload = await do(mutation, given, WHOLE)
        assert payload["errors"] == []
        return payload["serviceOrder"]

    id = {"id": public(order)}
    assert (await done("serviceOrderAssign", id | assignee))["assignee"]["name"] == "Abe Approver"
    assert (await done("serviceOrderSetPriority", id | {"priority": "LOW"}))["priority"] == "LOW"
    options = await done("serviceOrderChooseOptions", id | {"options": ["copies"]})
    assert options["price"]["options"] == {"amount": "7.25"}
    with_coupon = await done("serviceOrderApplyCoupon", id | {"code": applied.code.lower()})
    assert with_coupon["coupon"] == {"code": applied.code, "status": "RESERVED"}
    assert with_coupon["price"]["discount"] == {"amount": "10.00"}
    assert (await done("serviceOrderRemoveCoupon", id))["coupon"] is None
    assert (await done("serviceOrderApplyCoupon", id | {"code": applied.code}))["coupon"]
    assert (await done("serviceOrderStart", id))["status"] == "IN_PROGRESS"
    held = await done("serviceOrderHold", id | {"reason": "The client is away."})
    assert (held["status"], held["holdReason"]) == ("ON_HOLD", "The client is away.")
    assert {clock["state"] for clock in held["clocks"]} <= {"PAUSED", "MET"}
    assert (await done("serviceOrderResume", id))["status"] == "IN_PROGRESS"
    given = await done("serviceOrderStepAssign", of_step(order, "collect", **assignee))
    assert given["steps"][0]["assignee"] == {"name": "Abe Approver"}
    await done("serviceOrderStepStart", of_step(order, "collect"))
    waiting = await done("serviceOrderStepWait", of_step(order, "collect", waitingFor="CLIENT"))
    assert waiting["steps"][0]["waitingFor"] == "CLIENT"
    await done("serviceOrderStepContinue", of_step(order, "collect"))
    await done("serviceOrderStepComplete", of_step(order, "collect", note="All there."))
    reopened = await done("serviceOrderStepReopen", of_step(order, "collect"))
    assert [step["status"] for step in reopened["steps"]] == ["ACTIVE", "BLOCKED", "READY"]
    await done("serviceOrderStepComplete", of_step(order, "collect", note="All there."))
    skipped = await done("serviceOrderStepSkip", of_step(order, "courier"))
    assert [step["status"] for step in skipped["steps"]] == ["COMPLETED", "READY", "SKIPPED"]
    await done("serviceOrderStepStart", of_step(order, "submit"))
    last = await done("serviceOrderStepComplete", of_step(order, "submit"))

    assert last["status"] == "COMPLETED"
    assert last["steps"][0]["note"] == "All there."
    assert last["coupon"]["status"] == "REDEEMED"
    assert len(last["invoices"]) == 1
    assert {clock["state"] for clock in last["clocks"]} <= {"MET", "CANCELLED"}


async def test_transitions_say_what_can_be_done_with_an_order_and_its_steps(
    ask: Ask, do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await placed(world, storage)
    document = """query ($id: ID!) { serviceOrder(id: $id) {
      transitions { name allowed requiredInput blockers { code message } }
      steps { key transitions { name allowed blockers { code message } } } } }"""

    async def transitions(**asked: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        shown = (await ask(document, id=public(order), **asked))["serviceOrder"]
        own = {t["name"]: t for t in shown["transitions"]}
        return own, {s["key"]: {t["name"]: t for t in s["transitions"]} for s in shown["steps"]}

    own, steps = await transitions()
    moves = [name for name, move in LIFECYCLE.moves.items() if move.needs is not None]
    assert [*own] == [*map(to_camel_case, moves)]
    allowed = {name for name, t in own.items() if t["allowed"]}
    assert allowed == {"start", "cancel", "assign", "setPriority", "chooseOptions", "applyCoupon"}
    assert own["removeCoupon"]["blockers"] == [
        {"code": "NOT_FOUND", "message": "this order has no coupon"}
    ]
    assert own["setPriority"]["requiredInput"] == ["priority"]
    moves = [name for name, move in STEP_LIFECYCLE.moves.items() if move.needs is not None]
    assert [*steps["submit"]] == [*map(to_camel_case, moves)]
    assert {n for n, t in steps["collect"].items() if t["allowed"]} == {"start", "assign"}
    assert steps["collect"]["skip"]["blockers"] == [
        {"code": "INVALID_TRANSITION", "message": "the order of this step is pending"},
        {
            "code": "INVALID_TRANSITION",
            "message": "this step cannot be skipped: it is required",
        },
    ]
    reader = world.caller(permissions=frozenset({Permission.ORDERS_READ}))
    own, steps = await transitions(as_=reader)
    assert not any(t["allowed"] for each in (own, *steps.values()) for t in each.values())

    for key, verb in (("collect", "Start"), ("collect", "Complete"), ("submit", "Start")):
        await do(f"serviceOrderStep{verb}", of_step(order, key))
    _, steps = await transitions()
    assert steps["collect"]["reopen"]["blockers"] == [
        {
            "code": "INVALID_TRANSITION",
            "message": "a step that depends on this one has begun already",
        }
    ]


async def test_what_is_shown_takes_its_own_permission(
    ask: Ask, refused: Ask, world: World, storage: SqlStorage, ours: Customers
) -> None:
    order = await placed(world, storage, company_id=ours.company.id, worker_id=ours.worker.id)
    reader = world.caller(permissions=frozenset({Permission.ORDERS_READ}))
    asking = "query ($id: ID!) {{ serviceOrder(id: $id) {{ number {} }} }}"

    data = await ask(asking.format("steps { key } price { vatRate }"), as_=reader, id=public(order))
    assert data["serviceOrder"]["number"] == order.number
    relations = ("serviceDefinition", "customer", "worker", "createdBy")
    for name in relations:
        [error] = await refused(asking.format(name + " { id }"), as_=reader, id=public(order))
        assert error["extensions"]["code"] == "FORBIDDEN"
        assert error["path"] == ["serviceOrder", name]
    nobody = world.caller(permissions=frozenset(Permission) - {Permission.ORDERS_READ})
    for document in ("{ serviceOrders { nodes { id } } }", asking.format("id")):
        [error] = await refused(document, as_=nobody, id=public(order))
        assert error["extensions"]["code"] == "FORBIDDEN"


async def test_another_organizations_orders_are_not_there(
    ask: Ask,
    do: Ask,
    world: World,
    other_world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
) -> None:
    theirs = await placed(other_world, storage)
    theirs_too = of_step(theirs, "collect")
    id, nowhere = public(theirs), to_public("so", new_id())
    document = """query ($id: ID!, $step: ID!) { serviceOrder(id: $id) { id }
      node(id: $step) { id } serviceOrders { totalCount } }"""

    async with unchanged(owner, world), unchanged(owner, other_world):
        data = await ask(document, id=id, step=theirs_too["stepId"])
        tried = [
            await do("serviceOrderStart", {"id": id}),
            await do("serviceOrderCancel", {"id": nowhere}),
            await do("serviceOrderApplyCoupon", {"id": id, "code": "X"}),
            await do("serviceOrderStepStart", theirs_too),
            await do("serviceOrderStepAssign", theirs_too),
        ]

    assert data == {"serviceOrder": None, "node": None, "serviceOrders": {"totalCount": 0}}
    assert [[e["code"] for e in payload["errors"]] for payload in tried] == [["NOT_FOUND"]] * 5


async def test_what_stands_in_the_way_is_said_at_its_field_and_nothing_happens(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    service = await offered(world, storage, requires_company=True, requires_worker=True)
    order = await placed(world, storage)
    other = await placed(world, storage)
    place = {"serviceDefinitionId": public(service)}
    id = {"id": public(order)}

    async with unchanged(owner, world):
        tried = [
            await do("serviceOrderPlace", place),
            await do("serviceOrderPlace", place | {"companyId": to_public("com", new_id())}),
            await do("serviceOrderChooseOptions", id | {"options": ["gold"]}),
            await do("serviceOrderApplyCoupon", id | {"code": "nothing"}),
            await do("serviceOrderAssign", id | {"assigneeId": to_public("usr", new_id())}),
            await do("serviceOrderHold", id | {"reason": "Why not."}),
            await do("serviceOrderStepComplete", of_step(order, "collect")),
            await do(
                "serviceOrderStepStart",
                {"orderId": public(order), "stepId": public(step(other, "collect"))},
            ),
        ]

    assert [[(e["code"], e["path"]) for e in payload["errors"]] for payload in tried] == [
        [("VALIDATION", ["companyId"]), ("VALIDATION", ["workerId"])],
        [("VALIDATION", ["companyId"])],
        [("VALIDATION", ["options", "0"])],
        [("VALIDATION", ["code"])],
        [("VALIDATION", ["assigneeId"])],
        [("INVALID_TRANSITION", None)],
        [("INVALID_TRANSITION", None)],
        [("NOT_FOUND", ["stepId"])],
    ]
    assert [payload["serviceOrder"] for payload in tried] == [None] * 8
