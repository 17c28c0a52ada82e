"""Budgets, read only: facts W-58 to W-60."""

from typing import Any
from uuid import UUID

from domain.budgets import Budget
from domain.callers import Permission
from domain.departments import Department
from rest.kit import Call, Endpoint, NumberedPage
from rest.kit.calls import the
from rest.kit.inputs import Nothing
from rest.kit.pages import numbered
from rest.waqti.wire import budgets as wire
from rest.waqti.wire import inputs
from usecases.reads.budgets import BudgetFilter, BudgetOrder
from usecases.reads.legacy_ids import LegacyId

NOBODY = UUID(int=0)  # no record has this id


async def index(call: Call[inputs.Budgets]) -> NumberedPage[wire.ListedBudget]:
    given, read = call.given, call.read
    rows, total = await numbered(
        read.budgets,
        BudgetFilter(
            department_id=await _department(call),
            fiscal_year=given.fiscal_year,
            status=(given.status,) if given.status else None,
            search=given.search,
        ),
        BudgetOrder(direction=given.order),
        number=given.page,
        size=given.size,
    )
    departments = await read.departments.by_ids([*{row.department_id for row in rows}])
    items = [
        wire.ListedBudget.of(row, the(departments, row.department_id), call.asked.locale)
        for row in rows
    ]
    return NumberedPage(items=items, number=given.page, size=given.size, total=total)


async def _department(call: Call[inputs.Budgets]) -> UUID | None:
    """An id that names nobody has no budgets."""
    if call.given.department_id is None:
        return None
    legacy = LegacyId(Department.kind, call.system, call.given.department_id)
    return (await call.read.legacy_ids.to_ids([legacy])).get(legacy, NOBODY)


async def show(call: Call[Nothing]) -> wire.Budget:
    id = await call.id(Budget.kind)
    budget = the(await call.read.budgets.by_ids([id]), id)
    departments = await call.read.departments.by_ids([budget.department_id])
    return wire.Budget.of(budget, the(departments, budget.department_id), call.asked.locale)


async def utilization(call: Call[Nothing]) -> wire.Utilization:
    id, read = await call.id(Budget.kind), call.read
    budget = the(await read.budgets.by_ids([id]), id)
    months = await read.budgets.months_by_ids([id])
    holders = await read.budgets.holders_by_ids([id])
    return wire.Utilization.of(budget, months.get(id, ()), holders.get(id, ()))


ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/budgets", index, inputs.Budgets, needs=Permission.BUDGETS_READ),
    Endpoint("GET", "/budgets/{id}", show, Nothing, needs=Permission.BUDGETS_READ),
    Endpoint(
        "GET", "/budgets/{id}/utilization", utilization, Nothing, needs=Permission.BUDGETS_READ
    ),
]
