"""The ledger of budgets, and what orders mean for them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Integer, case, cast, func, select, true

from domain.purchase_orders import PurchaseOrderStatus
from persistence import tables as t
from persistence.reads.budgets import DRAWN_ON, FIRST
from persistence.reads.kit import ORGANIZATION, Snapshot, keyed, one_of, select_row
from persistence.reads.lists import Fixed, Listed, ordering
from usecases.reads.budget_entries import BudgetEntryRow, BudgetImpactRow
from usecases.reads.kit import Direction, Listing, Page

_b, _e, _g = t.budgets, t.budget_entries, t.organizations
_o, _l = t.purchase_orders, t.purchase_order_lines

NEWEST_FIRST = Fixed(direction=Direction.DESC)
ENTRIES = Listed(
    BudgetEntryRow,
    select_row(
        BudgetEntryRow,
        _e,
        reserved_amount=_e.c.reserved,
        committed_amount=_e.c.committed,
        spent_amount=_e.c.spent,
        currency=_b.c.currency,
    ).join_from(
        _e, _b, (_b.c.organization_id == _e.c.organization_id) & (_b.c.id == _e.c.budget_id)
    ),
    _e,
    {},
    {None: ordering(_e, "at", "id")},
)

_held = (
    select(
        func.coalesce(func.sum(_l.c.reserved), 0).label("reserved"),
        func.coalesce(func.sum(_l.c.committed), 0).label("committed"),
        func.coalesce(func.sum(_l.c.spent), 0).label("spent"),
    )
    .where(_l.c.organization_id == _o.c.organization_id, _l.c.order_id == _o.c.id)
    .lateral("held")
)
# The year it is where the organization is.
_year = cast(func.extract("year", func.timezone(_g.c.time_zone, func.now())), Integer)
_would_get = (
    select(_b.c.id)
    .where(
        _b.c.organization_id == _o.c.organization_id,
        _b.c.department_id == _o.c.department_id,
        _b.c.fiscal_year == _year,
        _b.c.project_id.is_(None) | (_b.c.project_id == _o.c.project_id),
        DRAWN_ON,
    )
    .order_by(*FIRST)
    .limit(1)
    .correlate(_o, _g)
    .scalar_subquery()
)
_chosen = case(
    ((_o.c.status == PurchaseOrderStatus.DRAFT) & ~_o.c.budget_named, _would_get),
    else_=_o.c.budget_id,
)
_IMPACT = {
    "order_id": _o.c.id,
    "order_status": _o.c.status,
    "base_total": _o.c.base_total,
    "holds_reserved": _held.c.reserved,
    "holds_committed": _held.c.committed,
    "holds_spent": _held.c.spent,
    "budget_id": _b.c.id,
    "reserved_amount": _b.c.reserved,
    "committed_amount": _b.c.committed,
    "spent_amount": _b.c.spent,
}
IMPACTS = (
    select(*((_IMPACT[n] if n in _IMPACT else _b.c[n]).label(n) for n in BudgetImpactRow._fields))
    .select_from(
        _o.join(_g, _g.c.organization_id == _o.c.organization_id)
        .join(_b, (_b.c.organization_id == _o.c.organization_id) & (_b.c.id == _chosen))
        .join(_held, true())
    )
    .where(_o.c.organization_id == ORGANIZATION, one_of(_o.c.id))
)


class SqlBudgetEntries:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_budget_ids(
        self, ids: Sequence[UUID], *, first: int = 50, after: str | None = None
    ) -> Mapping[UUID, Page[BudgetEntryRow]]:
        return await ENTRIES.pages(
            self._snapshot, "budget_id", ids, None, NEWEST_FIRST, first, after
        )

    async def by_order_ids(
        self, ids: Sequence[UUID], *, first: int = 50, after: str | None = None
    ) -> Mapping[UUID, Page[BudgetEntryRow]]:
        return await ENTRIES.pages(
            self._snapshot, "order_id", ids, None, NEWEST_FIRST, first, after
        )

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await ENTRIES.counts(self._snapshot, listings)


class SqlBudgetImpacts:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_order_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, BudgetImpactRow]:
        rows = await self._snapshot.rows(BudgetImpactRow, IMPACTS, ids=[*ids])
        return keyed(rows, by="order_id")
