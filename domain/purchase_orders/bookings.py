"""What the lines of an order move in its budget, in base currency (DOMAIN: Budget ledger).

A line holds what it has reserved, committed and spent. Every function here changes what lines
hold, and returns the bookings that say so.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from domain.budgets.entries import Booking, EntryKind
from domain.kit.money import rounded
from domain.purchase_orders.lines import PurchaseOrderLine

_NONE = Decimal(0)


def amounts(
    lines: Sequence[PurchaseOrderLine], rate: Decimal, currency: str, total: Decimal
) -> list[Decimal]:
    """What each line comes to in base currency; together `total`, as approvals look at it.

    The last line takes the rounding difference, or the one before it where that is more than
    the last line has.
    """
    each = [rounded(line.total * rate, currency) for line in lines]
    difference = total - sum(each, _NONE)
    for n in range(len(each) - 1, -1, -1):
        taken = max(difference, -each[n])
        each[n] += taken
        difference -= taken
    return each


def reserve(lines: Iterable[PurchaseOrderLine], wanted: Sequence[Decimal]) -> list[Booking]:
    """Bring what lines hold to what is wanted of them, until it is decided on.

    What is committed stays so: it holds again when the change is refused.
    """
    return [
        booking
        for line, amount in zip(lines, wanted, strict=True)
        for booking in _reserved(line, amount - line.committed - line.spent)
    ]


def commit(lines: Iterable[PurchaseOrderLine], wanted: Sequence[Decimal]) -> list[Booking]:
    """Commit what is wanted of lines and not spent yet, and give back what they hold beyond it."""
    return [
        booking
        for line, amount in zip(lines, wanted, strict=True)
        for booking in _committed(line, max(amount - line.spent, _NONE))
    ]


def release(lines: Iterable[PurchaseOrderLine]) -> list[Booking]:
    """Give back all that is reserved or committed."""
    return [booking for line in lines for booking in _committed(line, _NONE)]


def spend(lines: Iterable[PurchaseOrderLine], amounts: Mapping[UUID, Decimal]) -> list[Booking]:
    """Spend what an invoice bills of each line, out of what is committed as far as that goes."""
    return [
        _moved(line, EntryKind.SPEND, committed=-min(amount, line.committed), spent=amount)
        for line in lines
        if (amount := amounts.get(line.id, _NONE))
    ]


def unspend(
    lines: Sequence[PurchaseOrderLine],
    amounts: Mapping[UUID, Decimal],
    wanted: Sequence[Decimal],
) -> list[Booking]:
    """Take back what was spent; committed again is what lines then still want of it."""
    return [
        _moved(
            line,
            EntryKind.SPEND,
            committed=min(amount, max(want - _held(line) + amount, _NONE)),
            spent=-amount,
        )
        for line, want in zip(lines, wanted, strict=True)
        if (amount := amounts.get(line.id, _NONE))
    ]


def _held(line: PurchaseOrderLine) -> Decimal:
    return line.reserved + line.committed + line.spent


def _reserved(line: PurchaseOrderLine, wanted: Decimal) -> Iterable[Booking]:
    more = max(wanted, _NONE) - line.reserved
    if more > 0:
        yield _moved(line, EntryKind.RESERVE, reserved=more)
    elif more < 0:
        yield _moved(line, EntryKind.RELEASE, reserved=more)


def _committed(line: PurchaseOrderLine, wanted: Decimal) -> Iterable[Booking]:
    if line.committed > wanted:
        yield _moved(line, EntryKind.RELEASE, committed=wanted - line.committed)
    yield from _reserved(line, wanted - line.committed)
    if line.reserved:
        yield _moved(line, EntryKind.COMMIT, reserved=-line.reserved, committed=line.reserved)


def _moved(
    line: PurchaseOrderLine,
    kind: EntryKind,
    *,
    reserved: Decimal = _NONE,
    committed: Decimal = _NONE,
    spent: Decimal = _NONE,
) -> Booking:
    line.reserved += reserved
    line.committed += committed
    line.spent += spent
    return Booking(line.id, kind, reserved, committed, spent)
