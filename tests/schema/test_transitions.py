"""What can be done with an order next, for whoever asks, and what stands in the way."""

from collections.abc import Mapping
from typing import Any

import pytest
from strawberry.utils.str_converters import to_camel_case

from domain.callers import Caller, Locale, Permission
from domain.purchase_orders import LIFECYCLE
from domain.purchase_orders.orders import PurchaseOrder
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.schema.conftest import Ask, public, reading
from tests.usecases.orders import approved, done, drafted, pending
from usecases.purchase_orders import (
    CancelPurchaseOrder,
    ClosePurchaseOrderShort,
    RejectPurchaseOrder,
)

TRANSITIONS = """query ($id: ID!) { purchaseOrder(id: $id) { status
  transitions { name allowed requiredInput blockers { code message path } } } }"""

# Status -> what the creator and the approver can do then; a stranger may do what needs no part.
ALLOWED: Mapping[str, Mapping[str, set[str]]] = {
    "DRAFT": {
        "creator": {"update", "delete", "submit", "cancel"},
        "approver": {"update", "delete", "submit", "cancel"},
        "stranger": {"update", "delete", "submit", "cancel"},
    },
    "PENDING_APPROVAL": {
        "creator": {"recall", "cancel"},
        "approver": {"approve", "reject", "requestChanges", "delegate", "cancel"},
        "stranger": {"cancel"},
    },
    "APPROVED": {
        "creator": {"amend", "cancel", "closeShort"},
        "approver": {"amend", "cancel", "closeShort"},
        "stranger": {"amend", "cancel", "closeShort"},
    },
    "REJECTED": {
        "creator": {"cancel", "clone"},
        "approver": {"cancel", "clone"},
        "stranger": {"cancel", "clone"},
    },
    "CANCELLED": {"creator": {"clone"}, "approver": {"clone"}, "stranger": {"clone"}},
    "COMPLETED": {"creator": set(), "approver": set(), "stranger": set()},
}


async def order_that_is(status: str, world: World, storage: SqlStorage) -> PurchaseOrder:
    if status == "DRAFT":
        return await drafted(world, storage)
    if status in {"APPROVED", "COMPLETED"}:
        order = await approved(world, storage)
        if status == "APPROVED":
            return order
        return await done(ClosePurchaseOrderShort(id=order.id, reason="Enough."), world, storage)
    order = await pending(world, storage)
    if status == "REJECTED":
        reject = RejectPurchaseOrder(id=order.id, reason="Too dear.")
        return await done(reject, world, storage, world.approver)
    if status == "CANCELLED":
        return await done(CancelPurchaseOrder(id=order.id), world, storage)
    return order


@pytest.mark.parametrize("status", ALLOWED)
async def test_each_status_allows_each_user_what_fits(
    ask: Ask, world: World, storage: SqlStorage, save: Save, status: str
) -> None:
    stranger = make.user("Sam Stranger")
    await save(stranger)
    order = await order_that_is(status, world, storage)
    users = {"creator": world.buyer, "approver": world.approver, "stranger": stranger}

    for who, user in users.items():
        data = await ask(TRANSITIONS, id=public(order), as_=world.caller(user))

        shown = data["purchaseOrder"]
        assert shown["status"] == status
        assert {t["name"] for t in shown["transitions"] if t["allowed"]} == ALLOWED[status][who]
        assert [t["name"] for t in shown["transitions"]] == [*map(to_camel_case, LIFECYCLE.moves)]
        for transition in shown["transitions"]:
            assert transition["allowed"] == (transition["blockers"] == [])


async def test_what_is_shown_is_what_the_mutations_do(
    ask: Ask, do: Ask, world: World, storage: SqlStorage
) -> None:
    """Every transition of a pending order, tried as the creator: refused with its blocker."""
    order = await pending(world, storage)
    needed = {"reason": "Because.", "comment": "Because.", "toUserId": public(world.approver)}
    shown = (await ask(TRANSITIONS, id=public(order)))["purchaseOrder"]["transitions"]

    for transition in shown:
        name = transition["name"]
        given = {key: needed[key] for key in transition["requiredInput"]}
        mutation = f"purchaseOrder{name[0].upper()}{name[1:]}"
        tried = await do(mutation, {"id": public(order), **given}, dryRun=True)

        assert tried["errors"] == transition["blockers"]


async def test_only_some_transitions_need_input(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    order = await drafted(world, storage)

    shown = (await ask(TRANSITIONS, id=public(order)))["purchaseOrder"]["transitions"]

    assert {t["name"]: t["requiredInput"] for t in shown if t["requiredInput"]} == {
        "reject": ["reason"],
        "requestChanges": ["comment"],
        "delegate": ["toUserId"],
        "amend": ["reason"],
        "closeShort": ["reason"],
    }


async def blockers(ask: Ask, order: PurchaseOrder, name: str, by: Caller) -> list[Any]:
    shown = (await ask(TRANSITIONS, id=public(order), as_=by))["purchaseOrder"]["transitions"]
    [found] = [t["blockers"] for t in shown if t["name"] == name]
    return found  # type: ignore[no-any-return]


async def test_every_blocker_says_what_it_is(
    ask: Ask, world: World, storage: SqlStorage, save: Save
) -> None:
    empty = await drafted(world, storage, lines=[])
    waiting = await pending(world, storage)
    stranger = make.user("Sam Stranger")
    await save(stranger)
    reader = world.caller(permissions=frozenset({Permission.PURCHASE_ORDERS_READ}))

    assert await blockers(ask, empty, "submit", world.caller()) == [
        {"code": "VALIDATION", "message": "an order needs at least one line", "path": ["lines"]}
    ]
    assert await blockers(ask, empty, "submit", reader) == [
        {
            "code": "FORBIDDEN",
            "message": "this takes the permission purchase_orders:write",
            "path": None,
        },
        {"code": "VALIDATION", "message": "an order needs at least one line", "path": ["lines"]},
    ]
    assert await blockers(ask, empty, "closeShort", world.caller()) == [
        {
            "code": "INVALID_TRANSITION",
            "message": "cannot close short while draft",
            "path": None,
        }
    ]
    assert await blockers(ask, waiting, "approve", world.caller()) == [
        {"code": "FORBIDDEN", "message": "nobody approves what they created", "path": None}
    ]
    assert await blockers(ask, waiting, "approve", world.caller(stranger)) == [
        {"code": "FORBIDDEN", "message": "the current step does not wait for you", "path": None}
    ]
    assert await blockers(ask, waiting, "recall", world.caller(world.approver)) == [
        {"code": "FORBIDDEN", "message": "only the creator recalls a document", "path": None}
    ]


@pytest.mark.parametrize(
    ("locale", "message"),
    [
        (Locale.AR, "لا يمكن الإغلاق قبل الاكتمال والحالة «مسودة»"),
        (Locale.PT, "não é possível encerrar antecipadamente no estado «rascunho»"),
    ],
)
async def test_blockers_are_said_in_the_readers_language(
    ask: Ask, world: World, storage: SqlStorage, locale: Locale, message: str
) -> None:
    order = await drafted(world, storage)

    [blocker] = await blockers(ask, order, "closeShort", reading(world.caller(), locale))

    assert blocker["message"] == message


async def test_a_whole_page_of_transitions_asks_nothing_more(
    ask: Ask, world: World, storage: SqlStorage, statements: list[str]
) -> None:
    for _ in range(3):
        await drafted(world, storage)
    statements.clear()

    await ask("{ purchaseOrders { nodes { transitions { name blockers { message } } } } }")

    assert len(statements) == 1
