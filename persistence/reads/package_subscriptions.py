"""Subscriptions: what customers have bought, and what it covers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    any_,
    bindparam,
    case,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.types import Text, Uuid

from domain.package_subscriptions import SubscriptionStatus
from persistence import tables as t
from persistence.reads.kit import ORGANIZATION, Snapshot, keyed, one_of, select_row
from persistence.reads.lists import Filter, Listed, moment, ordering
from persistence.tables.metadata import Moment
from usecases.reads.kit import Listing, Page, Whole
from usecases.reads.package_subscriptions import (
    Coverage,
    DueSubscription,
    PackageSubscriptionFilter,
    PackageSubscriptionOrder,
    PackageSubscriptionRow,
    PackageSubscriptionSort,
)

_s, _p, _a = t.package_subscriptions, t.subscription_periods, t.allocations
_c, _k = t.customers, t.packages
_S = SubscriptionStatus

SUBSCRIPTIONS = Listed(
    PackageSubscriptionRow,
    select_row(
        PackageSubscriptionRow, _s, renewable=_k.c.renewable, customer_active=_c.c.active
    ).select_from(
        _s.join(
            _k, (_k.c.organization_id == _s.c.organization_id) & (_k.c.id == _s.c.package_id)
        ).join(_c, (_c.c.organization_id == _s.c.organization_id) & (_c.c.id == _s.c.customer_id))
    ),
    _s,
    {
        "status": Filter(one_of(_s.c.status, "status"), list),
        "customer_id": Filter(_s.c.customer_id == bindparam("customer_id", type_=Uuid)),
        "package_id": Filter(_s.c.package_id == bindparam("package_id", type_=Uuid)),
        "ends_from": Filter(_s.c.ends_at >= bindparam("ends_from", type_=Moment), moment),
        "ends_to": Filter(_s.c.ends_at <= bindparam("ends_to", type_=Moment), moment),
    },
    {
        PackageSubscriptionSort.CREATED_AT: ordering(_s, "created_at", "id"),
        PackageSubscriptionSort.ENDS_AT: ordering(_s, "ends_at", "id"),
    },
)

BY_ALLOCATION = SUBSCRIPTIONS.rows.add_columns(_a.c.id.label("allocation_id")).where(
    _p.c.organization_id == _s.c.organization_id,
    _p.c.subscription_id == _s.c.id,
    _a.c.organization_id == _p.c.organization_id,
    _a.c.period_id == _p.c.id,
    one_of(_a.c.id),
)

_at = bindparam("at", type_=Moment)
_begun = or_(_s.c.status == _S.ACTIVE, _s.c.status == _S.PENDING) & (_s.c.starts_at <= _at)
_last = (
    select(_p.c.id)
    .where(_p.c.organization_id == _s.c.organization_id, _p.c.subscription_id == _s.c.id)
    .order_by(_p.c.position.desc())
    .limit(1)
    .lateral("last")
)
COVERING = (
    select(
        _s.c.id.label("subscription_id"),
        _a.c.id.label("allocation_id"),
        _a.c.service_definition_id,
        _c.c.id,
    )
    .select_from(
        _c.join(
            _s,
            and_(
                _s.c.organization_id == _c.c.organization_id,
                _s.c.customer_id == any_(array([_c.c.id, _c.c.client_id])),
            ),
        )
        .join(_last, true())
        .join(_a, (_a.c.organization_id == _s.c.organization_id) & (_a.c.period_id == _last.c.id))
    )
    .where(
        _c.c.organization_id == ORGANIZATION,
        one_of(_c.c.id),
        _begun,
        _s.c.ends_at > _at,
        _a.c.total.is_(None) | (_a.c.used + _a.c.expired < _a.c.total),
    )
    .order_by(
        case((_s.c.customer_id == _c.c.id, 0), else_=1),
        _a.c.total.is_not(None),
        _s.c.ends_at,
        _s.c.created_at,
        _s.c.id,
        _a.c.position,
    )
)


def _due(status: SubscriptionStatus, due: ColumnElement[datetime]) -> Select[*tuple[Any, ...]]:
    """One of the two ways to be due; its index is found by the word, which is no parameter."""
    word = literal_column(f"'{status}'", Text)
    ours = (_s.c.organization_id == ORGANIZATION, _s.c.status == word, due <= _at)
    first = select(_s.c.id, due.label("due_at")).where(*ours).order_by(due).limit(_most)
    return select(first.subquery())


_most = bindparam("most", type_=Integer)
_beginning_or_ending = union_all(
    _due(_S.PENDING, _s.c.starts_at), _due(_S.ACTIVE, _s.c.ends_at)
).subquery()
DUE = (
    select(_beginning_or_ending)
    .order_by(_beginning_or_ending.c.due_at, _beginning_or_ending.c.id)
    .limit(_most)
)


class SqlPackageSubscriptions:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, PackageSubscriptionRow]:
        rows = await self._snapshot.rows(PackageSubscriptionRow, SUBSCRIPTIONS.by_ids, ids=[*ids])
        return keyed(rows)

    async def by_allocation_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, PackageSubscriptionRow]:
        found = await self._snapshot.groups(PackageSubscriptionRow, BY_ALLOCATION, ids=[*ids])
        return {id: row for id, [row] in found.items()}

    async def by_customer_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: PackageSubscriptionFilter = PackageSubscriptionFilter(),
        order_by: PackageSubscriptionOrder = PackageSubscriptionOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[PackageSubscriptionRow]]:
        return await SUBSCRIPTIONS.pages(
            self._snapshot, "customer_id", ids, filter, order_by, first, after
        )

    async def by_package_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: PackageSubscriptionFilter = PackageSubscriptionFilter(),
        order_by: PackageSubscriptionOrder = PackageSubscriptionOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[PackageSubscriptionRow]]:
        return await SUBSCRIPTIONS.pages(
            self._snapshot, "package_id", ids, filter, order_by, first, after
        )

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: PackageSubscriptionFilter = PackageSubscriptionFilter(),
        order_by: PackageSubscriptionOrder = PackageSubscriptionOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[PackageSubscriptionRow]]:
        page = await SUBSCRIPTIONS.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def numbered(
        self,
        filter: PackageSubscriptionFilter,
        order_by: PackageSubscriptionOrder,
        *,
        offset: int,
        limit: int,
    ) -> Sequence[PackageSubscriptionRow]:
        return await SUBSCRIPTIONS.numbered(
            self._snapshot, filter, order_by, offset=offset, limit=limit
        )

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await SUBSCRIPTIONS.counts(self._snapshot, listings)

    async def covering(
        self, customer_ids: Sequence[UUID], at: datetime
    ) -> Mapping[UUID, Sequence[Coverage]]:
        return await self._snapshot.groups(Coverage, COVERING, ids=[*customer_ids], at=at)

    async def due(
        self, whole: Sequence[Whole], at: datetime, most: int
    ) -> Mapping[Whole, Sequence[DueSubscription]]:
        rows = await self._snapshot.rows(DueSubscription, DUE, at=at, most=most)
        return dict.fromkeys(whole, rows)
