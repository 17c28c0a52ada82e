"""What a purchase order holds: lines, totals, limits, attachments, clones."""

from decimal import Decimal
from typing import Any

import pytest

from domain.kit.errors import NotFound, RuleBroken
from domain.kit.given import UNSET
from domain.kit.ids import new_id
from domain.purchase_orders import (
    NewPurchaseOrderAttachment,
    PurchaseOrder,
    PurchaseOrderLineChange,
    PurchaseOrderStatus,
)
from tests import make
from tests.domain import drafts
from tests.domain.drafts import BUYER
from tests.make import NOON

VAT = Decimal(15)


def update(order: PurchaseOrder, *lines: PurchaseOrderLineChange, **values: Any) -> None:
    order.update(values, lines, BUYER, NOON, vat_rate=VAT)


def totals(order: PurchaseOrder) -> list[str]:
    return [str(amount) for amount in (order.subtotal, order.vat_amount, order.total)]


def described(order: PurchaseOrder) -> list[tuple[int, str]]:
    return [(line.position, line.description) for line in order.lines]


def with_lines(*descriptions: str) -> PurchaseOrder:
    return drafts.draft(*(make.line(description=text) for text in descriptions))


def refused(
    order: PurchaseOrder, *lines: PurchaseOrderLineChange, **values: Any
) -> list[tuple[Any, str]]:
    """What is wrong with a change, after seeing that it was not recorded."""
    with pytest.raises(RuleBroken) as caught:
        update(order, *lines, **values)
    assert order.pull_events() == []
    return [(problem.path, problem.message) for problem in caught.value.problems]


# Creating


def test_creating_is_told_with_its_number() -> None:
    order = drafts.draft()
    order.created("PO-2026-0042", NOON)

    [event] = order.pull_events()
    assert (event.action, event.subject_id, event.at) == (
        "purchase_order.created",
        order.id,
        NOON,
    )
    assert event.changes == {"status": (None, PurchaseOrderStatus.DRAFT)}
    assert event.details == {"number": "PO-2026-0042"}


def test_a_line_without_a_rate_gets_the_usual_one_and_zero_stays_zero() -> None:
    order = drafts.draft(make.line(vat_rate=None), make.line(vat_rate=Decimal(0)), vat_rate=VAT)

    assert [line.vat_rate for line in order.lines] == [VAT, Decimal(0)]


def test_all_that_is_wrong_with_an_order_is_said_at_once() -> None:
    with pytest.raises(RuleBroken) as caught:
        drafts.draft(
            make.line(quantity=Decimal(0), description=" "),
            make.line(unit_price=Decimal(-1), vat_rate=Decimal(101), unit="x" * 51),
            currency="XYZ",
            notes="n" * 10_001,
            delivery_address="a" * 501,
            exchange_rate=Decimal(0),
        )

    assert [(p.path, p.message) for p in caught.value.problems] == [
        (("currency",), "XYZ is no ISO 4217 currency code"),
        (("exchange_rate",), "this must be greater than 0"),
        (("notes",), "this is longer than 10000 characters"),
        (("delivery_address",), "this is longer than 500 characters"),
        (("lines", 0, "description"), "this must not be empty"),
        (("lines", 0, "quantity"), "this must be greater than 0"),
        (("lines", 1, "unit"), "this is longer than 50 characters"),
        (("lines", 1, "unit_price"), "this must be 0 or more"),
        (("lines", 1, "vat_rate"), "this must be 100 or less"),
    ]


def test_an_order_has_a_thousand_lines_and_not_one_more() -> None:
    assert drafts.draft(*[make.line()] * 1000).line_count == 1000
    with pytest.raises(RuleBroken, match="at most 1000 are possible") as caught:
        drafts.draft(*[make.line()] * 1001)
    assert caught.value.path == ("lines",)


def test_the_base_currency_has_no_rate_but_one() -> None:
    with pytest.raises(RuleBroken, match="this must be 1 for the base currency"):
        drafts.draft(exchange_rate=Decimal("1.01"))


@pytest.mark.parametrize(
    ("quantity", "price", "rate", "base"),
    [
        ("10000000000000", "1", "1", "SAR"),
        ("1000000000000", "1000000000000", "1", "SAR"),
        ("1000000000000", "1000000000000", "1000000000000", "KWD"),
        ("1000000000000", "9", "1000000000000", "KWD"),
        ("1", "1", "1000000000000", "KWD"),
    ],
)
def test_a_total_that_cannot_be_kept_is_refused(
    quantity: str, price: str, rate: str, base: str
) -> None:
    line = make.line(quantity=Decimal(quantity), unit_price=Decimal(price), vat_rate=Decimal(100))
    too_large = ("lines",), "the order's total is too large"
    expected = {
        "10000000000000": (("lines", 0, "quantity"), "this must be 1000000000000 or less"),
        "1": None,
    }.get(quantity, too_large)

    if expected is None:
        order = drafts.draft(line, currency="EUR", base_currency=base, exchange_rate=Decimal(rate))
        assert order.base_total == 2 * Decimal(rate)
        return
    with pytest.raises(RuleBroken) as caught:
        drafts.draft(line, currency="EUR", base_currency=base, exchange_rate=Decimal(rate))
    assert (caught.value.path, caught.value.message) == expected


def test_an_order_is_found_by_its_words() -> None:
    order = drafts.draft(
        make.line(description="A4-paper, 80g/m²"),
        make.line(description="ورق،حبر"),
        notes="urgent!",
        delivery_address="Gate 7",
    )

    assert order.searched == "PO 2026 0001 urgent Gate 7 A4 paper 80g m² ورق حبر"


# Attachments


def test_attachments_keep_their_order() -> None:
    order = drafts.draft(
        attachments=[
            NewPurchaseOrderAttachment(name="quote.PDF", url="https://files.example/1"),
            NewPurchaseOrderAttachment(name="no ending", url="http://files.example/2"),
        ]
    )

    assert [(a.position, a.name, a.size) for a in order.attachments] == [
        (1, "quote.PDF", None),
        (2, "no ending", None),
    ]


@pytest.mark.parametrize(
    ("name", "url", "path", "message"),
    [
        ("virus.exe", "https://x", ("name",), "files of the type exe are not accepted"),
        ("", "https://x", ("name",), "this must not be empty"),
        ("a.pdf", "ftp://x", ("url",), "this must begin with https:// or http://"),
        ("a.pdf", "javascript:x", ("url",), "this must begin with https:// or http://"),
        ("a.pdf", "https://" + "x" * 2000, ("url",), "this is longer than 2000 characters"),
    ],
)
def test_an_attachment_is_a_web_link_to_a_document(
    name: str, url: str, path: tuple[str, ...], message: str
) -> None:
    with pytest.raises(RuleBroken) as caught:
        drafts.draft(attachments=[NewPurchaseOrderAttachment(name=name, url=url)])

    assert (caught.value.path, caught.value.message) == (("attachments", 0, *path), message)


# Updating


def test_lines_are_changed_by_id_added_without_one_and_kept_when_not_named() -> None:
    order = with_lines("Paper", "Toner")
    paper, toner = order.lines

    update(
        order,
        PurchaseOrderLineChange(id=toner.id, quantity=Decimal(5)),
        PurchaseOrderLineChange(description="Pens", quantity=Decimal(3), unit_price=Decimal(1)),
    )

    assert order.lines[:2] == [paper, toner]
    assert described(order) == [(1, "Paper"), (2, "Toner"), (3, "Pens")]
    assert [toner.quantity, toner.unit_price, toner.vat_rate] == [5, 10, 15]
    assert (order.lines[2].unit, order.lines[2].vat_rate) == (None, VAT)
    assert totals(order) == ["73.00", "10.95", "83.95"]
    [event] = order.pull_events()
    assert event.action == "purchase_order.updated"
    assert event.changes == {"total": (Decimal("46.00"), Decimal("83.95"))}
    assert event.details == {
        "lines": [
            {"id": str(toner.id), "quantity": Decimal(5)},
            {
                "id": None,
                "description": "Pens",
                "quantity": Decimal(3),
                "unit_price": Decimal(1),
            },
        ]
    }


def test_null_is_the_usual_rate_and_no_unit() -> None:
    order = drafts.draft(make.line(vat_rate=Decimal(5), unit="box"))

    update(order, PurchaseOrderLineChange(id=order.lines[0].id, vat_rate=None, unit=None))

    assert (order.lines[0].vat_rate, order.lines[0].unit) == (VAT, None)


def test_what_is_left_out_stays() -> None:
    order = drafts.draft(notes="soon")

    update(order, delivery_address="Gate 7")

    assert (order.notes, order.delivery_address) == ("soon", "Gate 7")
    [event] = order.pull_events()
    assert event.changes == {"delivery_address": (None, "Gate 7")}


def test_a_change_of_nothing_is_not_recorded() -> None:
    order = drafts.draft(notes="soon")

    update(order, notes="soon")

    assert order.pull_events() == []


def test_a_line_of_another_order_is_unknown() -> None:
    order, other = drafts.draft(), drafts.draft()

    problems = refused(
        order,
        PurchaseOrderLineChange(id=order.lines[0].id),
        PurchaseOrderLineChange(id=other.lines[0].id, unit="x"),
    )

    assert problems == [(("lines", 1, "id"), "this order has no such line")]
    assert order.lines[0].unit is None


def test_a_new_line_needs_a_description_a_quantity_and_a_price() -> None:
    order = drafts.draft()

    problems = refused(order, PurchaseOrderLineChange(unit="box", quantity=None))  # type: ignore[arg-type]

    assert problems == [
        (("lines", 0, name), "this must not be empty")
        for name in ("description", "quantity", "unit_price")
    ]
    assert order.line_count == 1


@pytest.mark.parametrize("name", ["description", "quantity", "unit_price"])
def test_a_line_cannot_lose_what_it_needs(name: str) -> None:
    order = drafts.draft()

    nothing: dict[str, Any] = {name: None}
    problems = refused(order, PurchaseOrderLineChange(id=order.lines[0].id, **nothing))

    assert problems == [(("lines", 0, name), "this must not be empty")]


def test_amounts_keep_their_figures_in_another_currency() -> None:
    order = drafts.draft(make.line(unit_price=Decimal("1.005"), quantity=Decimal(1)))

    update(order, currency="JPY", exchange_rate=Decimal("0.025"))

    assert totals(order) == ["1", "0", "1"]
    assert (order.lines[0].unit_price, order.base_total) == (Decimal("1.005"), Decimal("0.03"))


# One line at a time


def test_a_line_is_added_after_the_last() -> None:
    order = with_lines("Paper")

    added = order.add_line(make.line(description="Toner"), BUYER, NOON, vat_rate=VAT)

    assert described(order) == [(1, "Paper"), (2, "Toner")]
    [event] = order.pull_events()
    assert event.action == "purchase_order.line_added"
    assert event.changes == {"total": (Decimal(23), Decimal(46))}
    assert event.details == {"line": str(added.id), "position": 2}


def test_a_line_is_changed_alone() -> None:
    order = with_lines("Paper", "Toner")
    [paper, _] = order.lines

    change = PurchaseOrderLineChange(id=paper.id, unit_price=Decimal("0.5"), unit=UNSET)
    order.update_line(change, BUYER, NOON, vat_rate=VAT)

    assert totals(order) == ["21.00", "3.15", "24.15"]
    [event] = order.pull_events()
    assert event.action == "purchase_order.line_updated"
    assert event.details == {
        "line": str(paper.id),
        "position": 1,
        "unit_price": Decimal("0.5"),
    }


def test_lines_after_a_deleted_one_move_up_and_keep_their_order() -> None:
    order = with_lines("Paper", "Toner", "Pens")
    _, toner, _ = order.lines

    order.delete_line(toner.id, BUYER, NOON)

    assert described(order) == [(1, "Paper"), (2, "Pens")]
    assert (order.line_count, order.total) == (2, Decimal(46))
    [event] = order.pull_events()
    assert (event.action, event.details) == (
        "purchase_order.line_deleted",
        {"line": str(toner.id), "position": 2},
    )


def test_a_line_added_after_a_deletion_does_not_reuse_a_position_in_use() -> None:
    order = with_lines("Paper", "Toner")
    order.delete_line(order.lines[0].id, BUYER, NOON)

    order.add_line(make.line(description="Pens"), BUYER, NOON, vat_rate=VAT)

    assert described(order) == [(1, "Toner"), (2, "Pens")]


def test_the_last_line_may_go_and_then_the_order_cannot_be_submitted() -> None:
    order = drafts.draft()
    order.delete_line(order.lines[0].id, BUYER, NOON)
    order.pull_events()
    assert totals(order) == ["0", "0", "0"]

    with pytest.raises(RuleBroken, match="an order needs at least one line"):
        order.submit(None, BUYER, NOON)

    assert order.status is PurchaseOrderStatus.DRAFT
    assert order.pull_events() == []


def test_a_line_that_is_not_there_is_not_found() -> None:
    order = drafts.draft()
    before = drafts.looks(order)

    with pytest.raises(NotFound, match="this order has no such line"):
        order.delete_line(new_id(), BUYER, NOON)
    with pytest.raises(NotFound):
        order.update_line(PurchaseOrderLineChange(id=new_id(), unit="x"), BUYER, NOON, vat_rate=VAT)

    assert drafts.looks(order) == before
    assert order.pull_events() == []


def test_a_full_order_takes_no_line() -> None:
    order = drafts.draft(*[make.line()] * 1000)

    with pytest.raises(RuleBroken, match="at most 1000 are possible"):
        order.add_line(make.line(), BUYER, NOON, vat_rate=VAT)

    assert order.pull_events() == []


# Clones


def test_a_clone_is_a_draft_with_the_same_content_and_another_creator() -> None:
    order = drafts.draft(
        make.line(vat_rate=Decimal(5), unit="box"),
        project_id=new_id(),
        currency="EUR",
        exchange_rate=Decimal("4.1"),
        notes="soon",
        delivery_address="Gate 7",
        attachments=[NewPurchaseOrderAttachment(name="a.pdf", url="https://files.example/1")],
    )
    order.cancel(BUYER, NOON)
    order.pull_events()
    cloner = make.caller(BUYER.organization_id)

    copy = order.clone(cloner, NOON)

    same = ["supplier_id", "department_id", "project_id", "currency", "exchange_rate", "notes"]
    same += ["delivery_address", "subtotal", "vat_amount", "total", "base_total"]
    assert {n: getattr(copy, n) for n in same} == {n: getattr(order, n) for n in same}
    assert (copy.status, copy.number) == (PurchaseOrderStatus.DRAFT, "")
    assert (copy.created_by_id, copy.cloned_from_id) == (cloner.user_id, order.id)
    assert (copy.lines[0].vat_rate, copy.lines[0].unit) == (Decimal(5), "box")
    assert copy.lines[0].id != order.lines[0].id
    assert [(a.name, a.url) for a in copy.attachments] == [("a.pdf", "https://files.example/1")]
    assert (copy.approval_requests, copy.submitted_at, copy.approved_at) == ([], None, None)
    [event] = order.pull_events()
    assert (event.action, event.details) == ("purchase_order.cloned", {"into": str(copy.id)})
    assert copy.pull_events() == []
