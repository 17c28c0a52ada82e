"""Goods receipts as drafts: what they hold, and what they cannot."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.goods_receipts import (
    GoodsReceipt,
    GoodsReceiptStatus,
)
from domain.kit.errors import IllegalMove
from domain.kit.given import UNSET
from domain.purchase_orders import PurchaseOrderStatus
from tests.domain import drafts
from tests.domain.drafts import BUYER
from tests.domain.receipts import TODAY, approved, drafted, of, problems, standing
from tests.make import NOON

_S, _O = GoodsReceiptStatus, PurchaseOrderStatus


def test_a_draft_holds_what_was_delivered_and_tells_it() -> None:
    order = approved(10, 5)

    receipt = drafted(
        order,
        of(order, 5, at=1),
        of(order, 3, rejected=Decimal(2), rejection_reason="wet", quality_note="torn"),
        delivery_note="DN-9",
    )

    assert (receipt.number, receipt.status) == (None, _S.DRAFT)
    assert (receipt.order_id, receipt.supplier_id) == (order.id, order.supplier_id)
    assert [(x.position, x.order_line_id, x.unit) for x in receipt.lines] == [
        (1, order.lines[1].id, "ream"),
        (2, order.lines[0].id, "ream"),
    ]
    [event] = receipt.pull_events()
    assert event.action == "goods_receipt.created"
    assert event.details["order"] == str(order.id)
    assert event.details["lines"][1] == {
        "id": str(order.lines[0].id),
        "accepted": 3,
        "rejected": 2,
        "rejection_reason": "wet",
        "quality_note": "torn",
    }
    assert order.pull_events() == []


@pytest.mark.parametrize("status", [status for status in _O if status is not _O.APPROVED])
def test_w_76_goods_are_received_for_approved_orders_only(status: PurchaseOrderStatus) -> None:
    order = drafts.standing(status)

    with pytest.raises(IllegalMove) as caught:
        drafted(order)

    assert caught.value.params == {"status": status}


def test_all_that_is_wrong_with_a_draft_is_said_at_once() -> None:
    order = approved(10, 5)

    found = problems(
        lambda: drafted(
            order,
            of(order, -1, rejected=Decimal("0.1234567"), quality_note="q" * 2001),
            of(order, 0, at=1),
            received_on=TODAY + timedelta(days=1),
            delivery_note="d" * 101,
            notes="n" * 10_001,
        )
    )

    assert found == [
        (("received_on",), "this day is still to come"),
        (("delivery_note",), "this is longer than 100 characters"),
        (("notes",), "this is longer than 10000 characters"),
        (("lines", 0, "accepted"), "this must be 0 or more"),
        (("lines", 0, "rejected"), "this has more than 6 decimals"),
        (("lines", 0, "rejection_reason"), "this must not be empty"),
        (("lines", 0, "quality_note"), "this is longer than 2000 characters"),
        (("lines", 1, "accepted"), "this line says that nothing was delivered"),
    ]


def test_what_is_rejected_has_a_reason() -> None:
    order = approved()

    found = problems(
        lambda: drafted(order, of(order, 0, rejected=Decimal(1), rejection_reason=" "))
    )

    assert found == [(("lines", 0, "rejection_reason"), "this must not be empty")]


def test_lines_are_those_of_the_order_each_once_and_at_least_one() -> None:
    order, other = approved(10, 5), approved()

    assert problems(lambda: drafted(order, of(other, 1), of(order, 1), of(order, 2))) == [
        (("lines", 0, "order_line_id"), "this order has no such line"),
        (("lines", 2, "order_line_id"), "this line is on the receipt already"),
    ]
    nothing = problems(
        lambda: GoodsReceipt.create(order, [], BUYER, NOON, today=TODAY, received_on=TODAY)
    )
    assert nothing == [(("lines",), "a receipt needs at least one line")]


def test_an_update_replaces_lines_and_keeps_those_of_the_same_line_of_the_order() -> None:
    order = approved(10, 5)
    receipt = drafted(order)
    kept = receipt.lines[0].id
    receipt.pull_events()

    lines = [of(order, 2, at=1), of(order, 6)]
    receipt.update({"notes": "late"}, lines, order, BUYER, NOON, today=TODAY)

    assert [(x.position, str(x.accepted)) for x in receipt.lines] == [(1, "2"), (2, "6")]
    assert receipt.lines[1].id == kept
    [event] = receipt.pull_events()
    assert event.changes == {"notes": (None, "late")}
    assert len(event.details["lines"]) == 2


def test_an_update_that_changes_nothing_is_not_told() -> None:
    order = approved()
    receipt = standing(_S.DRAFT, order)

    receipt.update({"received_on": date(2026, 1, 2)}, UNSET, order, BUYER, NOON, today=TODAY)

    assert receipt.pull_events() == []
