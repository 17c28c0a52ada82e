"""Sales invoices: they come to exactly what was sold, and are paid or voided as a whole."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.callers import Permission
from domain.kit.errors import Forbidden, IllegalMove, RuleBroken
from domain.sales_invoices import LIFECYCLE, SalesInvoice, SalesInvoiceStatus
from tests import make
from tests.domain.selling import CALLER, DAY, issued, priced_order, sold_period
from tests.make import NOON

_S = SalesInvoiceStatus


def sums(invoice: SalesInvoice) -> list[tuple[Decimal, Decimal, Decimal]]:
    return [(line.net, line.vat_amount, line.total) for line in invoice.lines]


def test_an_order_is_billed_line_by_line() -> None:
    order = priced_order("200", "50.5", "-25.25")

    invoice = SalesInvoice.of_order(order, NOON)

    assert sums(invoice) == [
        (Decimal("200.00"), Decimal("30.00"), Decimal("230.00")),
        (Decimal("50.50"), Decimal("7.58"), Decimal("58.08")),
        (Decimal("-25.25"), Decimal("-3.79"), Decimal("-29.04")),
    ]
    assert (invoice.net, invoice.vat_amount, invoice.total) == (
        Decimal("225.25"),
        Decimal("33.79"),
        Decimal("259.04"),
    )
    assert invoice.total == order.total
    assert [(line.description, line.description_ar) for line in invoice.lines] == [
        ("Line 1", "بند 1"),
        ("Line 2", "بند 2"),
        ("Line 3", "بند 3"),
    ]


def test_what_a_subscription_covers_is_billed_at_nothing() -> None:
    invoice = SalesInvoice.of_order(priced_order("200", "-200"), NOON)

    assert invoice.total == 0
    assert [line.total for line in invoice.lines] == [230, -230]


amounts = st.decimals(min_value=0, max_value=100_000, places=4)


@given(
    base=amounts,
    options=st.lists(amounts, max_size=6),
    off=st.lists(st.decimals(min_value=0, max_value=1, places=3), max_size=3),
    vat_rate=st.decimals(min_value=0, max_value=100, places=2),
    currency=st.sampled_from(["SAR", "KWD", "JPY"]),
)
def test_an_invoice_comes_to_what_its_order_does(
    base: Decimal, options: list[Decimal], off: list[Decimal], vat_rate: Decimal, currency: str
) -> None:
    left, charged = base + sum(options), [base, *options]
    for share in off:  # so that never more is taken off than there is
        charged.append(-left * share)
        left -= left * share
    order = priced_order(*map(str, charged), vat_rate=str(vat_rate), currency=currency)

    invoice = SalesInvoice.of_order(order, NOON)

    assert (invoice.vat_amount, invoice.total) == (order.vat_amount, order.total)
    assert invoice.net + invoice.vat_amount == invoice.total
    for line, amount in zip(invoice.lines, charged, strict=True):
        unit = Decimal(1).scaleb({"SAR": -2, "KWD": -3, "JPY": 0}[currency])
        assert line.net + line.vat_amount == line.total
        assert abs(line.net - amount) < unit
        assert abs(line.vat_amount - amount * vat_rate / 100) < unit


def test_a_period_is_billed_by_the_name_of_its_package() -> None:
    subscription, period = sold_period("99.99")

    invoice = SalesInvoice.of_period(
        subscription, period, NOON, name="Basic", name_ar="الباقة الأساسية"
    )

    assert sums(invoice) == [(Decimal("99.99"), Decimal("15.00"), Decimal("114.99"))]
    assert (invoice.lines[0].description, invoice.lines[0].description_ar) == (
        "Basic",
        "الباقة الأساسية",
    )
    assert (invoice.period_id, invoice.subscription_id) == (period.id, subscription.id)
    assert (invoice.customer_id, invoice.order_id) == (subscription.customer_id, None)


def test_an_issued_invoice_is_due_after_thirty_days() -> None:
    invoice = SalesInvoice.of_order(priced_order("100"), NOON)

    invoice.issue("SINV-2026-0001", DAY, NOON)

    assert (invoice.status, invoice.number) == (_S.ISSUED, "SINV-2026-0001")
    assert (invoice.issued_on, invoice.due_on) == (DAY, DAY + timedelta(days=30))
    [event] = invoice.pull_events()
    assert event.action == "sales_invoice.issued"
    assert event.details == {
        "number": "SINV-2026-0001",
        "customer_id": str(invoice.customer_id),
        "service_order": str(invoice.order_id),
    }


def test_paying_notes_when_and_how() -> None:
    invoice = issued()

    invoice.pay(DAY, CALLER, NOON, today=DAY, reference="TT-1")

    assert (invoice.status, invoice.paid_on, invoice.payment_reference) == (_S.PAID, DAY, "TT-1")
    assert [event.action for event in invoice.pull_events()] == ["sales_invoice.paid"]


def test_nothing_is_paid_tomorrow() -> None:
    invoice = issued()

    with pytest.raises(RuleBroken, match="this day is still to come") as caught:
        invoice.pay(DAY + timedelta(days=1), CALLER, NOON, today=DAY, reference=None)

    assert caught.value.path == ("paid_on",)
    assert (invoice.status, invoice.paid_on) == (_S.ISSUED, None)


@pytest.mark.parametrize("reason", ["", "  "])
def test_voiding_takes_a_reason(reason: str) -> None:
    invoice = issued()

    with pytest.raises(RuleBroken, match="this must not be empty"):
        invoice.void(CALLER, NOON, reason)

    assert invoice.status is _S.ISSUED


def test_a_voided_invoice_can_be_issued_again_for_the_same() -> None:
    invoice = issued()
    invoice.void(CALLER, NOON, "wrong customer name")

    another = invoice.reissue(CALLER, NOON, replaced=False)

    assert (another.status, another.number) == (_S.DRAFT, "")
    assert (another.order_id, another.total) == (invoice.order_id, invoice.total)
    assert sums(another) == sums(invoice)
    assert {line.id for line in another.lines}.isdisjoint({line.id for line in invoice.lines})
    assert [event.action for event in invoice.pull_events()] == [
        "sales_invoice.voided",
        "sales_invoice.reissued",
    ]


def test_what_another_invoice_bills_is_not_billed_again() -> None:
    invoice = issued()
    invoice.void(CALLER, NOON, "wrong customer name")

    with pytest.raises(IllegalMove, match="another invoice bills this already"):
        invoice.reissue(CALLER, NOON, replaced=True)


LEADS_TO = {
    (_S.ISSUED, "pay"): _S.PAID,
    (_S.ISSUED, "void"): _S.VOID,
    (_S.VOID, "reissue"): _S.VOID,
}
DO: dict[str, Callable[[SalesInvoice], object]] = {
    "pay": lambda i: i.pay(DAY, CALLER, NOON, today=DAY, reference=None),
    "void": lambda i: i.void(CALLER, NOON, "mistake"),
    "reissue": lambda i: i.reissue(CALLER, NOON, replaced=False),
}
EVERY = [(status, action) for status in _S if status is not _S.DRAFT for action in DO]


@pytest.mark.parametrize(("status", "action"), EVERY)
def test_an_invoice_moves_as_the_table_says(status: SalesInvoiceStatus, action: str) -> None:
    invoice = issued()
    invoice.status = status

    if (status, action) in LEADS_TO:
        DO[action](invoice)
        assert invoice.status is LEADS_TO[status, action]
        assert len(invoice.pull_events()) == 1
    else:
        with pytest.raises(IllegalMove) as caught:
            DO[action](invoice)
        assert caught.value.message == f"cannot {action} while {status}"
        assert invoice.status is status
        assert invoice.pull_events() == []


@pytest.mark.parametrize(("status", "action"), LEADS_TO)
def test_every_move_takes_its_permission(status: SalesInvoiceStatus, action: str) -> None:
    invoice = issued()
    invoice.status = status
    reader = make.caller(permissions=frozenset({Permission.INVOICES_READ}))
    standing = type("Standing", (), {"status": status, "replaced": False})()

    [blocker] = LIFECYCLE.blockers(standing, action, reader)

    assert isinstance(blocker, Forbidden)


def test_every_status_can_be_reached() -> None:
    assert LIFECYCLE.reachable() == set(SalesInvoiceStatus)
