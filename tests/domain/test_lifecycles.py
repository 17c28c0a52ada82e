"""Lifecycles as tables: every move from every status of a purchase order."""

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

import pytest

from domain.callers import Permission
from domain.kit.errors import Forbidden, IllegalMove
from domain.kit.lifecycle import Lifecycle, Move
from domain.purchase_orders import LIFECYCLE, PurchaseOrder, PurchaseOrderStatus
from tests import make
from tests.domain import drafts
from tests.domain.drafts import APPROVER, BUYER, DIRECTOR
from tests.make import NOON

_S = PurchaseOrderStatus
VAT = Decimal(15)

# What is possible, and where it leads; what is not here is refused.
LEADS_TO: dict[tuple[PurchaseOrderStatus, str], PurchaseOrderStatus] = {
    (_S.DRAFT, "update"): _S.DRAFT,
    (_S.DRAFT, "delete"): _S.DRAFT,
    (_S.DRAFT, "submit"): _S.PENDING_APPROVAL,
    (_S.DRAFT, "cancel"): _S.CANCELLED,
    (_S.PENDING_APPROVAL, "approve"): _S.APPROVED,
    (_S.PENDING_APPROVAL, "reject"): _S.REJECTED,
    (_S.PENDING_APPROVAL, "request_changes"): _S.DRAFT,
    (_S.PENDING_APPROVAL, "delegate"): _S.PENDING_APPROVAL,
    (_S.PENDING_APPROVAL, "recall"): _S.DRAFT,
    (_S.PENDING_APPROVAL, "cancel"): _S.CANCELLED,
    (_S.APPROVED, "cancel"): _S.CANCELLED,
    (_S.APPROVED, "amend"): _S.APPROVED,
    (_S.APPROVED, "close_short"): _S.COMPLETED,
    (_S.REJECTED, "cancel"): _S.CANCELLED,
    (_S.REJECTED, "clone"): _S.REJECTED,
    (_S.CANCELLED, "clone"): _S.CANCELLED,
}
# The buyer is the approver here, so that nothing but the status stands in the way.
DO: dict[str, Callable[[PurchaseOrder], object]] = {
    "update": lambda o: o.update({"notes": "soon"}, [], BUYER, NOON, vat_rate=VAT),
    "delete": lambda o: o.delete(BUYER, NOON),
    "submit": lambda o: o.submit(drafts.routed([APPROVER.user_id]), BUYER, NOON),
    "approve": lambda o: o.approve(BUYER, NOON),
    "reject": lambda o: o.reject(BUYER, NOON, "too dear"),
    "request_changes": lambda o: o.request_changes(BUYER, NOON, "cheaper"),
    "delegate": lambda o: o.delegate(DIRECTOR.user_id, BUYER, NOON),
    "recall": lambda o: o.recall(BUYER, NOON),
    "cancel": lambda o: o.cancel(BUYER, NOON),
    "amend": lambda o: drafts.amended(o, notes="sooner"),
    "close_short": lambda o: o.close_short(BUYER, NOON, "enough"),
    "clone": lambda o: o.clone(BUYER, NOON),
}
EVERY = [(status, action) for status in _S for action in DO]


def test_there_is_a_command_for_every_move() -> None:
    assert DO.keys() == LIFECYCLE.moves.keys()


@pytest.mark.parametrize(("status", "action"), EVERY)
def test_an_order_moves_as_the_table_says(status: PurchaseOrderStatus, action: str) -> None:
    order = drafts.standing(status, approver=BUYER)
    before = drafts.looks(order)

    if (status, action) in LEADS_TO:
        DO[action](order)
        assert order.status is LEADS_TO[status, action]
        assert len(order.pull_events()) == 1
    else:
        with pytest.raises(IllegalMove) as caught:
            DO[action](order)
        assert caught.value.message == f"cannot {action} while {status}"
        assert drafts.looks(order) == before
        assert order.pull_events() == []


@pytest.mark.parametrize(("status", "action"), EVERY)
def test_transitions_show_what_commands_would_do(status: PurchaseOrderStatus, action: str) -> None:
    order = drafts.standing(status, approver=BUYER)

    [transition] = [t for t in LIFECYCLE.transitions(order, BUYER) if t.name == action]

    assert transition.allowed == ((status, action) in LEADS_TO)


@pytest.mark.parametrize(("status", "action"), LEADS_TO)
def test_every_move_takes_its_permission(status: PurchaseOrderStatus, action: str) -> None:
    order = drafts.standing(status, approver=BUYER)
    powerless = make.caller(
        BUYER.organization_id,
        BUYER.user_id,
        permissions=frozenset(Permission) - {LIFECYCLE.needs(action)},
    )

    [blocker] = LIFECYCLE.blockers(order, action, powerless)

    assert isinstance(blocker, Forbidden)
    assert blocker.params == {"permission": LIFECYCLE.needs(action).value}


def test_the_table_and_this_test_agree_on_where_moves_begin() -> None:
    assert {(s, m.action) for m in LIFECYCLE.moves.values() for s in m.sources} == set(LEADS_TO)


def test_every_status_can_be_reached() -> None:
    assert LIFECYCLE.reachable() == set(PurchaseOrderStatus)


def test_moves_say_what_they_cannot_do_without() -> None:
    needed = {name: move.input for name, move in LIFECYCLE.moves.items() if move.input}

    assert needed == {
        "reject": ("reason",),
        "request_changes": ("comment",),
        "delegate": ("to_user_id",),
        "amend": ("reason",),
        "close_short": ("reason",),
    }


def test_the_lifecycle_can_be_drawn() -> None:
    assert LIFECYCLE.mermaid().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> DRAFT",
        "    DRAFT --> DRAFT: update",
        "    DRAFT --> [*]: delete",
        "    DRAFT --> PENDING_APPROVAL: submit",
        "    DRAFT --> APPROVED: submit",
        "    PENDING_APPROVAL --> PENDING_APPROVAL: approve",
        "    PENDING_APPROVAL --> APPROVED: approve",
        "    PENDING_APPROVAL --> REJECTED: reject",
        "    PENDING_APPROVAL --> APPROVED: reject",
        "    PENDING_APPROVAL --> PENDING_APPROVAL: reject",
        "    PENDING_APPROVAL --> DRAFT: request_changes",
        "    PENDING_APPROVAL --> APPROVED: request_changes",
        "    PENDING_APPROVAL --> PENDING_APPROVAL: delegate",
        "    PENDING_APPROVAL --> DRAFT: recall",
        "    PENDING_APPROVAL --> APPROVED: recall",
        "    APPROVED --> CANCELLED: cancel",
        "    DRAFT --> CANCELLED: cancel",
        "    PENDING_APPROVAL --> CANCELLED: cancel",
        "    REJECTED --> CANCELLED: cancel",
        "    APPROVED --> APPROVED: amend",
        "    APPROVED --> PENDING_APPROVAL: amend",
        "    APPROVED --> COMPLETED: close_short",
    ]


class Light(StrEnum):
    RED = "RED"
    GREEN = "GREEN"
    BROKEN = "BROKEN"


LIGHT = Lifecycle(
    initial=Light.RED,
    moves=[
        Move("switch", {Light.RED}, Light.GREEN, needs=Permission.USERS_WRITE),
        Move("look", Light, needs=Permission.USERS_READ),
        Move("burn_out", {Light.GREEN}, needs=None),
    ],
)


def test_a_status_that_no_move_leads_to_is_not_reachable() -> None:
    assert LIGHT.reachable() == {Light.RED, Light.GREEN}


def test_a_move_without_a_target_stays() -> None:
    assert LIGHT.after(Light.GREEN, "look") is Light.GREEN
    assert LIGHT.after(Light.RED, "switch") is Light.GREEN


def test_a_target_that_the_table_does_not_know_is_a_bug() -> None:
    with pytest.raises(ValueError, match="switch never leads to BROKEN"):
        LIGHT.after(Light.RED, "switch", Light.BROKEN)


def test_what_the_system_does_is_nobodys_to_ask_for() -> None:
    class Lamp(NamedTuple):
        status: Light = Light.GREEN

    assert LIGHT.blockers(Lamp(), "burn_out", BUYER) == ()
    assert [transition.name for transition in LIGHT.transitions(Lamp(), BUYER)] == [
        "switch",
        "look",
    ]
    with pytest.raises(ValueError, match="burn_out is done by the system"):
        LIGHT.needs("burn_out")
