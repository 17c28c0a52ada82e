"""Quotations: what they come to, and where they go from where."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.callers import Permission
from domain.kit.errors import Forbidden, IllegalMove, RuleBroken
from domain.kit.ids import new_id
from domain.quotations import LIFECYCLE, NewQuotationLine, Quotation, QuotationStatus
from domain.quotations.lifecycle import Standing
from domain.sales_invoices import SalesInvoice
from tests import make
from tests.domain.selling import CALLER, DAY
from tests.make import NOON

_S = QuotationStatus
VAT = Decimal(15)
LATER = DAY + timedelta(days=1)


def line(**values: Any) -> NewQuotationLine:
    """Two units of 10.00 that are no orders."""
    given: dict[str, Any] = {
        "description": "Translation",
        "quantity": Decimal(2),
        "unit_price": Decimal(10),
    }
    return NewQuotationLine(**(given | values))


def draft(*lines: NewQuotationLine, **values: Any) -> Quotation:
    given: dict[str, Any] = {"customer_id": new_id(), "currency": "SAR"}
    return Quotation.create(lines or [line()], CALLER, NOON, vat_rate=VAT, **(given | values))


def standing(status: QuotationStatus) -> Quotation:
    """Valid until the day it is."""
    quotation = draft(valid_until=DAY)
    quotation.status = status
    return quotation


def test_amounts_are_rounded_line_by_line() -> None:
    quotation = draft(
        line(quantity=Decimal("0.333"), unit_price=Decimal("10.05")),
        line(vat_rate=Decimal(0)),
        line(service_definition_id=new_id(), quantity=Decimal(3), unit_price=Decimal("33.33")),
    )

    assert [(x.net, x.vat_amount, x.total) for x in quotation.lines] == [
        (Decimal("3.35"), Decimal("0.50"), Decimal("3.85")),
        (Decimal("20.00"), Decimal("0.00"), Decimal("20.00")),
        (Decimal("99.99"), Decimal("15.00"), Decimal("114.99")),
    ]
    assert (quotation.net, quotation.vat_amount) == (Decimal("123.34"), Decimal("15.50"))
    assert quotation.total == Decimal("138.84")
    assert [x.orders for x in quotation.lines] == [0, 0, 3]


@pytest.mark.parametrize(
    ("values", "message", "path"),
    [
        ({"description": " "}, "this must not be empty", "description"),
        ({"quantity": Decimal(0)}, "this must be greater than 0", "quantity"),
        ({"unit_price": Decimal(-1)}, "this must be 0 or more", "unit_price"),
        ({"vat_rate": Decimal(101)}, "this must be 100 or less", "vat_rate"),
        (
            {"service_definition_id": new_id(), "quantity": Decimal("1.5")},
            "this must be a whole number",
            "quantity",
        ),
        (
            {"service_definition_id": new_id(), "unit_price": Decimal("1.005")},
            "this has more than 2 decimals",
            "unit_price",
        ),
    ],
)
def test_a_line_that_cannot_be(values: dict[str, Any], message: str, path: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        draft(line(), line(**values))

    assert (caught.value.message, caught.value.path) == (message, ("lines", 1, path))


def test_a_quotation_becomes_at_most_a_hundred_orders() -> None:
    fifty = line(service_definition_id=new_id(), quantity=Decimal(50))
    draft(fifty, fifty)

    with pytest.raises(RuleBroken, match="a quotation becomes at most 100 orders"):
        draft(fifty, fifty, line(service_definition_id=new_id(), quantity=Decimal(1)))


def test_a_hundred_lines_are_possible_and_no_more() -> None:
    draft(*[line()] * 100)

    with pytest.raises(RuleBroken, match="at most 100 are possible"):
        draft(*[line()] * 101)


def test_lines_without_a_service_are_invoiced_as_quoted() -> None:
    quotation = draft(
        line(quantity=Decimal("1.5"), unit_price=Decimal("33.333")),
        line(service_definition_id=new_id()),
    )

    invoice = SalesInvoice.of_quotation(quotation, NOON)

    [only] = invoice.lines
    assert (only.quantity, only.unit_price) == (Decimal("1.5"), Decimal("33.333"))
    assert (invoice.net, invoice.vat_amount) == (Decimal("50.00"), Decimal("7.50"))
    assert (invoice.quotation_id, invoice.customer_id) == (quotation.id, quotation.customer_id)


def test_a_quotation_without_lines_is_not_sent() -> None:
    quotation = draft()
    quotation.update({}, [], CALLER, NOON, vat_rate=VAT)
    quotation.pull_events()

    with pytest.raises(RuleBroken, match="a quotation needs at least one line"):
        quotation.send(CALLER, NOON, today=DAY)

    assert (quotation.status, quotation.pull_events()) == (_S.DRAFT, [])


@pytest.mark.parametrize(("status", "action"), [(_S.DRAFT, "send"), (_S.SENT, "accept")])
def test_after_its_last_day_it_holds_no_longer(status: QuotationStatus, action: str) -> None:
    quotation = standing(status)

    with pytest.raises(IllegalMove, match="the last day of this quotation is over"):
        getattr(quotation, action)(CALLER, NOON, today=LATER)
    assert quotation.status is status

    getattr(quotation, action)(CALLER, NOON, today=DAY)
    assert quotation.status is not status


def test_without_a_last_day_it_holds_for_ever() -> None:
    quotation = draft()
    quotation.send(CALLER, NOON, today=DAY)

    with pytest.raises(IllegalMove, match="this quotation is still valid"):
        quotation.expire(CALLER, NOON, today=DAY + timedelta(days=40_000))


LEADS_TO: dict[tuple[QuotationStatus, str], QuotationStatus] = {
    (_S.DRAFT, "update"): _S.DRAFT,
    (_S.DRAFT, "delete"): _S.DRAFT,
    (_S.DRAFT, "send"): _S.SENT,
    (_S.SENT, "accept"): _S.ACCEPTED,
    (_S.SENT, "decline"): _S.DECLINED,
    (_S.SENT, "withdraw"): _S.WITHDRAWN,
    (_S.SENT, "expire"): _S.EXPIRED,
    (_S.ACCEPTED, "convert"): _S.CONVERTED,
}
DO: dict[str, Callable[[Quotation], object]] = {
    "update": lambda q: q.update({"notes": "soon"}, [line()], CALLER, NOON, vat_rate=VAT),
    "delete": lambda q: q.delete(CALLER, NOON),
    "send": lambda q: q.send(CALLER, NOON, today=DAY),
    "accept": lambda q: q.accept(CALLER, NOON, today=DAY),
    "decline": lambda q: q.decline(CALLER, NOON, "too dear"),
    "withdraw": lambda q: q.withdraw(CALLER, NOON),
    "expire": lambda q: q.expire(CALLER, NOON, today=LATER),
    "convert": lambda q: q.convert(CALLER, NOON),
}
EVERY = [(status, action) for status in _S for action in DO]


def test_there_is_a_command_for_every_move() -> None:
    assert DO.keys() == LIFECYCLE.moves.keys()
    assert {(s, m.action) for m in LIFECYCLE.moves.values() for s in m.sources} == set(LEADS_TO)


@pytest.mark.parametrize(("status", "action"), EVERY)
def test_a_quotation_moves_as_the_table_says(status: QuotationStatus, action: str) -> None:
    quotation = standing(status)

    if (status, action) in LEADS_TO:
        DO[action](quotation)
        assert quotation.status is LEADS_TO[status, action]
        assert len(quotation.pull_events()) == 1
    else:
        with pytest.raises(IllegalMove) as caught:
            DO[action](quotation)
        assert caught.value.message == f"cannot {action} while {status}"
        assert (quotation.status, quotation.pull_events()) == (status, [])


@pytest.mark.parametrize(("status", "action"), LEADS_TO)
def test_every_move_of_a_user_takes_its_permission(status: QuotationStatus, action: str) -> None:
    reader = make.caller(permissions=frozenset({Permission.QUOTATIONS_READ}))
    facts = Standing(status, 1, past=action == "expire")

    blockers = LIFECYCLE.blockers(facts, action, reader)

    assert [type(each) for each in blockers] == ([] if action == "expire" else [Forbidden])


def test_every_status_can_be_reached() -> None:
    assert LIFECYCLE.reachable() == set(QuotationStatus)
