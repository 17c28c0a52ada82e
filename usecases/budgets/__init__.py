"""Budgets: giving them, and booking what orders take of them."""

from usecases.budgets.booking import book, choose_budget, rebook
from usecases.budgets.managing import (
    ActivateBudget,
    CloseBudget,
    CreateBudget,
    FreezeBudget,
    UnfreezeBudget,
)

__all__ = [
    "ActivateBudget",
    "CloseBudget",
    "CreateBudget",
    "FreezeBudget",
    "UnfreezeBudget",
    "book",
    "choose_budget",
    "rebook",
]
