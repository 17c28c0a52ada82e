"""Whatever is delivered, reversed and billed: sums stay right, and within what is allowed."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.kit.errors import IllegalMove, RuleBroken
from domain.purchase_orders import PurchaseOrderStatus, ReceiptStatus
from tests.domain.deliveries import approved, bill, receive, unreceive

_DELIVERY = st.tuples(st.integers(0, 12), st.integers(0, 12))
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), st.lists(_DELIVERY, min_size=2, max_size=2)),
        st.tuples(st.just("reverse"), st.integers(0, 20)),
        st.tuples(st.just("bill"), st.lists(st.integers(0, 4), min_size=2, max_size=2)),
    ),
    max_size=30,
)


@given(steps=_STEPS, tolerance=st.sampled_from([0, 10, 50]))
def test_no_sequence_leads_below_zero_or_beyond_the_tolerance(
    steps: list[tuple[str, Any]], tolerance: int
) -> None:
    order = approved(10, 8)
    posted: list[list[tuple[int, int]]] = []
    for do, what in steps:
        try:
            if do == "receive":
                receive(order, *what, tolerance=Decimal(tolerance))
                posted.append(what)
            elif do == "bill":
                bill(order, *what)
            elif posted:
                chosen = posted[what % len(posted)]
                unreceive(order, *chosen)
                posted.remove(chosen)
        except (RuleBroken, IllegalMove):
            pass

        for n, line in enumerate(order.lines):
            assert line.accepted == sum(delivery[n][0] for delivery in posted)
            assert line.rejected == sum(delivery[n][1] for delivery in posted)
            assert 0 <= line.accepted <= line.quantity * (100 + tolerance) / 100
        assert order.posted_receipts == len(posted)
        complete = all(line.accepted >= line.quantity for line in order.lines)
        assert (order.receipt_status is ReceiptStatus.COMPLETE) == complete
        billed = all(line.invoiced >= line.quantity for line in order.lines)
        assert (order.status is PurchaseOrderStatus.COMPLETED) == (complete and billed)
