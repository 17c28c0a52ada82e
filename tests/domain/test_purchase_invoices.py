"""Suppliers' invoices without a database: content, totals, and every move from every status."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.callers import Permission
from domain.kit.errors import DomainError, Forbidden, IllegalMove, RuleBroken
from domain.kit.ids import new_id
from domain.purchase_invoices import (
    LIFECYCLE,
    Match,
    MatchStatus,
    NewPurchaseInvoiceLine,
    PaymentStatus,
    PurchaseInvoice,
    PurchaseInvoiceStatus,
    Tolerances,
)
from tests import make
from tests.domain.drafts import APPROVER, BUYER, DIRECTOR, routed
from tests.domain.test_matching import ORDERED, Ordered
from tests.make import NOON

_S = PurchaseInvoiceStatus
DAY = date(2026, 1, 31)
# Entered by the buyer, so that the approver can do everything else: nothing but the status
# stands in the way. What only the creator may do is done by the buyer.
LEADS_TO: dict[tuple[PurchaseInvoiceStatus, str], PurchaseInvoiceStatus] = {
    (_S.DRAFT, "update"): _S.DRAFT,
    (_S.DRAFT, "delete"): _S.DRAFT,
    (_S.DRAFT, "submit"): _S.SUBMITTED,
    (_S.SUBMITTED, "approve"): _S.APPROVED,
    (_S.PENDING, "approve"): _S.APPROVED,
    (_S.SUBMITTED, "reject"): _S.CANCELLED,
    (_S.PENDING, "reject"): _S.CANCELLED,
    (_S.SUBMITTED, "request_changes"): _S.DRAFT,
    (_S.PENDING, "request_changes"): _S.DRAFT,
    (_S.PENDING, "delegate"): _S.PENDING,
    (_S.SUBMITTED, "recall"): _S.DRAFT,
    (_S.PENDING, "recall"): _S.DRAFT,
    (_S.DRAFT, "override_match"): _S.DRAFT,
    (_S.SUBMITTED, "override_match"): _S.SUBMITTED,
    (_S.PENDING, "override_match"): _S.PENDING,
    (_S.APPROVED, "pay"): _S.PAID,
    (_S.DRAFT, "cancel"): _S.CANCELLED,
    (_S.SUBMITTED, "cancel"): _S.CANCELLED,
    (_S.PENDING, "cancel"): _S.CANCELLED,
    (_S.APPROVED, "cancel"): _S.CANCELLED,
}
DO: dict[str, Callable[[PurchaseInvoice], object]] = {
    "update": lambda i: i.update({"notes": "soon"}, APPROVER, NOON),
    "delete": lambda i: i.delete(APPROVER, NOON),
    "submit": lambda i: i.submit(None, APPROVER, NOON),
    "approve": lambda i: i.approve(APPROVER, NOON, "fine"),
    "reject": lambda i: i.reject(APPROVER, NOON, "not ours"),
    "request_changes": lambda i: i.request_changes(APPROVER, NOON, "which order?"),
    "delegate": lambda i: i.delegate(DIRECTOR.user_id, APPROVER, NOON),
    "recall": lambda i: i.recall(BUYER, NOON),
    "override_match": lambda i: i.override_match(APPROVER, NOON, "agreed by phone"),
    "pay": lambda i: i.pay(i.owed, DAY, APPROVER, NOON, today=DAY),
    "cancel": lambda i: i.cancel(APPROVER, NOON, "entered twice"),
}
EVERY = [(status, action) for status in _S for action in DO]


def line(**values: Any) -> NewPurchaseInvoiceLine:
    given: dict[str, Any] = {
        "description": "Paper",
        "quantity": Decimal(8),
        "unit_price": Decimal(100),
        "vat_rate": Decimal(15),
        "order_line_id": ORDERED,
    }
    return NewPurchaseInvoiceLine(**(given | values))


def invoice(*lines: NewPurchaseInvoiceLine, **values: Any) -> PurchaseInvoice:
    """The buyer's draft, which matches, with nothing left to announce."""
    usual: dict[str, Any] = {
        "vendor_invoice_number": "A-1",
        "supplier_id": new_id(),
        "purchase_order_id": new_id(),
        "created_by_id": BUYER.user_id,
        "invoice_date": DAY,
        "due_date": DAY,
        "currency": "SAR",
        "base_currency": "SAR",
    }
    made = PurchaseInvoice.create(NOON, lines=lines or [line()], **(usual | values))
    made.match(Match([Ordered()], Tolerances()))
    made.created("INV-000001", NOON)
    made.pull_events()
    return made


def standing(status: PurchaseInvoiceStatus, **values: Any) -> PurchaseInvoice:
    made = invoice(**values)
    if status is _S.PENDING:
        made.submit(routed([APPROVER.user_id]), BUYER, NOON)
    elif status is not _S.DRAFT:
        made.submit(None, BUYER, NOON)
    if status in {_S.APPROVED, _S.PAID}:
        made.approve(APPROVER, NOON)
    if status is _S.PAID:
        made.pay(made.owed, DAY, APPROVER, NOON, today=DAY)
    if status is _S.CANCELLED:
        made.cancel(BUYER, NOON, "entered twice")
    made.pull_events()
    return made


def mismatched(made: PurchaseInvoice) -> PurchaseInvoice:
    made.rematch(Match([], Tolerances()), NOON)
    made.pull_events()
    return made


def looks(made: PurchaseInvoice) -> dict[str, Any]:
    state = {name: value for name, value in vars(made).items() if not name.startswith("_")}
    return state | {"lines": [dict(vars(each)) for each in made.lines]}


def test_there_is_a_command_for_every_move() -> None:
    assert DO.keys() == LIFECYCLE.moves.keys()


@pytest.mark.parametrize(("status", "action"), EVERY)
def test_an_invoice_moves_as_the_table_says(status: PurchaseInvoiceStatus, action: str) -> None:
    made = standing(status)
    if action == "override_match":
        mismatched(made)
    before = looks(made)

    if (status, action) in LEADS_TO:
        DO[action](made)
        assert made.status is LEADS_TO[status, action]
        assert len(made.pull_events()) == 1
    else:
        with pytest.raises(IllegalMove) as caught:
            DO[action](made)
        assert caught.value.message == f"cannot {action} while {status}"
        assert looks(made) == before
        assert made.pull_events() == []


@pytest.mark.parametrize(("status", "action"), EVERY)
def test_transitions_show_what_commands_would_do(
    status: PurchaseInvoiceStatus, action: str
) -> None:
    made = standing(status)
    if action == "override_match":
        mismatched(made)
    by = BUYER if action == "recall" else APPROVER

    [transition] = [t for t in LIFECYCLE.transitions(made, by) if t.name == action]

    assert transition.allowed == ((status, action) in LEADS_TO)


@pytest.mark.parametrize(("status", "action"), LEADS_TO)
def test_every_move_takes_its_permission(status: PurchaseInvoiceStatus, action: str) -> None:
    made = standing(status)
    if action == "override_match":
        mismatched(made)
    by = BUYER if action == "recall" else APPROVER
    needed = LIFECYCLE.needs(action)
    allowed = frozenset(Permission) - {needed}
    powerless = make.caller(by.organization_id, by.user_id, permissions=allowed)

    [blocker] = LIFECYCLE.blockers(made, action, powerless)

    assert isinstance(blocker, Forbidden)
    assert blocker.params == {"permission": needed.value}


def test_the_table_and_this_test_agree_on_where_moves_begin() -> None:
    assert {(s, m.action) for m in LIFECYCLE.moves.values() for s in m.sources} == set(LEADS_TO)
    assert LIFECYCLE.reachable() == set(_S)


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("approve", "nobody approves what they created"),
        ("reject", "nobody approves what they created"),
        ("request_changes", "nobody approves what they created"),
    ],
)
@pytest.mark.parametrize("status", [_S.SUBMITTED, _S.PENDING])
def test_w71_the_creator_decides_nothing(
    status: PurchaseInvoiceStatus, action: str, said: str
) -> None:
    [blocker] = LIFECYCLE.blockers(standing(status), action, BUYER)

    assert (type(blocker), blocker.message) == (Forbidden, said)


def test_w71_the_creator_approves_where_the_organization_allows_it() -> None:
    made = invoice()
    made.submit(None, BUYER, NOON, own_approval=True)

    made.approve(BUYER, NOON)

    assert made.status is _S.APPROVED


def test_only_whom_its_route_waits_for_decides() -> None:
    made = invoice()
    second = make.caller(BUYER.organization_id)
    made.submit(routed([APPROVER.user_id], [second.user_id]), BUYER, NOON)

    with pytest.raises(Forbidden, match="the current step does not wait for you"):
        made.approve(second, NOON)
    made.approve(APPROVER, NOON)

    assert (made.status, made.pending_approver_ids) == (_S.PENDING, [second.user_id])
    made.approve(second, NOON)
    assert (made.status, made.pending_approver_ids) == (_S.APPROVED, [])
    assert [e.action.rpartition(".")[2] for e in made.pull_events()] == [
        "submitted",
        "step_approved",
        "approved",
    ]


def test_a_route_without_a_needed_step_leaves_it_to_anybody() -> None:
    made = invoice()

    made.submit(routed([]), BUYER, NOON)
    made.approve(APPROVER, NOON)

    submitted, _approved = made.pull_events()
    assert submitted.changes == {"status": (_S.DRAFT, _S.SUBMITTED)}
    assert made.status is _S.APPROVED


@pytest.mark.parametrize("status", [_S.SUBMITTED, _S.PENDING])
def test_what_does_not_match_is_approved_after_an_override_only(
    status: PurchaseInvoiceStatus,
) -> None:
    made = mismatched(standing(status))

    with pytest.raises(RuleBroken) as caught:
        made.approve(APPROVER, NOON)
    assert caught.value.message == ("this invoice does not match its order and receipts")
    made.override_match(APPROVER, NOON, "agreed by phone")
    made.approve(APPROVER, NOON)

    assert made.status is _S.APPROVED
    assert made.overridden_by_id == APPROVER.user_id
    assert (made.overridden_at, made.override_reason) == (NOON, "agreed by phone")


def test_nobody_overrides_what_they_entered_or_what_matches() -> None:
    made = mismatched(invoice())

    with pytest.raises(Forbidden, match="nobody overrides the match of an invoice"):
        made.override_match(BUYER, NOON, "it is fine")
    with pytest.raises(RuleBroken, match="there is nothing to override"):
        invoice().override_match(APPROVER, NOON, "it is fine")
    with pytest.raises(RuleBroken, match="this must not be empty"):
        made.override_match(APPROVER, NOON, " ")

    assert made.overridden_by_id is None
    assert made.pull_events() == []


def test_a_change_takes_the_override_back() -> None:
    made = mismatched(invoice())
    made.override_match(APPROVER, NOON, "agreed by phone")

    made.update({}, BUYER, NOON, lines=[line(quantity=Decimal(9))])

    assert (made.overridden_by_id, made.overridden_at, made.override_reason) == (None, None, None)
    assert made.total == Decimal("1035.00")


def test_an_update_that_changes_nothing_is_no_news() -> None:
    made = mismatched(invoice())
    made.override_match(APPROVER, NOON, "agreed by phone")
    made.pull_events()

    made.update({"notes": None}, BUYER, NOON)

    assert made.overridden_by_id == APPROVER.user_id
    assert made.pull_events() == []


def test_lines_are_rounded_each_and_billed_by_the_orders_lines() -> None:
    other = new_id()
    made = invoice(
        line(quantity=Decimal("0.5"), unit_price=Decimal("0.03")),
        line(quantity=Decimal(1), unit_price=Decimal("0.105")),
        line(order_line_id=other, quantity=Decimal(2), unit_price=Decimal(1)),
        line(order_line_id=None, quantity=Decimal(1), unit_price=Decimal(7)),
        currency="USD",
        exchange_rate=Decimal("3.75"),
    )

    assert [each.net for each in made.lines] == [Decimal(x) for x in ("0.02", "0.11", "2", "7")]
    assert (made.subtotal, made.vat_amount, made.total) == (
        Decimal("9.13"),
        Decimal("1.37"),
        Decimal("10.50"),
    )
    assert made.base_total == Decimal("39.38")
    assert made.billed == {ORDERED: Decimal("1.5"), other: Decimal(2)}
    assert made.base_amounts == {ORDERED: Decimal("0.56"), other: Decimal("8.63")}


@pytest.mark.parametrize(
    ("values", "path", "said"),
    [
        ({"vendor_invoice_number": " "}, ("vendor_invoice_number",), "this must not be empty"),
        ({"currency": "ABC"}, ("currency",), "ABC is no ISO 4217 currency code"),
        ({"exchange_rate": Decimal(2)}, ("exchange_rate",), "this must be 1 for the base currency"),
        (
            {"due_date": date(2026, 1, 30)},
            ("due_date",),
            "this is before the date of the invoice",
        ),
        ({"lines": []}, ("lines",), "an invoice needs at least one line"),
        (
            {"lines": [line(unit_price=Decimal(0))]},
            ("lines",),
            "an invoice must come to more than 0",
        ),
        (
            {"lines": [line(), line(quantity=Decimal(0))]},
            ("lines", 1, "quantity"),
            "this must be greater than 0",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(
    values: dict[str, Any], path: tuple[str | int, ...], said: str
) -> None:
    lines = values.pop("lines", [line()])
    with pytest.raises(RuleBroken) as caught:
        PurchaseInvoice.create(
            NOON,
            lines=lines,
            **{
                "vendor_invoice_number": "A-1",
                "supplier_id": new_id(),
                "created_by_id": BUYER.user_id,
                "invoice_date": DAY,
                "due_date": DAY,
                "currency": "SAR",
                "base_currency": "SAR",
                **values,
            },
        )

    assert (caught.value.path, caught.value.message) == (path, said)


def test_it_is_paid_in_parts_and_never_more_than_is_owed() -> None:
    made = standing(_S.APPROVED)

    first = made.pay(Decimal(20), DAY, APPROVER, NOON, today=DAY, reference="TT-1")

    assert (made.status, made.payment_status) == (_S.APPROVED, PaymentStatus.PARTIAL)
    assert (first.position, first.reference, made.owed) == (1, "TT-1", Decimal(900))
    before = looks(made)
    for amount in ("900.01", "0", "-1", "0.001"):
        with pytest.raises(RuleBroken) as caught:
            made.pay(Decimal(amount), DAY, APPROVER, NOON, today=DAY)
        assert caught.value.path == ("amount",)
    assert looks(made) == before
    made.pay(Decimal(900), DAY, APPROVER, NOON, today=DAY)
    assert (made.status, made.payment_status) == (_S.PAID, PaymentStatus.PAID)
    assert [e.action for e in made.pull_events()] == [
        "purchase_invoice.partly_paid",
        "purchase_invoice.paid",
    ]


def test_what_is_paid_in_part_stays() -> None:
    made = standing(_S.APPROVED)
    made.pay(Decimal(20), DAY, APPROVER, NOON, today=DAY)

    with pytest.raises(DomainError, match="a part of this invoice is paid already"):
        made.cancel(APPROVER, NOON, "entered twice")

    assert made.status is _S.APPROVED


def test_a_new_match_is_news_only_when_it_is_another() -> None:
    made = invoice()

    made.rematch(Match([Ordered()], Tolerances()), NOON)
    assert made.pull_events() == []

    made.rematch(Match([Ordered(accepted=Decimal(1))], Tolerances()), NOON)
    [event] = made.pull_events()
    assert event.action == "purchase_invoice.rematched"
    assert event.changes == {"match_status": (MatchStatus.FULL_MATCH, MatchStatus.PENDING_GRN)}
