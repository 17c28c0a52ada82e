"""Budgets, and how they are used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from domain.budgets import BudgetPolicy, BudgetStatus
from domain.budgets.balances import Balance, Terms
from domain.departments import Department
from domain.kit.money import Money
from domain.projects import Project
from usecases.reads.kit import Direction, Listing, Page, Whole


class BudgetRow(NamedTuple):
    id: UUID
    version: int
    name: str
    department_id: UUID
    project_id: UUID | None
    category: str | None
    fiscal_year: int
    currency: str
    allocated_amount: Decimal
    policy: BudgetPolicy
    status: BudgetStatus
    reserved_amount: Decimal
    committed_amount: Decimal
    spent_amount: Decimal
    waqti_id: int
    created_at: datetime
    updated_at: datetime

    @property
    def balance(self) -> Balance:
        return Balance(
            self.allocated_amount, self.reserved_amount, self.committed_amount, self.spent_amount
        )

    @property
    def terms(self) -> Terms:
        return Terms(self.name, self.status, self.policy, self.currency)

    @property
    def allocated(self) -> Money:
        return Money.of(self.allocated_amount, self.currency)

    @property
    def reserved(self) -> Money:
        return Money.of(self.reserved_amount, self.currency)

    @property
    def committed(self) -> Money:
        return Money.of(self.committed_amount, self.currency)

    @property
    def spent(self) -> Money:
        return Money.of(self.spent_amount, self.currency)

    @property
    def available(self) -> Money:
        return Money.of(self.balance.available, self.currency)

    @property
    def headroom(self) -> Money:
        return Money.of(self.balance.headroom, self.currency)

    @property
    def utilization(self) -> Decimal:
        return self.balance.utilization


class BudgetMonth(NamedTuple):
    """How what is committed and spent changed in a month: together, the sums of the budget."""

    month: str  # 2026-04, where the organization is
    committed: Decimal
    spent: Decimal


class BudgetHolder(NamedTuple):
    """An order that holds something of a budget, in base currency."""

    order_id: UUID
    number: str
    waqti_id: int
    reserved: Decimal
    committed: Decimal
    spent: Decimal


class BudgetScope(NamedTuple):
    """What an order is for, and the year of its submission."""

    department_id: UUID
    project_id: UUID | None
    fiscal_year: int


class BudgetSort(StrEnum):
    """What lists of budgets can be sorted by."""

    CREATED_AT = "CREATED_AT"
    NAME = "NAME"
    ALLOCATED = "ALLOCATED"


@dataclass(frozen=True, kw_only=True)
class BudgetFilter:
    """All that is given must hold."""

    status: Annotated[tuple[BudgetStatus, ...] | None, "One of these statuses."] = None
    department_id: Annotated[UUID | None, Department, "Of this department."] = None
    project_id: Annotated[UUID | None, Project, "For this project alone."] = None
    fiscal_year: Annotated[int | None, "For orders of this year."] = None
    search: Annotated[str | None, "Part of the name or category."] = None


@dataclass(frozen=True, kw_only=True)
class BudgetOrder:
    """By what to sort, and which way. Ties are broken by creation."""

    field: Annotated[BudgetSort, "What to sort by."] = BudgetSort.CREATED_AT
    direction: Annotated[Direction, "Which way."] = Direction.DESC


class Budgets(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, BudgetRow]: ...

    async def by_scopes(self, scopes: Sequence[BudgetScope]) -> Mapping[BudgetScope, BudgetRow]:
        """The active or frozen budget that such orders draw on: the project's own before the
        department's, the oldest first.
        """

    async def months_by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[BudgetMonth]]:
        """The months in which something was committed or spent, the first one first."""

    async def holders_by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[BudgetHolder]]:
        """The orders that hold something of each, oldest first."""

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: BudgetFilter = BudgetFilter(),
        order_by: BudgetOrder = BudgetOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[BudgetRow]]: ...

    async def numbered(
        self, filter: BudgetFilter, order_by: BudgetOrder, *, offset: int, limit: int
    ) -> Sequence[BudgetRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...
