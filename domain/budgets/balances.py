"""What is left of a budget, and what stands in the way of taking more of it."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from domain.budgets.lifecycle import BudgetPolicy, BudgetStatus
from domain.kit.errors import BudgetExceeded, DomainError, RuleBroken
from domain.kit.money import rounded

_HUNDREDTH = Decimal("0.01")


class Balance(NamedTuple):
    """The sums of a budget, in its currency."""

    allocated: Decimal
    reserved: Decimal
    committed: Decimal
    spent: Decimal

    @property
    def available(self) -> Decimal:
        """What is neither committed nor spent (fact W-59)."""
        return self.allocated - self.committed - self.spent

    @property
    def headroom(self) -> Decimal:
        """What new orders can still reserve."""
        return self.available - self.reserved

    @property
    def utilization(self) -> Decimal:
        """Percent committed or spent, two decimals (fact W-59); 0 where nothing is allocated."""
        if not self.allocated:
            return Decimal("0.00")
        used = (self.committed + self.spent) / self.allocated * 100
        return used.quantize(_HUNDREDTH, ROUND_HALF_UP)


class Terms(NamedTuple):
    """Under what terms a budget gives."""

    name: str
    status: BudgetStatus
    policy: BudgetPolicy
    currency: str


def concern(terms: Terms, headroom: Decimal, amount: Decimal) -> DomainError | None:
    """What is wrong with reserving `amount` when `headroom` is left; nothing for policy OFF."""
    if terms.policy is BudgetPolicy.OFF or amount <= 0:
        return None
    if terms.status is not BudgetStatus.ACTIVE:
        return RuleBroken(
            "the budget {budget} takes no new orders: it is {status}",
            path=("budget_id",),
            budget=terms.name,
            status=terms.status,
        )
    if amount <= headroom:
        return None
    return BudgetExceeded(
        "this needs {amount} {currency} of the budget {budget}, which has {headroom} left",
        path=("lines",),
        amount=rounded(amount, terms.currency),
        currency=terms.currency,
        budget=terms.name,
        headroom=rounded(headroom, terms.currency),
    )


def refusal(terms: Terms, headroom: Decimal, amount: Decimal) -> DomainError | None:
    """What keeps `amount` from being reserved: a warning does not (fact W-77)."""
    found = concern(terms, headroom, amount)
    warned = terms.policy is BudgetPolicy.WARN and isinstance(found, BudgetExceeded)
    return None if warned else found
