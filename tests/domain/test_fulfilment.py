"""What became of an approved order: received, billed, completed; never beyond what is allowed."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from domain.kit.errors import DomainError, IllegalMove, NotFound, RuleBroken
from domain.kit.ids import new_id
from domain.purchase_orders import (
    PurchaseOrder,
    PurchaseOrderStatus,
    ReceiptStatus,
    Received,
)
from domain.purchase_orders.fulfilment import still_open
from tests.domain import drafts
from tests.domain.deliveries import NONE, approved, axes, bill, counted, receive, unreceive
from tests.domain.drafts import BUYER
from tests.make import NOON


def said(order: PurchaseOrder) -> list[tuple[str, Any]]:
    return [(event.action.partition(".")[2], event.changes) for event in order.pull_events()]


def refusal(do: Callable[[], object], order: PurchaseOrder) -> DomainError:
    """What is refused, after seeing that nothing was done."""
    before = drafts.looks(order)
    with pytest.raises(DomainError) as caught:
        do()
    assert drafts.looks(order) == before
    assert order.pull_events() == []
    return caught.value


def test_the_receipt_status_follows_what_was_accepted_of_every_line() -> None:
    order = approved(10, 5)

    receive(order, (10, 0))
    assert axes(order) == ("APPROVED", "PARTIAL", "NONE")
    receive(order, (0, 0), (0, 5))
    assert axes(order) == ("APPROVED", "PARTIAL", "NONE")
    receive(order, (0, 0), (5, 0))
    assert axes(order) == ("APPROVED", "COMPLETE", "NONE")

    assert counted(order) == [(10, 0), (5, 5)]
    assert order.posted_receipts == 3


def test_a_delivery_that_was_rejected_as_a_whole_leaves_nothing_received() -> None:
    order = approved(10)

    receive(order, (0, 10))

    assert order.receipt_status is ReceiptStatus.NONE
    assert still_open(order.lines[0].quantity, order.lines[0].accepted) == 10


def test_receiving_is_told_with_its_lines() -> None:
    order = approved(10)

    receive(order, (4, 1), receipt="7")

    [event] = order.pull_events()
    assert event.action == "purchase_order.received"
    assert event.changes == {"receipt_status": (ReceiptStatus.NONE, ReceiptStatus.PARTIAL)}
    line = {"id": str(order.lines[0].id), "accepted": 4, "rejected": 1}
    assert event.details == {"lines": [line], "receipt": "7"}


@pytest.mark.parametrize(
    ("tolerance", "most"), [(0, "10"), (5, "10.5"), (10, "11"), (100, "20"), ("0.5", "10.05")]
)
def test_as_much_as_the_tolerance_allows_is_received(tolerance: Any, most: str) -> None:
    order = approved(10)
    delivered = {order.lines[0].id: Received(Decimal(most))}

    order.receive(delivered, NOON, tolerance=Decimal(tolerance))

    assert order.lines[0].accepted == Decimal(most)
    assert order.receipt_status is ReceiptStatus.COMPLETE


def test_a_refusal_names_the_line_and_what_is_still_open() -> None:
    order = approved(10, 5)
    receive(order, (7, 3), tolerance=Decimal(10))
    order.pull_events()

    refused = refusal(lambda: receive(order, (4, 1), (6, 0), tolerance=Decimal(10)), order)

    assert isinstance(refused, RuleBroken)
    assert [(problem.path, problem.message) for problem in refused.problems] == [
        (("lines", 0), "line 1, Printer paper: 4 can still be delivered, not 5"),
        (("lines", 1), "line 2, Printer paper: 5.5 can still be delivered, not 6"),
    ]


def test_rejected_goods_count_in_their_delivery_and_can_be_delivered_again() -> None:
    order = approved(10)

    refusal(lambda: receive(order, (6, 5)), order)
    receive(order, (6, 4))
    receive(order, (4, 0))

    assert order.receipt_status is ReceiptStatus.COMPLETE


def test_another_orders_line_is_not_received() -> None:
    order = approved(10)
    delivered = {new_id(): Received(Decimal(1))}

    refused = refusal(lambda: order.receive(delivered, NOON, tolerance=NONE), order)

    assert isinstance(refused, NotFound)
    assert refused.path == ("lines", 0, "order_line_id")


DO: dict[str, Callable[[PurchaseOrder], object]] = {
    "receive": lambda order: receive(order, (1, 0)),
    "unreceive": lambda order: unreceive(order, (1, 0)),
    "bill": lambda order: bill(order, 1),
    "unbill": lambda order: order.unbill({order.lines[0].id: Decimal(1)}, NOON),
}


NOT_APPROVED = [
    (status, do)
    for status in PurchaseOrderStatus
    for do in DO
    if status is not PurchaseOrderStatus.APPROVED
    and (status, do) != (PurchaseOrderStatus.COMPLETED, "bill")
]


@pytest.mark.parametrize(("status", "do"), NOT_APPROVED)
def test_only_approved_orders_are_received_and_billed(status: PurchaseOrderStatus, do: str) -> None:
    order = drafts.standing(status)

    refused = refusal(lambda: DO[do](order), order)

    assert isinstance(refused, IllegalMove)
    assert refused.params == {"status": status}


def test_what_was_delivered_of_an_order_that_was_closed_short_is_still_billed() -> None:
    order = approved(10)
    receive(order, (4, 0))
    order.close_short(BUYER, NOON, "enough")
    order.pull_events()

    bill(order, 4)

    assert axes(order) == ("COMPLETED", "PARTIAL", "PARTIAL")
    assert [past for past, _ in said(order)] == ["invoiced"]


ALL: dict[str, Callable[[PurchaseOrder], object]] = {
    "received": lambda order: receive(order, (10, 0), (5, 0)),
    "invoiced": lambda order: bill(order, 10, 5),
}


@pytest.mark.parametrize(("first", "last"), [("received", "invoiced"), ("invoiced", "received")])
def test_what_has_all_arrived_and_is_all_billed_is_complete(first: str, last: str) -> None:
    order = approved(10, 5)

    ALL[first](order)
    assert axes(order)[0] == "APPROVED"
    order.pull_events()
    ALL[last](order)

    assert axes(order) == ("COMPLETED", "COMPLETE", "FULL")
    told = said(order)
    assert [past for past, _ in told] == [last, "completed"]
    assert told[-1][1] == {"status": (PurchaseOrderStatus.APPROVED, PurchaseOrderStatus.COMPLETED)}


def test_the_billing_status_follows_what_was_invoiced_of_every_line() -> None:
    order = approved(10, 5)
    first, second = (line.id for line in order.lines)

    seen = []
    for do, line, quantity in (
        (order.bill, first, 10),
        (order.bill, second, 5),
        (order.unbill, first, 10),
        (order.unbill, second, 5),
    ):
        do({line: Decimal(quantity)}, NOON)
        seen.append(axes(order))

    assert [billed for _, _, billed in seen] == ["PARTIAL", "FULL", "PARTIAL", "NONE"]
    assert [past for past, _ in said(order)] == [*["invoiced"] * 2, *["invoice_reversed"] * 2]


def test_a_reversal_undoes_exactly_what_was_delivered() -> None:
    order = approved(10)
    receive(order, (4, 2))
    receive(order, (5, 0))
    order.pull_events()

    unreceive(order, (4, 2))

    assert counted(order) == [(5, 0)]
    assert axes(order) == ("APPROVED", "PARTIAL", "NONE")
    assert order.posted_receipts == 1
    assert [past for past, _ in said(order)] == ["receipt_reversed"]


def test_what_approved_invoices_bill_is_not_reversed() -> None:
    order = approved(10)
    receive(order, (4, 0))
    receive(order, (5, 0))
    bill(order, 6)
    order.pull_events()

    refused = refusal(lambda: unreceive(order, (4, 0)), order)

    assert refused.message == (
        "line 1, Printer paper: approved invoices bill 6 of it, and only 5 would remain"
    )


def test_a_delivery_that_was_only_rejected_is_reversed_whatever_is_billed() -> None:
    order = approved(10)
    receive(order, (0, 4))
    bill(order, 6)

    unreceive(order, (0, 4))

    assert order.lines[0].rejected == 0


# Cancelling: fact W-49


def test_w_49_an_order_with_posted_receipts_is_not_cancelled() -> None:
    order = approved(10)
    receive(order, (0, 1))
    order.pull_events()

    refused = refusal(lambda: order.cancel(BUYER, NOON), order)
    assert isinstance(refused, IllegalMove)
    assert refused.message == "goods were received for this order: reverse their receipts first"

    unreceive(order, (0, 1))
    order.cancel(BUYER, NOON)
    assert order.status is PurchaseOrderStatus.CANCELLED


def test_w_49_an_order_with_open_invoices_is_not_cancelled() -> None:
    order = approved(10)
    order.open_invoices = 1

    refused = refusal(lambda: order.cancel(BUYER, NOON), order)

    assert refused.message == "this order has invoices that are not cancelled"
