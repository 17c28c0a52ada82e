"""Budgets: what a department may spend in a year, and what orders hold of it."""

from domain.budgets.budgets import Budget
from domain.budgets.entries import Booking, BudgetEntry, EntryKind
from domain.budgets.lifecycle import LIFECYCLE, BudgetPolicy, BudgetStatus

__all__ = [
    "LIFECYCLE",
    "Booking",
    "Budget",
    "BudgetEntry",
    "BudgetPolicy",
    "BudgetStatus",
    "EntryKind",
]
