"""Budgets, and which of them an order draws on."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, bindparam, column, func, literal_column, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from domain.budgets import BudgetStatus
from persistence import tables as t
from persistence.reads.kit import ORGANIZATION, Snapshot, keyed, maker, one_of, select_row
from persistence.reads.lists import Filter, Listed, contains, ordering
from usecases.reads.budgets import (
    BudgetFilter,
    BudgetHolder,
    BudgetMonth,
    BudgetOrder,
    BudgetRow,
    BudgetScope,
    BudgetSort,
)
from usecases.reads.kit import Listing, Page, Whole

_b, _e, _g = t.budgets, t.budget_entries, t.organizations
_o, _l = t.purchase_orders, t.purchase_order_lines
ROWS = select_row(
    BudgetRow,
    _b,
    reserved_amount=_b.c.reserved,
    committed_amount=_b.c.committed,
    spent_amount=_b.c.spent,
)
BUDGETS = Listed(
    BudgetRow,
    ROWS,
    _b,
    {
        "status": Filter(one_of(_b.c.status, "status"), list),
        "department_id": Filter(_b.c.department_id == bindparam("department_id", type_=Uuid)),
        "project_id": Filter(_b.c.project_id == bindparam("project_id", type_=Uuid)),
        "fiscal_year": Filter(_b.c.fiscal_year == bindparam("fiscal_year", type_=Integer)),
        "search": contains(_b.c.searched),
    },
    {
        BudgetSort.CREATED_AT: ordering(_b, "created_at", "id"),
        BudgetSort.NAME: ordering(_b, "name", "id"),
        BudgetSort.ALLOCATED: ordering(_b, "allocated_amount", "id"),
    },
)
DRAWN_ON = (_b.c.status == BudgetStatus.ACTIVE) | (_b.c.status == BudgetStatus.FROZEN)
# The project's own before the department's, the oldest first.
FIRST = (_b.c.project_id.is_(None), _b.c.created_at, _b.c.id)
_scopes = (
    func.unnest(
        bindparam("departments", type_=ARRAY(Uuid)),
        bindparam("projects", type_=ARRAY(Uuid)),
        bindparam("years", type_=ARRAY(Integer)),
    )
    .table_valued(column("department", Uuid), column("project", Uuid), column("year", Integer))
    .render_derived(name="scopes")
)
_drawn = (
    ROWS.where(
        _b.c.department_id == _scopes.c.department,
        _b.c.fiscal_year == _scopes.c.year,
        _b.c.project_id.is_(None) | (_b.c.project_id == _scopes.c.project),
        DRAWN_ON,
    )
    .order_by(*FIRST)
    .limit(1)
    .lateral("drawn")
)
BY_SCOPES = select(*_drawn.c, _scopes.c.department, _scopes.c.project, _scopes.c.year).select_from(
    _scopes.join(_drawn, true())
)

_form: ColumnElement[str] = literal_column(
    "'YYYY-MM'"
)  # a parameter would be another one each time it is written
_month = func.to_char(func.timezone(_g.c.time_zone, _e.c.at), _form).label("month")
MONTHS = (
    select(
        _month,
        func.sum(_e.c.committed).label("committed"),
        func.sum(_e.c.spent).label("spent"),
        _e.c.budget_id,
    )
    .join_from(_e, _g, _g.c.organization_id == _e.c.organization_id)
    .where(
        _e.c.organization_id == ORGANIZATION,
        one_of(_e.c.budget_id),
        (_e.c.committed != 0) | (_e.c.spent != 0),
    )
    .group_by(_e.c.budget_id, _month)
    .order_by(_e.c.budget_id, _month)
)
_sums = [func.sum(_l.c[name]).label(name) for name in ("reserved", "committed", "spent")]
HOLDERS = (
    select(_o.c.id.label("order_id"), _o.c.number, _o.c.waqti_id, *_sums, _o.c.budget_id)
    .join_from(_o, _l, (_l.c.organization_id == _o.c.organization_id) & (_l.c.order_id == _o.c.id))
    .where(_o.c.organization_id == ORGANIZATION, one_of(_o.c.budget_id))
    .group_by(_o.c.organization_id, _o.c.id)
    .having(func.sum(_l.c.reserved + _l.c.committed + _l.c.spent) != 0)
    .order_by(_o.c.created_at, _o.c.id)
)


class SqlBudgets:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, BudgetRow]:
        return keyed(await self._snapshot.rows(BudgetRow, BUDGETS.by_ids, ids=[*ids]))

    async def by_scopes(self, scopes: Sequence[BudgetScope]) -> Mapping[BudgetScope, BudgetRow]:
        departments, projects, years = zip(*scopes, strict=True)
        records = await self._snapshot.records(
            BY_SCOPES, departments=[*departments], projects=[*projects], years=[*years]
        )
        make = maker(BudgetRow)
        return {BudgetScope(*record[-3:]): make(record[:-3]) for record in records}

    async def months_by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[BudgetMonth]]:
        return await self._snapshot.groups(BudgetMonth, MONTHS, ids=[*ids])

    async def holders_by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[BudgetHolder]]:
        return await self._snapshot.groups(BudgetHolder, HOLDERS, ids=[*ids])

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: BudgetFilter = BudgetFilter(),
        order_by: BudgetOrder = BudgetOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[BudgetRow]]:
        page = await BUDGETS.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def numbered(
        self, filter: BudgetFilter, order_by: BudgetOrder, *, offset: int, limit: int
    ) -> Sequence[BudgetRow]:
        return await BUDGETS.numbered(self._snapshot, filter, order_by, offset=offset, limit=limit)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await BUDGETS.counts(self._snapshot, listings)
