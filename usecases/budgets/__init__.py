"""Budgets: giving them, and booking what orders take of them."""

from usecases.budgets.booking import book, choose_budget

__all__ = ["book", "choose_budget"]
