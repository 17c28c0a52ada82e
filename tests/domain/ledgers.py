"""A budget with its ledger and its orders, worked on as use cases do: all of a step, or nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.budgets import Booking, Budget
from domain.kit.errors import DomainError
from domain.kit.ids import new_id
from domain.purchase_orders import PurchaseOrder, PurchaseOrderStatus
from domain.purchase_orders.revisions import RevisionContent
from tests import make
from tests.domain import drafts
from tests.make import NOON

SUMS = ("reserved", "committed", "spent")
HOLDING = {PurchaseOrderStatus.PENDING_APPROVAL, PurchaseOrderStatus.APPROVED}
ZERO = Decimal(0)


class Ledger:
    """`former` is what an amended order said before; `bills` are the invoices that were booked."""

    def __init__(self, **values: Any) -> None:
        self.budget: Budget = make.budget(new_id(), **values)
        self.entries: list[tuple[UUID, Booking]] = []
        self.orders: list[PurchaseOrder] = []
        self.former: dict[UUID, RevisionContent] = {}
        self.bills: list[tuple[PurchaseOrder, dict[UUID, Decimal]]] = []

    def drafted(self, *prices: int, rate: Decimal = Decimal(1)) -> PurchaseOrder:
        foreign = {"currency": "USD", "exchange_rate": rate} if rate != 1 else {}
        lines = [make.line(unit_price=Decimal(price)) for price in prices]
        order = drafts.draft(*lines, budget_id=self.budget.id, **foreign)
        self.orders.append(order)
        return order

    def do(
        self,
        order: PurchaseOrder,
        act: Callable[[], object],
        book: Callable[[PurchaseOrder], list[Booking]] = PurchaseOrder.rebook,
        *,
        checked: bool = True,
    ) -> list[Booking] | DomainError:
        """What was booked, or why nothing has happened."""
        kept = [*_remembered(order), *_remembered(self.budget)]
        try:
            act()
            bookings = book(order)
            self.budget.book(bookings, NOON, checked=checked, order=str(order.id))
        except DomainError as error:
            for part, values in kept:
                for name, value in values.items():
                    setattr(part, name, value)
            order.__dict__.pop("_dropped_lines", None)
            return error
        self.entries += [(order.id, booking) for booking in bookings]
        return bookings

    def of_entries(self, order: PurchaseOrder | None = None) -> tuple[Any, ...]:
        """What the ledger adds up to, for one order or for all."""
        ours = [b for id, b in self.entries if order is None or id == order.id]
        return _sums(ours)

    def check(self) -> None:
        """The invariants: the three ways to count agree, and closed orders hold nothing."""
        budget = self.budget
        lines = [line for order in self.orders for line in order.lines]
        assert _sums([budget]) == self.of_entries() == _sums(lines)
        _, committed, spent = self.of_entries()
        assert budget.balance.available == budget.allocated_amount - committed - spent
        assert budget.balance.headroom == budget.balance.available - budget.reserved
        for order in self.orders:
            reserved, committed, spent = self.of_entries(order)
            assert (reserved, committed, spent) == _sums(order.lines)
            assert min(reserved, committed, spent) >= 0
            assert order.rebook() == []  # whoever asks once more books nothing
            if order.status not in HOLDING:
                assert reserved == committed == 0
            elif order.status is PurchaseOrderStatus.APPROVED:
                assert reserved == 0
                assert committed + spent >= order.base_total
            else:
                assert reserved + committed + spent >= order.base_total


def _sums(parts: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(sum((getattr(part, name) for part in parts), ZERO) for name in SUMS)


def _remembered(part: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Everything that an aggregate and its parts say now."""
    values = {f.name: getattr(part, f.name) for f in fields(part)}
    yield part, {name: [*v] if isinstance(v, list) else v for name, v in values.items()}
    for value in values.values():
        for child in value if isinstance(value, list) else ():
            if is_dataclass(child):
                yield from _remembered(child)
