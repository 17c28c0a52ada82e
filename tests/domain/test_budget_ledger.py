"""Whatever happens to orders, in whatever sequence: the ledger of their budget adds up."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.budgets import BudgetPolicy, BudgetStatus
from domain.kit.errors import BudgetExceeded, DomainError
from domain.purchase_orders import (
    PurchaseOrder,
    PurchaseOrderLineChange,
    PurchaseOrderStatus,
)
from tests.domain import drafts
from tests.domain.drafts import APPROVER, BUYER
from tests.domain.ledgers import Ledger
from tests.make import NOON

PRICES = st.lists(st.integers(0, 40), min_size=1, max_size=3)
RATES = st.sampled_from([Decimal(1), Decimal("3.755")])
MOST = 10
WHICH = st.integers(0, MOST - 1)
_S = PurchaseOrderStatus


def some(*statuses: PurchaseOrderStatus) -> Callable[[Any], bool]:
    """Whether there is an order to do something with."""
    return lambda machine: any(order.status in statuses for order in machine.ledger.orders)


class Buying(RuleBasedStateMachine):
    """Up to ten orders, and a budget that rarely has enough for all of them."""

    @initialize(
        policy=st.sampled_from(BudgetPolicy),
        allocated=st.integers(0, 900),
        drafts=st.lists(PRICES, min_size=2, max_size=4),
        rate=RATES,
    )
    def give(
        self, policy: BudgetPolicy, allocated: int, drafts: list[list[int]], rate: Decimal
    ) -> None:
        self.ledger = Ledger(policy=policy, allocated_amount=Decimal(allocated))
        for n, prices in enumerate(drafts):
            self.ledger.drafted(*prices, rate=rate)
            self.submit(n, routed=n % 2 == 0)

    @precondition(lambda self: len(self.ledger.orders) < MOST)
    @rule(prices=PRICES, rate=RATES)
    def draft(self, prices: list[int], rate: Decimal) -> None:
        self.ledger.drafted(*prices, rate=rate)

    @precondition(some(_S.DRAFT))
    @rule(which=WHICH, routed=st.booleans())
    def submit(self, which: int, *, routed: bool) -> None:
        if order := self._one(which, _S.DRAFT):
            request = drafts.routed([APPROVER.user_id]) if routed else None
            self._try(order, lambda: order.submit(request, BUYER, NOON))

    @precondition(some(_S.PENDING_APPROVAL))
    @rule(which=WHICH)
    def approve(self, which: int) -> None:
        if order := self._one(which, _S.PENDING_APPROVAL):
            outcome = self._try(order, lambda: order.approve(APPROVER, NOON))
            assert not isinstance(outcome, DomainError)  # what is reserved is there

    @precondition(some(_S.PENDING_APPROVAL))
    @rule(which=WHICH, how=st.sampled_from(["reject", "request_changes", "recall"]))
    def refuse(self, which: int, how: str) -> None:
        if order := self._one(which, _S.PENDING_APPROVAL):
            former = self.ledger.former.get(order.id) if order.amending else None
            acts: dict[str, Callable[[], None]] = {
                "reject": lambda: order.reject(APPROVER, NOON, "no", former),
                "request_changes": lambda: order.request_changes(APPROVER, NOON, "no", former),
                "recall": lambda: order.recall(BUYER, NOON, former),
            }
            outcome = self.ledger.do(order, acts[how], checked=False)
            assert not isinstance(outcome, DomainError)

    @precondition(some(_S.PENDING_APPROVAL, _S.APPROVED))
    @rule(which=WHICH, short=st.booleans())
    def end(self, which: int, *, short: bool) -> None:
        if order := self._one(which, _S.APPROVED, *([] if short else [_S.PENDING_APPROVAL])):
            end = (
                (lambda: order.close_short(BUYER, NOON, "enough"))
                if short
                else (lambda: order.cancel(BUYER, NOON))
            )
            assert not isinstance(self._try(order, end), DomainError)

    @precondition(some(_S.APPROVED))
    @rule(
        which=WHICH,
        quantity=st.integers(1, 5),
        added=st.booleans(),
        removed=st.booleans(),
        routed=st.booleans(),
    )
    def amend(self, which: int, quantity: int, *, added: bool, removed: bool, routed: bool) -> None:
        order = self._one(which, _S.APPROVED)
        if order is None or (removed and len(order.lines) < 2):
            return
        last = order.lines[-1]
        changes = [PurchaseOrderLineChange(id=order.lines[0].id, quantity=Decimal(quantity))]
        if added:
            price = Decimal(quantity)
            more = {"description": "More", "quantity": Decimal(1), "unit_price": price}
            changes.append(PurchaseOrderLineChange(**more, vat_rate=Decimal(15)))  # type: ignore[arg-type]
        values: dict[str, Any] = {"lines": changes}
        if removed and not last.spent:
            values["removed_line_ids"] = [last.id]
        request = drafts.routed([APPROVER.user_id], round=order.rounds + 1) if routed else None

        def act() -> None:
            before = drafts.amended(order, request, **values)
            self.ledger.former[order.id] = before

        self._try(order, act)

    @precondition(some(_S.APPROVED))
    @rule(which=WHICH, share=st.sampled_from(["0.5", "1", "1.1"]))
    def bill(self, which: int, share: str) -> None:
        if order := self._one(which, _S.APPROVED):
            amounts = {
                line.id: amount
                for line in order.lines
                if (amount := (line.committed * Decimal(share)).quantize(Decimal("0.01")))
            }
            outcome = self.ledger.do(order, lambda: None, lambda o: o.spend(amounts))
            assert not isinstance(outcome, DomainError)
            self.ledger.bills.append((order, amounts))

    @precondition(lambda self: self.ledger.bills)
    @rule(which=WHICH)
    def unbill(self, which: int) -> None:
        order, amounts = self.ledger.bills.pop(which % len(self.ledger.bills))
        outcome = self.ledger.do(order, lambda: None, lambda o: o.unspend(amounts))
        assert not isinstance(outcome, DomainError)

    @rule(allocated=st.integers(0, 900))
    def reallocate(self, allocated: int) -> None:
        budget = self.ledger.budget
        try:
            budget.update({"allocated_amount": Decimal(allocated)}, NOON)
        except DomainError:
            assert budget.policy is BudgetPolicy.BLOCK

    @precondition(lambda self: self.ledger.budget.status is BudgetStatus.ACTIVE)
    @rule()
    def freeze(self) -> None:
        self.ledger.budget.freeze(BUYER, NOON)

    @precondition(lambda self: self.ledger.budget.status is BudgetStatus.FROZEN)
    @rule()
    def unfreeze(self) -> None:
        self.ledger.budget.unfreeze(BUYER, NOON)

    @invariant()
    def it_adds_up(self) -> None:
        if hasattr(self, "ledger"):
            self.ledger.check()

    def _one(self, which: int, *statuses: PurchaseOrderStatus) -> PurchaseOrder | None:
        found = [order for order in self.ledger.orders if order.status in statuses]
        return found[which % len(found)] if found else None

    def _try(self, order: PurchaseOrder, act: Callable[[], object]) -> object:
        """Where a budget blocks, nothing is reserved that is not there."""
        budget, before = self.ledger.budget, self.ledger.of_entries()
        outcome = self.ledger.do(order, act)
        if isinstance(outcome, DomainError):
            assert self.ledger.of_entries() == before
            assert budget.policy is not BudgetPolicy.OFF or not isinstance(outcome, BudgetExceeded)
        elif budget.policy is BudgetPolicy.BLOCK and self.ledger.of_entries()[0] > before[0]:
            assert budget.balance.headroom >= 0
        return outcome


TestBuying = Buying.TestCase
TestBuying.settings = settings(
    max_examples=1000,
    stateful_step_count=20,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[*HealthCheck],
)
