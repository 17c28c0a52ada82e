"""Amendments of approved orders: what they change, who has to agree, what undoes them."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.errors import RuleBroken
from domain.kit.ids import new_id
from domain.purchase_orders import PurchaseOrder, PurchaseOrderLineChange, PurchaseOrderStatus
from domain.purchase_orders.revisions import added, content_of, difference, leaves
from tests import make
from tests.domain import drafts
from tests.domain.drafts import APPROVER, BUYER
from tests.make import NOON

_S = PurchaseOrderStatus
NEW_LINE = PurchaseOrderLineChange(
    description="Toner", quantity=Decimal(1), unit_price=Decimal(40), vat_rate=Decimal(15)
)


def approved(*prices: int) -> PurchaseOrder:
    """A line of quantity 2 for each price, 15 % tax, everybody agreed."""
    lines = [make.line(unit_price=Decimal(price)) for price in prices or (10, 20)]
    order = drafts.pending(APPROVER)
    order.lines.clear()
    order = drafts.draft(*lines)
    order.submit(drafts.routed([APPROVER.user_id]), BUYER, NOON)
    order.approve(APPROVER, NOON)
    order.pull_events()
    return order


def changed(order: PurchaseOrder, place: int = 0, **values: Any) -> PurchaseOrderLineChange:
    return PurchaseOrderLineChange(id=order.lines[place].id, **values)


def problems(order: PurchaseOrder, **values: Any) -> list[tuple[str, tuple[str | int, ...]]]:
    with pytest.raises(RuleBroken) as caught:
        drafts.amended(order, **values)
    assert order.pull_events() == []
    return [(each.message, each.path) for each in caught.value.problems]


def test_an_amendment_is_a_new_revision_with_new_totals() -> None:
    order = approved()

    drafts.amended(order, lines=[changed(order, quantity=Decimal(3)), NEW_LINE], notes="soon")

    assert (order.status, order.revision, order.approved_revision) == (_S.APPROVED, 2, 1)
    assert [(line.position, line.total) for line in order.lines] == [
        (1, Decimal("34.50")),
        (2, Decimal("46.00")),
        (3, Decimal("46.00")),
    ]
    assert order.total == Decimal("126.50")


def test_its_event_says_what_it_changed() -> None:
    order = approved()

    drafts.amended(order, lines=[changed(order, quantity=Decimal(3))], reason="one more")

    [event] = order.pull_events()
    assert event.action == "purchase_order.amended"
    assert event.changes == {
        "lines.1.quantity": (Decimal(2), Decimal(3)),
        "total": (Decimal("69.00"), Decimal("80.50")),
    }
    assert event.details == {"reason": "one more", "revision": 2}


def test_lines_that_are_removed_leave_no_gap() -> None:
    order = approved(10, 20, 30)

    before = drafts.amended(order, removed_line_ids=[order.lines[1].id])

    assert [(line.position, line.unit_price) for line in order.lines] == [
        (1, Decimal(10)),
        (2, Decimal(30)),
    ]
    assert difference(before, content_of(order)) == {
        "lines.2.removed": (
            {
                "description": "Printer paper",
                "quantity": 2,
                "unit": None,
                "unit_price": 20,
                "vat_rate": 15,
            },
            None,
        ),
        "total": (Decimal("138.00"), Decimal("92.00")),
    }


def test_an_amendment_that_changes_nothing_is_refused() -> None:
    assert problems(approved()) == [("this amendment changes nothing", ("lines",))]


def test_an_order_keeps_a_line() -> None:
    order = approved(10)

    assert problems(order, removed_line_ids=[order.lines[0].id]) == [
        ("an order needs at least one line", ("lines",))
    ]


def test_a_reason_is_needed() -> None:
    assert problems(approved(), notes="soon", reason=" ") == [
        ("this must not be empty", ("reason",))
    ]


def test_unknown_lines_are_named() -> None:
    order = approved()

    assert problems(
        order,
        lines=[PurchaseOrderLineChange(id=new_id(), quantity=Decimal(1))],
        removed_line_ids=[new_id()],
    ) == [
        ("this order has no such line", ("lines", 0, "id")),
        ("this order has no such line", ("removed_line_ids", 0)),
    ]


def test_a_line_is_changed_or_removed() -> None:
    order = approved()
    line = order.lines[0]

    assert problems(
        order, lines=[changed(order, quantity=Decimal(1))], removed_line_ids=[line.id]
    ) == [("this line is changed and removed at once", ("removed_line_ids", 0))]


def test_what_was_delivered_stays_ordered() -> None:
    order = approved()
    order.lines[0].accepted = Decimal("1.5")

    assert problems(order, lines=[changed(order, quantity=Decimal(1))]) == [
        ("1.5 of this line were delivered or invoiced already", ("lines", 0, "quantity"))
    ]


def test_a_delivered_line_is_not_removed() -> None:
    order = approved()
    order.lines[1].rejected = Decimal(1)

    assert problems(order, removed_line_ids=[order.lines[1].id]) == [
        ("this line was delivered or invoiced already", ("removed_line_ids", 0))
    ]


def test_an_invoiced_line_keeps_its_price() -> None:
    order = approved()
    order.lines[1].invoiced = Decimal(1)

    assert problems(order, lines=[changed(order, 1, unit_price=Decimal(21))]) == [
        ("this line was invoiced at its price already", ("lines", 0, "unit_price"))
    ]


@pytest.mark.parametrize(
    ("quantity", "tolerance", "beyond"),
    [("2", "0", False), ("2.2", "5", False), ("2.21", "5", True), ("2.1", "0", True)],
)
def test_it_leaves_the_tolerance_by_what_lines_add(
    quantity: str, tolerance: str, *, beyond: bool
) -> None:
    """Two lines of 23.00 each make 46.00; 5 % of that is 2.30, which a tenth of a line is."""
    order = approved(10, 10)
    before = drafts.amended(
        order, lines=[changed(order, quantity=Decimal(quantity))], notes="anyway"
    )

    assert leaves(before, order.lines, tolerance=Decimal(tolerance), currency="SAR") is beyond


def test_a_line_that_shrinks_pays_for_no_other() -> None:
    order = approved(10, 10)

    before = drafts.amended(
        order,
        lines=[changed(order, quantity=Decimal(1)), changed(order, 1, quantity=Decimal(3))],
    )

    assert order.total == before.total
    assert added(before, order.lines) == Decimal("11.50")


def waiting(order: PurchaseOrder) -> None:
    """An amendment that the approver has to agree to: the second round."""
    request = drafts.routed([APPROVER.user_id], round=2)
    drafts.amended(
        order,
        request,
        decided=True,
        lines=[changed(order, quantity=Decimal(9)), NEW_LINE],
        removed_line_ids=[order.lines[1].id],
        notes="more",
    )
    order.pull_events()


def test_what_leaves_it_waits_for_approval() -> None:
    order = approved()

    waiting(order)

    assert (order.status, order.revision, order.approved_revision) == (_S.PENDING_APPROVAL, 2, 1)
    assert order.amending
    assert order.pending_approver_ids == [APPROVER.user_id]


def test_agreed_to_it_is_what_was_approved() -> None:
    order = approved()
    waiting(order)

    order.approve(APPROVER, NOON)

    assert (order.status, order.revision, order.approved_revision) == (_S.APPROVED, 2, 2)
    assert not order.amending


@pytest.mark.parametrize("undo", ["reject", "request_changes", "recall"])
def test_refused_or_taken_back_the_order_is_as_it_was(undo: str) -> None:
    order = approved()
    former = content_of(order)
    waiting(order)

    if undo == "recall":
        order.recall(BUYER, NOON, former)
    else:
        getattr(order, undo)(APPROVER, NOON, "too much", former)

    assert (order.status, order.revision, order.approved_revision) == (_S.APPROVED, 3, 1)
    assert content_of(order) == former
    assert order.pending_approver_ids == []
    assert len(order.pull_events()) == 1


def test_it_is_not_undone_without_what_it_changed() -> None:
    order = approved()
    waiting(order)

    with pytest.raises(ValueError, match="cannot be undone"):
        order.recall(BUYER, NOON)


@given(
    before=st.lists(st.integers(1, 50), min_size=1, max_size=5),
    after=st.lists(st.integers(1, 50), min_size=1, max_size=5),
)
def test_what_is_added_is_never_less_than_the_total_grows(
    before: list[int], after: list[int]
) -> None:
    order = approved(*before)
    former = content_of(order)
    changes = [
        changed(order, n, unit_price=Decimal(price)) for n, price in enumerate(after[: len(before)])
    ]
    drafts.amended(order, lines=changes, notes="anyway")

    assert added(former, order.lines) >= max(order.total - former.total, Decimal(0))
