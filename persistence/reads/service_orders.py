"""Service orders, their steps and what they cost."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Table,
    and_,
    any_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.types import Text, Uuid

from domain.coupons import RedemptionStatus
from domain.service_orders import OrderStepStatus
from persistence import tables as t
from persistence.reads.kit import ORGANIZATION, Snapshot, grouped, keyed, one_of, select_row
from persistence.reads.lists import Filter, Listed, containing, moment, ordering
from persistence.tables.metadata import Moment
from usecases.reads.kit import Listing, Page, Whole
from usecases.reads.service_orders import (
    ServiceOrderFilter,
    ServiceOrderOrder,
    ServiceOrderPriceLineRow,
    ServiceOrderRow,
    ServiceOrderSort,
    ServiceOrderStepRow,
)

_o, _s, _p = t.service_orders, t.service_order_steps, t.service_order_price_lines
_c, _r = t.sla_clocks, t.coupon_redemptions
_next, _quoted = _s.alias("next"), t.quotation_lines.alias("quoted")
_SEARCH: ColumnElement[str] = bindparam("search", type_=Text)
_ASKED: ColumnElement[bool] = bindparam("overdue", type_=Boolean)
_RUN_OUT = and_(_c.c.stopped_at.is_(None), _c.c.due_at < func.now())


def _among(column: ColumnElement[UUID], found: Any) -> ColumnElement[bool]:
    """Found first, and once: as a join, no index of the column could be combined with others."""
    among: ColumnElement[bool] = column == any_(func.array(found.scalar_subquery()))
    return among


def _searched(column: ColumnElement[UUID], table: Table) -> ColumnElement[bool]:
    """What it refers to is found by the text."""
    found = select(table.c.id).where(
        table.c.organization_id == ORGANIZATION, table.c.searched.like(_SEARCH)
    )
    return _among(column, found)


_OVERDUE = _among(
    _o.c.id, select(_c.c.order_id).where(_c.c.organization_id == ORGANIZATION, _RUN_OUT)
)
# EXISTS would be worked out for all orders at once, however few are shown.
_IS_OVERDUE = (
    select(_c.c.id)
    .where(_c.c.organization_id == _o.c.organization_id, _c.c.order_id == _o.c.id, _RUN_OUT)
    .limit(1)
    .scalar_subquery()
    .is_not(None)
)
_QUOTATION = (
    select(_quoted.c.quotation_id)
    .where(
        _quoted.c.organization_id == _o.c.organization_id,
        _quoted.c.id == _o.c.quotation_line_id,
    )
    .scalar_subquery()
)
_REDEMPTION = (
    select(_r.c.id)
    .where(
        _r.c.organization_id == _o.c.organization_id,
        _r.c.order_id == _o.c.id,
        _r.c.status != RedemptionStatus.RELEASED,
    )
    .scalar_subquery()
)

ORDERS = Listed(
    ServiceOrderRow,
    select_row(
        ServiceOrderRow,
        _o,
        overdue=_IS_OVERDUE,
        quotation_id=_QUOTATION,
        redemption_id=_REDEMPTION,
        base_amount=_o.c.price,
        options_amount=_o.c.options,
        discount_amount=_o.c.discount,
        covered_amount=_o.c.covered,
        total_amount=_o.c.total,
    ),
    _o,
    {
        "status": Filter(one_of(_o.c.status, "status"), list),
        "customer_id": Filter(_o.c.customer_id == bindparam("customer_id", type_=Uuid)),
        "worker_id": Filter(_o.c.worker_id == bindparam("worker_id", type_=Uuid)),
        "service_definition_id": Filter(
            _o.c.service_definition_id == bindparam("service_definition_id", type_=Uuid)
        ),
        "priority": Filter(one_of(_o.c.priority, "priority"), list),
        "assignee_id": Filter(_o.c.assignee_id == bindparam("assignee_id", type_=Uuid)),
        "overdue": Filter(or_(and_(_ASKED, _OVERDUE), and_(not_(_ASKED), not_(_OVERDUE)))),
        "created_from": Filter(_o.c.created_at >= bindparam("created_from", type_=Moment), moment),
        "created_before": Filter(
            _o.c.created_at < bindparam("created_before", type_=Moment), moment
        ),
        "search": Filter(
            or_(
                _o.c.searched.like(_SEARCH),
                _searched(_o.c.service_definition_id, t.service_definitions),
                _searched(_o.c.customer_id, t.customers),
                _searched(_o.c.worker_id, t.workers),
            ),
            containing,
        ),
    },
    {
        ServiceOrderSort.CREATED_AT: ordering(_o, "created_at", "id"),
        ServiceOrderSort.UPDATED_AT: ordering(_o, "updated_at", "id"),
        ServiceOrderSort.NUMBER: ordering(_o, "numbered"),
        ServiceOrderSort.PRIORITY: ordering(_o, "urgency", "created_at", "id"),
        ServiceOrderSort.TOTAL: ordering(_o, "total_amount", "id", total_amount="total"),
    },
)
_ql = t.quotation_lines
BY_QUOTATION = (
    ORDERS.rows.add_columns(_ql.c.quotation_id)
    .join_from(
        _o,
        _ql,
        and_(_ql.c.organization_id == _o.c.organization_id, _ql.c.id == _o.c.quotation_line_id),
    )
    .where(one_of(_ql.c.quotation_id))
    .order_by(_ql.c.quotation_id, _ql.c.position, _o.c.created_at, _o.c.id)
)


def _of_order(part: Table) -> ColumnElement[bool]:
    return and_(_o.c.organization_id == part.c.organization_id, _o.c.id == part.c.order_id)


_BEGUN = (OrderStepStatus.ACTIVE, OrderStepStatus.WAITING, OrderStepStatus.COMPLETED)
_FOLLOWED = exists().where(
    _next.c.organization_id == _s.c.organization_id,
    _next.c.order_id == _s.c.order_id,
    _s.c.key == any_(_next.c.depends_on),
    or_(*(_next.c.status == status for status in _BEGUN)),
)
_STEPS = select_row(
    ServiceOrderStepRow, _s, order_status=_o.c.status, followed=_FOLLOWED
).join_from(_s, _o, _of_order(_s))
STEPS_BY_IDS = _STEPS.where(one_of(_s.c.id))
STEPS_BY_ORDER = _STEPS.where(one_of(_s.c.order_id)).order_by(_s.c.order_id, _s.c.position)
PRICE_LINES_BY_ORDER = (
    select_row(
        ServiceOrderPriceLineRow,
        _p,
        kind=_p.c.line_kind,
        line_amount=_p.c.amount,
        currency=_o.c.currency,
    )
    .join_from(_p, _o, _of_order(_p))
    .where(one_of(_p.c.order_id))
    .order_by(_p.c.order_id, _p.c.position)
)


class SqlServiceOrders:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ServiceOrderRow]:
        return keyed(await self._snapshot.rows(ServiceOrderRow, ORDERS.by_ids, ids=[*ids]))

    async def by_quotation_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[ServiceOrderRow]]:
        return await self._snapshot.groups(ServiceOrderRow, BY_QUOTATION, ids=[*ids])

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: ServiceOrderFilter = ServiceOrderFilter(),
        order_by: ServiceOrderOrder = ServiceOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[ServiceOrderRow]]:
        page = await ORDERS.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def by_customer_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: ServiceOrderFilter = ServiceOrderFilter(),
        order_by: ServiceOrderOrder = ServiceOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[ServiceOrderRow]]:
        return await ORDERS.pages(
            self._snapshot, "customer_id", ids, filter, order_by, first, after
        )

    async def by_worker_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: ServiceOrderFilter = ServiceOrderFilter(),
        order_by: ServiceOrderOrder = ServiceOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[ServiceOrderRow]]:
        return await ORDERS.pages(self._snapshot, "worker_id", ids, filter, order_by, first, after)

    async def by_service_definition_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: ServiceOrderFilter = ServiceOrderFilter(),
        order_by: ServiceOrderOrder = ServiceOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[ServiceOrderRow]]:
        return await ORDERS.pages(
            self._snapshot, "service_definition_id", ids, filter, order_by, first, after
        )

    async def by_assignee_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: ServiceOrderFilter = ServiceOrderFilter(),
        order_by: ServiceOrderOrder = ServiceOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[ServiceOrderRow]]:
        return await ORDERS.pages(
            self._snapshot, "assignee_id", ids, filter, order_by, first, after
        )

    async def numbered(
        self, filter: ServiceOrderFilter, order_by: ServiceOrderOrder, *, offset: int, limit: int
    ) -> Sequence[ServiceOrderRow]:
        return await ORDERS.numbered(self._snapshot, filter, order_by, offset=offset, limit=limit)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await ORDERS.counts(self._snapshot, listings)


class SqlServiceOrderSteps:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ServiceOrderStepRow]:
        return keyed(await self._snapshot.rows(ServiceOrderStepRow, STEPS_BY_IDS, ids=[*ids]))

    async def by_order_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[ServiceOrderStepRow]]:
        rows = await self._snapshot.rows(ServiceOrderStepRow, STEPS_BY_ORDER, ids=[*ids])
        return grouped(rows, by="order_id")


class SqlServiceOrderPriceLines:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_order_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[ServiceOrderPriceLineRow]]:
        rows = await self._snapshot.rows(ServiceOrderPriceLineRow, PRICE_LINES_BY_ORDER, ids=[*ids])
        return grouped(rows, by="order_id")
