"""Budgets: what is left of them, whom they refuse, and how lines share an order's amount."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.budgets import LIFECYCLE, Booking, BudgetPolicy, BudgetStatus, EntryKind
from domain.budgets.balances import Balance
from domain.callers import Permission
from domain.kit.errors import BudgetExceeded, Forbidden, IllegalMove, RuleBroken
from domain.kit.ids import new_id
from domain.purchase_orders import PurchaseOrderLine
from domain.purchase_orders.bookings import amounts
from tests import make
from tests.domain import drafts
from tests.domain.drafts import APPROVER, BUYER
from tests.domain.ledgers import Ledger
from tests.make import NOON

ZERO = Decimal(0)
VERBS = ("activate", "freeze", "unfreeze", "close")
LEADS_TO = {
    (BudgetStatus.DRAFT, "activate"): BudgetStatus.ACTIVE,
    (BudgetStatus.ACTIVE, "freeze"): BudgetStatus.FROZEN,
    (BudgetStatus.FROZEN, "unfreeze"): BudgetStatus.ACTIVE,
    (BudgetStatus.DRAFT, "close"): BudgetStatus.CLOSED,
    (BudgetStatus.ACTIVE, "close"): BudgetStatus.CLOSED,
    (BudgetStatus.FROZEN, "close"): BudgetStatus.CLOSED,
}


def line(total: str) -> PurchaseOrderLine:
    made = PurchaseOrderLine(
        position=1,
        description="Paper",
        quantity=Decimal(1),
        unit_price=Decimal(total),
        vat_rate=ZERO,
    )
    made.price("USD")
    return made


def reserve(amount: int) -> list[Booking]:
    return [Booking(new_id(), EntryKind.RESERVE, reserved=Decimal(amount))]


@pytest.mark.parametrize(
    ("allocated", "committed", "spent", "available", "utilization"),
    [
        (500_000, 127_500, 84_250, "288250", "42.35"),  # vector N-3
        (200_000, 45_000, 120_000, "35000", "82.50"),  # vector N-3
        (0, 0, 0, "0", "0.00"),
        (3, 1, 0, "2", "33.33"),
        (3, 1, 1, "1", "66.67"),
        (1000, 0, 0, "1000", "0.00"),
    ],
)
def test_available_and_utilization_follow_from_the_sums(
    allocated: int, committed: int, spent: int, available: str, utilization: str
) -> None:
    balance = Balance(Decimal(allocated), Decimal(7), Decimal(committed), Decimal(spent))

    assert balance.available == Decimal(available)
    assert balance.headroom == Decimal(available) - 7
    assert str(balance.utilization) == utilization


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", BudgetStatus)
def test_a_budget_moves_as_the_table_says(status: BudgetStatus, verb: str) -> None:
    budget = make.budget(new_id(), status=status)
    budget.pull_events()

    if (status, verb) in LEADS_TO:
        getattr(budget, verb)(BUYER, NOON)
        assert budget.status is LEADS_TO[status, verb]
        assert len(budget.pull_events()) == 1
    else:
        with pytest.raises(IllegalMove, match=f"cannot {verb} while {status}"):
            getattr(budget, verb)(BUYER, NOON)
        assert (budget.status, budget.pull_events()) == (status, [])


def test_every_status_of_a_budget_can_be_reached() -> None:
    assert LIFECYCLE.reachable() == set(BudgetStatus)
    assert {*LIFECYCLE.moves} == {*VERBS, "update"}


@pytest.mark.parametrize("verb", VERBS)
def test_moving_a_budget_takes_its_permission(verb: str) -> None:
    status = next(status for status, each in LEADS_TO if each == verb)
    budget = make.budget(new_id(), status=status)
    powerless = make.caller(permissions=frozenset(Permission) - {Permission.BUDGETS_WRITE})

    with pytest.raises(Forbidden):
        getattr(budget, verb)(powerless, NOON)

    assert budget.status is status


@pytest.mark.parametrize(
    ("policy", "status", "refused"),
    [
        (BudgetPolicy.OFF, BudgetStatus.ACTIVE, None),
        (BudgetPolicy.OFF, BudgetStatus.FROZEN, None),
        (BudgetPolicy.WARN, BudgetStatus.ACTIVE, None),
        (BudgetPolicy.WARN, BudgetStatus.FROZEN, RuleBroken),
        (BudgetPolicy.BLOCK, BudgetStatus.ACTIVE, BudgetExceeded),
        (BudgetPolicy.BLOCK, BudgetStatus.CLOSED, RuleBroken),
        (BudgetPolicy.BLOCK, BudgetStatus.DRAFT, RuleBroken),
    ],
)
def test_w77_the_policy_says_what_more_than_is_left_meets(
    policy: BudgetPolicy, status: BudgetStatus, refused: Any
) -> None:
    budget = make.budget(new_id(), policy=policy, status=status)

    if refused is None:
        budget.book(reserve(101), NOON)
        assert budget.balance.headroom == -1
    else:
        with pytest.raises(refused):
            budget.book(reserve(101), NOON)
        assert budget.reserved == 0


def test_a_budget_that_blocks_gives_all_it_has_and_no_more() -> None:
    budget = make.budget(new_id())

    budget.book(reserve(100), NOON)

    with pytest.raises(BudgetExceeded) as caught:
        budget.book(reserve(1), NOON)
    assert caught.value.path == ("lines",)
    assert caught.value.params == {
        "amount": Decimal("1.00"),
        "currency": "SAR",
        "budget": "Supplies",
        "headroom": Decimal("0.00"),
    }
    assert budget.balance.headroom == 0


def test_what_one_line_gives_back_another_can_take_in_the_same_booking() -> None:
    budget = make.budget(new_id())
    budget.book(reserve(100), NOON)
    freed = Booking(new_id(), EntryKind.RELEASE, reserved=Decimal(-40))

    budget.book([freed, *reserve(40)], NOON)

    assert budget.balance.headroom == 0


@pytest.mark.parametrize("policy", BudgetPolicy)
def test_no_budget_holds_more_than_can_be_counted(policy: BudgetPolicy) -> None:
    most = 9 * 10**13
    budget = make.budget(new_id(), policy=policy)
    budget.book(reserve(most - 1), NOON, checked=False)
    budget.pull_events()

    with pytest.raises(RuleBroken) as caught:
        budget.book(reserve(2), NOON, checked=False)
    assert budget.reserved == most - 1
    assert budget.pull_events() == []
    budget.book(reserve(1), NOON, checked=False)

    assert caught.value.path == ("lines",)
    assert caught.value.message == "no budget holds more than 90000000000000.00 SAR"
    assert budget.reserved == most


def test_bookings_are_told_in_order_with_what_they_are_about() -> None:
    ledger = Ledger()
    ledger.budget.pull_events()
    order = ledger.drafted(10)

    ledger.do(order, lambda: order.submit(None, BUYER, NOON))

    told = [(event.action, event.details["amount"]) for event in ledger.budget.pull_events()]
    assert told == [("budget.reserved", Decimal("23.00")), ("budget.committed", Decimal("23.00"))]


def test_an_allocation_that_blocks_is_not_lowered_below_what_is_taken() -> None:
    budget = make.budget(new_id())
    budget.book(reserve(60), NOON)

    with pytest.raises(RuleBroken, match=r"60.00 SAR of this budget are taken already"):
        budget.update({"allocated_amount": Decimal(59)}, NOON)
    budget.update({"allocated_amount": Decimal(60)}, NOON)
    budget.update({"policy": BudgetPolicy.WARN, "allocated_amount": Decimal(10)}, NOON)

    assert budget.balance.headroom == -50


@pytest.mark.parametrize(
    ("name", "value"),
    [("department_id", new_id()), ("project_id", new_id()), ("fiscal_year", 2031)],
)
def test_whom_a_budget_is_for_changes_only_as_long_as_it_is_a_draft(
    name: str, value: object
) -> None:
    drafted, active = make.budget(new_id(), status=BudgetStatus.DRAFT), make.budget(new_id())

    drafted.update({name: value}, NOON)
    with pytest.raises(RuleBroken) as caught:
        active.update({name: value}, NOON)

    assert getattr(drafted, name) == value
    assert caught.value.path == (name,)
    assert active.fiscal_year == datetime.now(UTC).year


@pytest.mark.parametrize(
    ("totals", "rate", "total", "expected"),
    [
        (["10", "20"], "1", "30", ["10", "20"]),
        (["0.10", "0.10", "0.10"], "3.755", "1.13", ["0.38", "0.38", "0.37"]),
        (["0.01", "0.01", "0.01"], "0.5", "0.02", ["0.01", "0.01", "0.00"]),
        (["0.01"] * 4 + ["0.00"], "0.5", "0.02", ["0.01", "0.01", "0.00", "0.00", "0.00"]),
        (["0.01"] * 4, "0.4", "0.02", ["0.00", "0.00", "0.00", "0.02"]),
        ([], "1", "0", []),
    ],
)
def test_the_last_lines_take_the_rounding_difference_and_none_is_below_nothing(
    totals: list[str], rate: str, total: str, expected: list[str]
) -> None:
    lines = [line(each) for each in totals]

    shared = amounts(lines, Decimal(rate), "SAR", Decimal(total))

    assert shared == [Decimal(each) for each in expected]
    assert sum(shared, ZERO) == Decimal(total)


def test_an_order_without_a_budget_books_nothing() -> None:
    order = drafts.draft()

    order.submit(None, BUYER, NOON)

    assert [order.rebook(), order.spend({order.lines[0].id: Decimal(1)})] == [[], []]
    assert order.lines[0].committed == order.lines[0].spent == 0


def test_a_line_that_is_taken_off_gives_back_what_it_held() -> None:
    ledger = Ledger(allocated_amount=Decimal(1000))
    order = ledger.drafted(10, 20)  # 23.00 and 46.00
    ledger.do(order, lambda: order.submit(None, BUYER, NOON))
    gone = order.lines[1].id

    booked = ledger.do(order, lambda: drafts.amended(order, removed_line_ids=[gone]))

    assert booked == [Booking(gone, EntryKind.RELEASE, committed=Decimal("-46.00"))]
    assert ledger.of_entries() == (0, 23, 0)


def test_an_amendment_that_is_refused_leaves_the_budget_as_it_was() -> None:
    ledger = Ledger(allocated_amount=Decimal(1000))
    order = ledger.drafted(10, 20)
    ledger.do(order, lambda: order.submit(None, BUYER, NOON))
    request = drafts.routed([APPROVER.user_id])
    former: list[Any] = []
    gone = [order.lines[1].id]

    ledger.do(order, lambda: former.append(drafts.amended(order, request, removed_line_ids=gone)))
    assert ledger.of_entries() == (0, 23, 0)
    ledger.do(order, lambda: order.reject(APPROVER, NOON, "no", former[0]), checked=False)

    assert ledger.of_entries() == (0, 69, 0)
    ledger.check()


def test_an_invoice_spends_what_is_committed_and_gives_it_back_when_it_is_cancelled() -> None:
    ledger = Ledger()
    order = ledger.drafted(10)
    ledger.do(order, lambda: order.submit(None, BUYER, NOON))
    bill = {order.lines[0].id: Decimal(25)}

    ledger.do(order, lambda: None, lambda o: o.spend(bill))
    assert ledger.of_entries() == (0, 0, 25)
    ledger.do(order, lambda: None, lambda o: o.unspend(bill))

    assert ledger.of_entries() == (0, 23, 0)


def test_what_a_closed_order_gives_back_is_not_committed_again() -> None:
    ledger = Ledger()
    order = ledger.drafted(10)
    ledger.do(order, lambda: order.submit(None, BUYER, NOON))
    bill = {order.lines[0].id: Decimal(3)}
    ledger.do(order, lambda: None, lambda o: o.spend(bill))
    ledger.do(order, lambda: order.close_short(BUYER, NOON, "enough"))
    assert ledger.of_entries() == (0, 0, 3)

    ledger.do(order, lambda: None, lambda o: o.unspend(bill))

    assert ledger.of_entries() == (0, 0, 0)
