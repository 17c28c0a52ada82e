"""The three-way match: every verdict, as a table."""

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

import pytest

from domain.kit.ids import new_id
from domain.purchase_invoices import (
    Match,
    MatchAspect,
    MatchFinding,
    MatchStatus,
    MatchVerdict,
    Tolerances,
)

_S, _V, _A = MatchStatus, MatchVerdict, MatchAspect
ORDERED, OTHER = new_id(), new_id()


@dataclass
class Ordered:
    """Ten at 100 with 15 % tax, of which eight were accepted, unless it says otherwise."""

    id: UUID = ORDERED
    quantity: Decimal = Decimal(10)
    unit_price: Decimal = Decimal(100)
    vat_rate: Decimal = Decimal(15)
    accepted: Decimal = Decimal(8)
    invoiced: Decimal = Decimal(0)


@dataclass
class Invoiced:
    """Eight at 100 with 15 % tax, unless it says otherwise."""

    quantity: Decimal = Decimal(8)
    unit_price: Decimal = Decimal(100)
    vat_rate: Decimal = Decimal(15)
    order_line_id: UUID | None = ORDERED
    match_status: MatchStatus = _S.MISMATCH
    findings: list[MatchFinding] = field(default_factory=list)


def finding(line: Invoiced, aspect: MatchAspect) -> tuple[MatchVerdict, str, str]:
    [found] = [each for each in line.findings if each.aspect is aspect]
    return found.verdict, str(found.expected), str(found.found)


# invoiced, accepted, billed already, tolerance, over-receipt tolerance -> verdict, expected, found
QUANTITIES = [
    ("8", "8", "0", "0", "0", _V.AGREES, "8", "8"),
    ("7.999999", "8", "0", "0", "0", _V.AGREES, "8", "7.999999"),
    ("8.000001", "8", "0", "0", "0", _V.WAITING, "8", "8.000001"),
    ("10", "8", "0", "0", "0", _V.WAITING, "8", "10"),
    ("10", "0", "0", "0", "0", _V.WAITING, "0", "10"),
    ("10.000001", "8", "0", "0", "0", _V.DIFFERS, "10", "10.000001"),
    ("10.000001", "10", "0", "0", "0", _V.DIFFERS, "10", "10.000001"),
    ("5", "8", "3", "0", "0", _V.AGREES, "8", "8"),
    ("5", "8", "4", "0", "0", _V.WAITING, "8", "9"),
    ("5", "8", "6", "0", "0", _V.DIFFERS, "10", "11"),
    ("8.4", "8", "0", "5", "0", _V.AGREES, "8", "8.4"),
    ("8.41", "8", "0", "5", "0", _V.WAITING, "8", "8.41"),
    ("11", "8", "0", "0", "10", _V.WAITING, "8", "11"),
    ("11.01", "8", "0", "0", "10", _V.DIFFERS, "10", "11.01"),
    ("11", "11", "0", "0", "10", _V.AGREES, "11", "11"),
    ("10.4", "8", "0", "5", "0", _V.WAITING, "8", "10.4"),  # agrees once all is accepted
]
PRICES = [
    ("100", "0", _V.AGREES),
    ("99", "0", _V.AGREES),
    ("0", "0", _V.AGREES),
    ("100.000001", "0", _V.DIFFERS),
    ("102", "2", _V.AGREES),
    ("102.01", "2", _V.DIFFERS),
]
RATES = [
    ("15", "0", _V.AGREES),
    ("14.99", "0", _V.DIFFERS),
    ("15.01", "0", _V.DIFFERS),
    ("14.5", "0.5", _V.AGREES),
    ("15.5", "0.5", _V.AGREES),
    ("15.51", "0.5", _V.DIFFERS),
    ("0", "0.5", _V.DIFFERS),
]


@pytest.mark.parametrize(
    ("invoiced", "accepted", "billed", "tolerance", "over", "verdict", "expected", "found"),
    QUANTITIES,
)
def test_quantities(
    invoiced: str,
    accepted: str,
    billed: str,
    tolerance: str,
    over: str,
    verdict: MatchVerdict,
    expected: str,
    found: str,
) -> None:
    line = Invoiced(quantity=Decimal(invoiced))
    ordered = Ordered(accepted=Decimal(accepted), invoiced=Decimal(billed))
    tolerances = Tolerances(quantity=Decimal(tolerance), over_receipt=Decimal(over))

    Match([ordered], tolerances).of([line])

    assert finding(line, _A.QUANTITY) == (verdict, expected, found)


@pytest.mark.parametrize(("price", "tolerance", "verdict"), PRICES)
def test_prices(price: str, tolerance: str, verdict: MatchVerdict) -> None:
    line = Invoiced(unit_price=Decimal(price))

    Match([Ordered()], Tolerances(price=Decimal(tolerance))).of([line])

    assert finding(line, _A.UNIT_PRICE) == (verdict, "100", price)


@pytest.mark.parametrize(("rate", "tolerance", "verdict"), RATES)
def test_tax_rates(rate: str, tolerance: str, verdict: MatchVerdict) -> None:
    line = Invoiced(vat_rate=Decimal(rate))

    Match([Ordered()], Tolerances(tax=Decimal(tolerance))).of([line])

    assert finding(line, _A.VAT_RATE) == (verdict, "15", rate)


WAITS = {"quantity": Decimal(9)}
DEAR = {"unit_price": Decimal(101)}
FREE = {"order_line_id": None}
LINES = [
    ([{}], _S.FULL_MATCH, [_S.FULL_MATCH]),
    ([WAITS], _S.PENDING_GRN, [_S.PENDING_GRN]),
    ([DEAR], _S.MISMATCH, [_S.MISMATCH]),
    ([FREE], _S.MISMATCH, [_S.MISMATCH]),
    ([WAITS | DEAR], _S.MISMATCH, [_S.MISMATCH]),
    ([DEAR, FREE], _S.MISMATCH, [_S.MISMATCH, _S.MISMATCH]),
    ([{}, FREE], _S.PARTIAL_MATCH, [_S.FULL_MATCH, _S.MISMATCH]),
    ([WAITS, FREE], _S.PARTIAL_MATCH, [_S.PENDING_GRN, _S.MISMATCH]),
    ([{"quantity": Decimal(8)}, {"quantity": Decimal(1)}], _S.PENDING_GRN, None),
]


@pytest.mark.parametrize(("given", "status", "of_lines"), LINES)
def test_an_invoice_agrees_as_its_lines_do(
    given: list[dict[str, Decimal]], status: MatchStatus, of_lines: list[MatchStatus] | None
) -> None:
    lines = [Invoiced(**values) for values in given]  # type: ignore[arg-type]

    assert Match([Ordered()], Tolerances()).of(lines) is status
    if of_lines is not None:
        assert [line.match_status for line in lines] == of_lines


def test_lines_on_the_same_line_of_the_order_add_up() -> None:
    first, second = Invoiced(quantity=Decimal(6)), Invoiced(quantity=Decimal(3))

    Match([Ordered()], Tolerances()).of([first, second])

    assert finding(first, _A.QUANTITY) == (_V.AGREES, "8", "6")
    assert finding(second, _A.QUANTITY) == (_V.WAITING, "8", "9")


def test_a_later_invoice_bills_what_earlier_ones_have_left() -> None:
    match = Match([Ordered()], Tolerances())
    first, second, third = (Invoiced(quantity=Decimal(q)) for q in (5, 4, 2))

    statuses = [match.of([line]) for line in (first, second, third)]

    assert statuses == [_S.FULL_MATCH, _S.PENDING_GRN, _S.MISMATCH]
    assert finding(third, _A.QUANTITY) == (_V.DIFFERS, "10", "11")


def test_each_line_of_the_order_counts_by_itself() -> None:
    match = Match([Ordered(), Ordered(id=OTHER, accepted=Decimal(0))], Tolerances())
    here, there = Invoiced(), Invoiced(order_line_id=OTHER)

    assert match.of([here, there]) is _S.PENDING_GRN
    assert (here.match_status, there.match_status) == (_S.FULL_MATCH, _S.PENDING_GRN)


def test_without_an_order_nothing_agrees() -> None:
    line = Invoiced(order_line_id=None)

    assert Match([], Tolerances()).of([line]) is _S.MISMATCH
    assert line.findings == [MatchFinding(aspect=_A.ORDER_LINE, verdict=_V.DIFFERS)]


def test_a_line_that_the_order_has_no_longer_agrees_with_nothing() -> None:
    line = Invoiced(order_line_id=OTHER)

    assert Match([Ordered()], Tolerances()).of([line]) is _S.MISMATCH
    assert [f.aspect for f in line.findings] == [_A.ORDER_LINE]
