"""Giving budgets, and taking them along their lifecycle."""

from abc import abstractmethod
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Annotated, ClassVar
from uuid import UUID

from domain.budgets import LIFECYCLE, Budget, BudgetPolicy
from domain.departments import Department
from domain.projects import Project
from usecases.kit import ExpectedVersion, UseCase
from usecases.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class CreateBudget(UseCase[Budget]):
    """Draft a budget; orders draw on it once it is activated. It is in the base currency."""

    requires = LIFECYCLE.needs("update")

    name: Annotated[str, "What it is called."]
    department_id: Annotated[UUID, Department, "Whose orders draw on it."]
    project_id: Annotated[
        UUID | None, Project, "Only orders for this project; all of the department's without it."
    ] = None
    category: Annotated[str | None, "A label of yours: what it is meant for."] = None
    fiscal_year: Annotated[int, "The year in which orders are submitted that draw on it."]
    allocated_amount: Annotated[Decimal, "How much there is, in the base currency."]
    policy: Annotated[BudgetPolicy, "What an order meets that needs more than is left."] = (
        BudgetPolicy.WARN
    )

    async def execute(self, uow: UnitOfWork) -> Budget:
        given = {f.name: getattr(self, f.name) for f in fields(self)}
        currency = (await uow.organization()).base_currency
        budget = Budget.create({**given, "currency": currency}, uow.now)
        uow.records(Budget).add(budget)
        return budget


@dataclass(frozen=True, kw_only=True)
class OfBudget(UseCase[Budget]):
    """A move of one budget."""

    id: Annotated[UUID, Budget, "The budget."]
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> Budget:
        budget = await uow.records(Budget).get(self.id, expected=self.expected_version)
        self.move(budget, uow)
        return budget

    @abstractmethod
    def move(self, budget: Budget, uow: UnitOfWork) -> None:
        """The transition itself, of a locked budget."""


@dataclass(frozen=True, kw_only=True)
class ActivateBudget(OfBudget):
    """Let orders draw on it from now on."""

    requires: ClassVar = LIFECYCLE.needs("activate")

    def move(self, budget: Budget, uow: UnitOfWork) -> None:
        budget.activate(uow.caller, uow.now)


@dataclass(frozen=True, kw_only=True)
class FreezeBudget(OfBudget):
    """Let no new orders draw on it; what it holds already goes on its way."""

    requires: ClassVar = LIFECYCLE.needs("freeze")

    def move(self, budget: Budget, uow: UnitOfWork) -> None:
        budget.freeze(uow.caller, uow.now)


@dataclass(frozen=True, kw_only=True)
class UnfreezeBudget(OfBudget):
    """Let orders draw on it again."""

    requires: ClassVar = LIFECYCLE.needs("unfreeze")

    def move(self, budget: Budget, uow: UnitOfWork) -> None:
        budget.unfreeze(uow.caller, uow.now)


@dataclass(frozen=True, kw_only=True)
class CloseBudget(OfBudget):
    """End it for good; what it holds can still be committed, released and spent."""

    requires: ClassVar = LIFECYCLE.needs("close")

    def move(self, budget: Budget, uow: UnitOfWork) -> None:
        budget.close(uow.caller, uow.now)
