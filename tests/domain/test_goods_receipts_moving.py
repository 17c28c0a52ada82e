"""Goods receipts on their way: posted to their order, reversed."""

from collections.abc import Callable

import pytest

from domain.callers import Permission
from domain.goods_receipts import (
    LIFECYCLE,
    GoodsReceipt,
    GoodsReceiptStatus,
)
from domain.goods_receipts.lifecycle import Standing
from domain.kit.errors import Forbidden, IllegalMove, RuleBroken
from domain.kit.given import UNSET
from domain.purchase_orders import PurchaseOrder, PurchaseOrderStatus
from tests import make
from tests.domain import drafts
from tests.domain.drafts import BUYER
from tests.domain.receipts import TODAY, approved, drafted, looks, post, problems, standing
from tests.make import NOON

_S, _O = GoodsReceiptStatus, PurchaseOrderStatus
LEADS_TO: dict[tuple[GoodsReceiptStatus, str], GoodsReceiptStatus] = {
    (_S.DRAFT, "update"): _S.DRAFT,
    (_S.DRAFT, "delete"): _S.DRAFT,
    (_S.DRAFT, "post"): _S.POSTED,
    (_S.POSTED, "reverse"): _S.REVERSED,
}
DO: dict[str, Callable[[GoodsReceipt, PurchaseOrder], object]] = {
    "update": lambda r, o: r.update({"notes": "late"}, UNSET, o, BUYER, NOON, today=TODAY),
    "delete": lambda r, o: r.delete(o, BUYER, NOON),
    "post": post,
    "reverse": lambda r, o: r.reverse(o, BUYER, NOON, "counted twice"),
}


def test_there_is_a_command_for_every_move_and_a_way_to_every_status() -> None:
    assert DO.keys() == LIFECYCLE.moves.keys()
    assert LIFECYCLE.reachable() == set(_S)
    assert {(s, m.action) for m in LIFECYCLE.moves.values() for s in m.sources} == {*LEADS_TO}


@pytest.mark.parametrize("action", DO)
@pytest.mark.parametrize("status", _S)
def test_a_receipt_moves_as_the_table_says(status: GoodsReceiptStatus, action: str) -> None:
    order = approved()
    receipt = standing(status, order)
    before, ordered = looks(receipt), drafts.looks(order)
    shown = LIFECYCLE.transitions(Standing(receipt.status, order.status), BUYER)
    [transition] = [t for t in shown if t.name == action]

    assert transition.allowed == ((status, action) in LEADS_TO)
    if transition.allowed:
        DO[action](receipt, order)
        assert receipt.status is LEADS_TO[status, action]
        assert len(receipt.pull_events()) == 1
    else:
        found = problems(lambda: DO[action](receipt, order))
        assert found == [((), f"cannot {action} while {status}")]
        assert (looks(receipt), drafts.looks(order)) == (before, ordered)
        assert receipt.pull_events() == order.pull_events() == []


@pytest.mark.parametrize(("status", "action"), LEADS_TO)
def test_every_move_takes_its_permission(status: GoodsReceiptStatus, action: str) -> None:
    powerless = make.caller(permissions=frozenset(Permission) - {Permission.GOODS_RECEIPTS_WRITE})

    [blocker] = LIFECYCLE.blockers(Standing(status, _O.APPROVED), action, powerless)

    assert isinstance(blocker, Forbidden)


@pytest.mark.parametrize("order_status", [status for status in _O if status is not _O.APPROVED])
@pytest.mark.parametrize(("status", "action"), [(_S.DRAFT, "post"), (_S.POSTED, "reverse")])
def test_what_moves_the_order_takes_an_approved_one(
    status: GoodsReceiptStatus, action: str, order_status: PurchaseOrderStatus
) -> None:
    [blocker] = LIFECYCLE.blockers(Standing(status, order_status), action, BUYER)

    assert isinstance(blocker, IllegalMove)
    assert blocker.params == {"status": order_status}


def test_posting_puts_it_down_to_the_order_with_a_number() -> None:
    order = approved(10)
    receipt = standing(_S.DRAFT, order)

    post(receipt, order)

    assert (receipt.number, receipt.posted_at) == ("GR-2026-0001", NOON)
    assert receipt.posted_by_id == BUYER.user_id
    assert order.lines[0].accepted == 4
    [posted], [received] = receipt.pull_events(), order.pull_events()
    assert posted.changes == {"status": (_S.DRAFT, _S.POSTED)}
    assert posted.details == {"order": str(order.id), "number": "GR-2026-0001"}
    assert received.action == "purchase_order.received"
    assert received.details["receipt"] == str(receipt.id)


def test_a_delivery_that_the_order_refuses_is_not_posted() -> None:
    order = approved(3)
    receipt = standing(_S.DRAFT, order)
    before = looks(receipt)

    found = problems(lambda: post(receipt, order, tolerance=10))

    message = "line 1, Printer paper: 3.3 can still be delivered, not 4"
    assert found == [(("lines", 0), message)]
    assert looks(receipt) == before
    assert receipt.pull_events() == order.pull_events() == []


def test_a_reversal_takes_back_what_was_posted_and_says_why() -> None:
    order = approved(10)
    receipt = standing(_S.POSTED, order)

    receipt.reverse(order, BUYER, NOON, "counted twice")

    assert (receipt.reversal_reason, receipt.reversed_by_id) == ("counted twice", BUYER.user_id)
    assert receipt.number == "GR-2026-0001"
    assert [line.accepted for line in order.lines] == [0]
    assert order.posted_receipts == 0
    [event] = order.pull_events()
    assert event.details["reason"] == "counted twice"


def test_a_reversal_takes_a_reason() -> None:
    order = approved()
    receipt = standing(_S.POSTED, order)

    found = problems(lambda: receipt.reverse(order, BUYER, NOON, " "))

    assert found == [(("reason",), "this must not be empty")]
    assert receipt.status is _S.POSTED
    assert order.lines[0].accepted == 4


def test_of_two_drafts_for_the_same_goods_one_is_posted() -> None:
    order = approved(6)
    first, second = drafted(order), drafted(order)
    post(first, order)

    with pytest.raises(RuleBroken, match="2 can still be delivered, not 4"):
        post(second, order)

    assert order.posted_receipts == 1
