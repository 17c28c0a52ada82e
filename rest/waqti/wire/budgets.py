"""Budgets as Waqti clients get them: read only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.callers import Locale
from domain.kit.money import Money
from rest.waqti.wire import words
from rest.waqti.wire.parts import Coded, coded
from usecases.reads.budgets import BudgetHolder, BudgetMonth, BudgetRow
from usecases.reads.departments import DepartmentRow


@dataclass(slots=True)
class ListedBudget:
    """Facts W-58 and W-59."""

    id: int
    name: str
    currency: str
    allocated_amount: Decimal
    committed_amount: Decimal
    spent_amount: Decimal
    available_amount: Decimal
    utilization_percentage: Decimal
    department: Coded
    fiscal_year: int
    status: str
    created_at: datetime

    @classmethod
    def values(cls, row: BudgetRow, department: DepartmentRow, locale: Locale) -> dict[str, Any]:
        return {
            "id": row.waqti_id,
            "name": row.name,
            **_sums(row),
            "department": coded(department, locale),
            "fiscal_year": row.fiscal_year,
            "status": words.BUDGET_STATUSES[row.status],
            "created_at": row.created_at,
        }

    @classmethod
    def of(cls, row: BudgetRow, department: DepartmentRow, locale: Locale) -> "ListedBudget":
        return cls(**cls.values(row, department, locale))


@dataclass(slots=True)
class Budget(ListedBudget):
    """Fact W-60."""

    category: str | None
    updated_at: datetime

    @classmethod
    def of(cls, row: BudgetRow, department: DepartmentRow, locale: Locale) -> "Budget":
        values = cls.values(row, department, locale)
        return cls(**values, category=row.category, updated_at=row.updated_at)


@dataclass(slots=True)
class Month:
    month: str
    committed: Decimal
    spent: Decimal


@dataclass(slots=True)
class Holder:
    """An order that holds something of the budget: `reserved`, `committed` or all `spent`."""

    id: int
    po_number: str
    amount: Decimal
    state: str

    @classmethod
    def of(cls, row: BudgetHolder, currency: str) -> "Holder":
        amount = Money.of(row.reserved + row.committed + row.spent, currency).amount
        state = "committed" if row.committed else "reserved" if row.reserved else "spent"
        return cls(row.waqti_id, row.number, amount, state)


@dataclass(slots=True)
class Utilization:
    """Fact W-60."""

    budget_id: int
    currency: str
    allocated_amount: Decimal
    committed_amount: Decimal
    spent_amount: Decimal
    available_amount: Decimal
    utilization_percentage: Decimal
    by_month: list[Month]
    purchase_orders: list[Holder]

    @classmethod
    def of(
        cls, row: BudgetRow, months: Sequence[BudgetMonth], holders: Sequence[BudgetHolder]
    ) -> "Utilization":
        return cls(
            budget_id=row.waqti_id,
            **_sums(row),
            by_month=[
                Month(
                    each.month,
                    Money.of(each.committed, row.currency).amount,
                    Money.of(each.spent, row.currency).amount,
                )
                for each in months
            ],
            purchase_orders=[Holder.of(each, row.currency) for each in holders],
        )


def _sums(row: BudgetRow) -> dict[str, Any]:
    return {
        "currency": row.currency,
        "allocated_amount": row.allocated.amount,
        "committed_amount": row.committed.amount,
        "spent_amount": row.spent.amount,
        "available_amount": row.available.amount,
        "utilization_percentage": row.utilization,
    }
