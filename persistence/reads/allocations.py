"""Periods of subscriptions, what they cover, and the ledger of what was used."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from persistence import tables as t
from persistence.reads.kit import ORGANIZATION, Snapshot, grouped, keyed, one_of, select_row
from persistence.reads.lists import Fixed, Listed, ordering
from usecases.reads.allocations import AllocationEntryRow, AllocationRow, SubscriptionPeriodRow
from usecases.reads.kit import Direction, Listing, Page

_s, _p, _a, _e = (
    t.package_subscriptions,
    t.subscription_periods,
    t.allocations,
    t.allocation_entries,
)
_of_subscription = (_s.c.organization_id == _p.c.organization_id) & (
    _s.c.id == _p.c.subscription_id
)
_of_period = (_p.c.organization_id == _a.c.organization_id) & (_p.c.id == _a.c.period_id)

PERIODS = select_row(
    SubscriptionPeriodRow, _p, price_amount=_p.c.price, currency=_s.c.currency
).join_from(_p, _s, _of_subscription)
PERIODS_BY_SUBSCRIPTION = PERIODS.where(one_of(_p.c.subscription_id)).order_by(
    _p.c.subscription_id, _p.c.position
)
_latest = _p.c.subscription_id, _p.c.position.desc()
LAST_BY_SUBSCRIPTION = (
    PERIODS.where(one_of(_p.c.subscription_id))
    .ext(distinct_on(_p.c.subscription_id))
    .order_by(*_latest)
)

ALLOCATIONS = select_row(AllocationRow, _a, subscription_id=_p.c.subscription_id).join_from(
    _a, _p, _of_period
)
ALLOCATIONS_BY_ID = ALLOCATIONS.where(one_of(_a.c.id))
ALLOCATIONS_BY_PERIOD = ALLOCATIONS.where(one_of(_a.c.period_id)).order_by(
    _a.c.period_id, _a.c.position
)
_last = (
    select(_p.c.id, _p.c.subscription_id)
    .where(_p.c.organization_id == ORGANIZATION, one_of(_p.c.subscription_id))
    .ext(distinct_on(_p.c.subscription_id))
    .order_by(*_latest)
    .subquery("last")
)
ALLOCATIONS_BY_SUBSCRIPTION = (
    select_row(AllocationRow, _a, subscription_id=_last.c.subscription_id)
    .join_from(_a, _last, _last.c.id == _a.c.period_id)
    .order_by(_a.c.period_id, _a.c.position)
)
ENTRIES = Listed(
    AllocationEntryRow,
    select_row(AllocationEntryRow, _e),
    _e,
    {},
    {None: ordering(_e, "at", "id")},
)
NEWEST_FIRST = Fixed(direction=Direction.DESC)


class SqlSubscriptionPeriods:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_subscription_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[SubscriptionPeriodRow]]:
        rows = await self._snapshot.rows(SubscriptionPeriodRow, PERIODS_BY_SUBSCRIPTION, ids=[*ids])
        return grouped(rows, by="subscription_id")

    async def last_by_subscription_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, SubscriptionPeriodRow]:
        rows = await self._snapshot.rows(SubscriptionPeriodRow, LAST_BY_SUBSCRIPTION, ids=[*ids])
        return keyed(rows, by="subscription_id")


class SqlAllocations:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, AllocationRow]:
        return keyed(await self._snapshot.rows(AllocationRow, ALLOCATIONS_BY_ID, ids=[*ids]))

    async def by_period_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[AllocationRow]]:
        rows = await self._snapshot.rows(AllocationRow, ALLOCATIONS_BY_PERIOD, ids=[*ids])
        return grouped(rows, by="period_id")

    async def by_subscription_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[AllocationRow]]:
        rows = await self._snapshot.rows(AllocationRow, ALLOCATIONS_BY_SUBSCRIPTION, ids=[*ids])
        return grouped(rows, by="subscription_id")


class SqlAllocationEntries:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_subscription_ids(
        self, ids: Sequence[UUID], *, first: int = 50, after: str | None = None
    ) -> Mapping[UUID, Page[AllocationEntryRow]]:
        return await ENTRIES.pages(
            self._snapshot, "subscription_id", ids, None, NEWEST_FIRST, first, after
        )

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await ENTRIES.counts(self._snapshot, listings)
