"""Budgets of the demo organization: for every department and year, some for projects of theirs."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from domain.budgets import Budget, BudgetPolicy
from server.demo.casts import Cast
from server.demo.stages import Stage
from usecases.budgets import ActivateBudget, CloseBudget, CreateBudget, FreezeBudget

GIVES = "finance_manager"


class Given(NamedTuple):
    """A year's budget, in riyals."""

    department: str
    project: str | None
    amount: int
    policy: BudgetPolicy = BudgetPolicy.WARN
    category: str | None = None


_P = BudgetPolicy
YEARLY = (
    Given("OPS", None, 900_000),
    Given("ADM", None, 450_000, _P.OFF),
    Given("IT", None, 1_200_000, category="Technology"),
    Given("CLN", None, 100_000),
    Given("KIT", None, 400_000, category="Running costs"),
    Given("WSH", None, 700_000),
    Given("WSH", "P-SOL", 75_000, _P.BLOCK, "Investments"),
    Given("KIT", "P-KIT", 150_000, _P.BLOCK, "Investments"),
    Given("CLN", "P-CLN", 120_000, _P.BLOCK, "Investments"),
)
FROZEN = Given("OPS", "P-OLD", 80_000)  # the project is over
CLOSED = {"ADM"}  # for the year before


async def give_budgets(stage: Stage, cast: Cast, years: Iterable[int]) -> list[Budget]:
    """Those of each year, activated, and a draft for the year after."""
    years = sorted(years)
    budgets = [await _give(stage, cast, given, year) for year in years for given in YEARLY]
    for budget in budgets:
        await stage.do(ActivateBudget(id=budget.id), cast.users[GIVES], stage.began)
    await _give(stage, cast, YEARLY[0], years[-1] + 1)
    return budgets


async def settle_budgets(stage: Stage, cast: Cast, budgets: list[Budget], today: datetime) -> None:
    """What became of some of them until today."""
    by = cast.users[GIVES]
    closed = {cast.departments[code].id for code in CLOSED}
    for budget in budgets:
        if budget.department_id in closed and budget.fiscal_year < today.year:
            await stage.do(CloseBudget(id=budget.id), by, today)
    over = await _give(stage, cast, FROZEN, today.year)
    await stage.do(ActivateBudget(id=over.id), by, today)
    await stage.do(FreezeBudget(id=over.id), by, today)


async def _give(stage: Stage, cast: Cast, given: Given, year: int) -> Budget:
    department = cast.departments[given.department]
    project = cast.projects[given.project] if given.project else None
    create = CreateBudget(
        name=f"{(project or department).name} {year}",
        department_id=department.id,
        project_id=project.id if project else None,
        category=given.category,
        fiscal_year=year,
        allocated_amount=Decimal(given.amount),
        policy=given.policy,
    )
    return await stage.do(create, cast.users[GIVES], stage.began)
