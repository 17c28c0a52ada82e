"""Service orders: every move from every status, and that nothing happens otherwise."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.callers import Permission
from domain.kit.errors import DomainError, Forbidden, IllegalMove, NotFound, RuleBroken
from domain.kit.ids import new_id
from domain.service_orders import LIFECYCLE, Priority, Quoted, ServiceOrder, ServiceOrderStatus
from domain.service_orders.placing import Wish
from tests import make
from tests.domain.services import (
    AGENT,
    COPIES,
    EXPRESS,
    HOURS,
    NOON,
    looks,
    ordered,
    redemption,
    standing,
    statuses,
)

_S = ServiceOrderStatus
USER = new_id()

# What is possible, and where it leads; what is not here is refused.
LEADS_TO: dict[tuple[ServiceOrderStatus, str], ServiceOrderStatus] = {
    (_S.PENDING, "start"): _S.IN_PROGRESS,
    (_S.IN_PROGRESS, "hold"): _S.ON_HOLD,
    (_S.ON_HOLD, "resume"): _S.IN_PROGRESS,
    **{(status, "cancel"): _S.CANCELLED for status in (_S.PENDING, _S.IN_PROGRESS, _S.ON_HOLD)},
    **{
        (status, action): status
        for status in (_S.PENDING, _S.IN_PROGRESS, _S.ON_HOLD)
        for action in ("assign", "set_priority", "choose_options")
    },
}
DO: dict[str, Callable[[ServiceOrder], object]] = {
    "start": lambda o: o.start(AGENT, NOON, HOURS),
    "hold": lambda o: o.hold(AGENT, NOON, HOURS, "the office is closed"),
    "resume": lambda o: o.resume(AGENT, NOON, HOURS),
    "cancel": lambda o: o.cancel(AGENT, NOON, HOURS, "changed their mind"),
    "assign": lambda o: o.assign(USER, AGENT, NOON),
    "set_priority": lambda o: o.set_priority(Priority.URGENT, AGENT, NOON, HOURS),
    "choose_options": lambda o: o.choose_options([EXPRESS], AGENT, NOON),
}
PAST = {
    "start": "started",
    "hold": "held",
    "resume": "resumed",
    "cancel": "cancelled",
    "assign": "assigned",
    "set_priority": "prioritized",
    "choose_options": "options_chosen",
}
# Coupons are reserved and released beside the order: it only says whether that may be.
BY_COUPON = {"apply_coupon", "remove_coupon"}
EVERY = [(status, action) for status in _S for action in DO]


def test_there_is_a_command_for_every_move() -> None:
    asked = {name for name, move in LIFECYCLE.moves.items() if move.needs is not None}

    assert DO.keys() | BY_COUPON == asked


@pytest.mark.parametrize(("status", "action"), EVERY)
def test_an_order_moves_as_the_table_says(status: ServiceOrderStatus, action: str) -> None:
    order = standing(status)
    before = looks(order)

    if (status, action) in LEADS_TO:
        DO[action](order)
        assert order.status is LEADS_TO[status, action]
        assert [event.action for event in order.pull_events()] == [f"service_order.{PAST[action]}"]
    else:
        with pytest.raises(IllegalMove) as caught:
            DO[action](order)
        assert caught.value.message == f"cannot {action} while {status}"
        assert looks(order) == before
        assert order.pull_events() == []


@pytest.mark.parametrize(("status", "action"), EVERY)
def test_transitions_show_what_commands_would_do(status: ServiceOrderStatus, action: str) -> None:
    [transition] = [t for t in LIFECYCLE.transitions(standing(status), AGENT) if t.name == action]

    assert transition.allowed == ((status, action) in LEADS_TO)


@pytest.mark.parametrize(("status", "action"), LEADS_TO)
def test_every_move_takes_the_permission_to_write_orders(
    status: ServiceOrderStatus, action: str
) -> None:
    needed = Permission.ORDERS_WRITE
    powerless = make.caller(permissions=frozenset(Permission) - {needed})

    [blocker] = LIFECYCLE.blockers(standing(status), action, powerless)

    assert isinstance(blocker, Forbidden)
    assert blocker.params == {"permission": needed.value}


def test_every_status_can_be_reached_and_what_is_needed_is_said() -> None:
    assert LIFECYCLE.reachable() == {*ServiceOrderStatus}
    assert {name: move.input for name, move in LIFECYCLE.moves.items() if move.input} == {
        "hold": ("reason",),
        "set_priority": ("priority",),
        "choose_options": ("options",),
        "apply_coupon": ("code",),
    }


def test_holding_says_since_when_and_why_until_it_is_resumed() -> None:
    order = standing(_S.IN_PROGRESS)

    order.hold(AGENT, NOON, HOURS, "the office is closed")
    assert (order.held_at, order.hold_reason) == (NOON, "the office is closed")

    order.resume(AGENT, NOON, HOURS)
    assert (order.held_at, order.hold_reason) == (None, None)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_holding_takes_a_reason_of_some_length(reason: str) -> None:
    order = standing(_S.IN_PROGRESS)
    before = looks(order)

    with pytest.raises(RuleBroken) as caught:
        order.hold(AGENT, NOON, HOURS, reason)

    assert caught.value.path == ("reason",)
    assert looks(order) == before


def test_cancelling_cancels_the_open_steps_and_leaves_what_was_done() -> None:
    order = standing(_S.IN_PROGRESS)
    assert statuses(order) == {"collect": "COMPLETED", "submit": "ACTIVE", "courier": "READY"}

    order.cancel(AGENT, NOON, HOURS)

    assert statuses(order) == {
        "collect": "COMPLETED",
        "submit": "CANCELLED",
        "courier": "CANCELLED",
    }
    assert (order.cancelled_at, order.cancellation_reason) == (NOON, None)


@pytest.mark.parametrize(
    ("action", "again"),
    [
        ("assign", lambda o: o.assign(None, AGENT, NOON)),
        ("set_priority", lambda o: o.set_priority(Priority.NORMAL, AGENT, NOON, HOURS)),
        ("choose_options", lambda o: o.choose_options([], AGENT, NOON)),
    ],
)
def test_what_changes_nothing_is_not_told(
    action: str, again: Callable[[ServiceOrder], None]
) -> None:
    order = ordered()
    before = looks(order)

    again(order)

    assert action in DO
    assert looks(order) == before
    assert order.pull_events() == []


@pytest.mark.parametrize("status", _S)
def test_coupons_are_applied_and_removed_while_the_order_is_open(
    status: ServiceOrderStatus,
) -> None:
    order, given = standing(status), standing(status)
    given.redemptions.append(redemption(Decimal(10)))
    is_open = status in {_S.PENDING, _S.IN_PROGRESS, _S.ON_HOLD}

    def found(order: ServiceOrder, action: str) -> list[type[DomainError]]:
        return [type(blocker) for blocker in LIFECYCLE.blockers(order, action, AGENT)]

    assert found(order, "apply_coupon") == ([] if is_open else [IllegalMove])
    assert found(given, "apply_coupon") == ([RuleBroken] if is_open else [IllegalMove])
    assert found(order, "remove_coupon") == ([NotFound] if is_open else [IllegalMove])
    assert found(given, "remove_coupon") == ([] if is_open else [IllegalMove])


def test_nothing_else_is_chosen_with_what_was_quoted() -> None:
    quoted = Quoted(new_id(), "As agreed", Decimal(80), Decimal(15), "SAR")
    order = ordered(wish=Wish(quoted=quoted))
    before = looks(order)

    with pytest.raises(IllegalMove, match="this order was quoted"):
        order.choose_options([COPIES], AGENT, NOON)

    assert looks(order) == before
