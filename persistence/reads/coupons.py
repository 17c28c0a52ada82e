"""Coupons, and what they were used for."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Text, and_, any_, bindparam, case, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from domain.coupons import CouponStatus, RedemptionStatus
from persistence import tables as t
from persistence.reads.kit import ORGANIZATION, Snapshot, keyed, one_of, select_row
from persistence.reads.lists import Filter, Listed, contains, ordering
from usecases.reads.coupons import (
    CouponFilter,
    CouponOrder,
    CouponRedemptionFilter,
    CouponRedemptionRow,
    CouponRow,
    CouponSort,
    NewestRedemptions,
    SubjectUse,
)
from usecases.reads.kit import Listing, Page, Whole

_c, _r = t.coupons, t.coupon_redemptions

# As `Coupon.status_at` says it.
_ENABLED = case(
    (_c.c.valid_until < func.now(), literal(CouponStatus.EXPIRED.value, Text)),
    (_c.c.used >= _c.c.usage_limit_total, literal(CouponStatus.EXHAUSTED.value, Text)),
    (_c.c.valid_from > func.now(), literal(CouponStatus.SCHEDULED.value, Text)),
    else_=literal(CouponStatus.ACTIVE.value, Text),
)
_STATUS = case(
    (_c.c.active & _c.c.deleted_at.is_(None), _ENABLED),
    else_=literal(CouponStatus.DISABLED.value, Text),
)
_ASKED = bindparam("status", type_=ARRAY(Text))
_DISABLED = literal(CouponStatus.DISABLED.value, Text)
_OTHERS = literal([s.value for s in CouponStatus if s is not CouponStatus.DISABLED], ARRAY(Text))
# In parts that fall away when they are not asked for, so that an index finds the others.
_HAS_STATUS = or_(
    and_(~_c.c.active, any_(_ASKED) == _DISABLED),
    and_(_c.c.active, _ASKED.overlap(_OTHERS), any_(_ASKED) == _ENABLED),
)
_THERE = _c.c.deleted_at.is_(None)
_ROWS = select_row(
    CouponRow,
    _c,
    max_discount_value=_c.c.max_discount_amount,
    min_order_value=_c.c.min_order_amount,
    status=_STATUS,
)
BY_IDS = _ROWS.where(one_of(_c.c.id))
BY_CODES = select(_c.c.code, _c.c.id).where(
    _c.c.organization_id == ORGANIZATION, _THERE, one_of(_c.c.code, "codes")
)
COUPONS = Listed(
    CouponRow,
    _ROWS.where(_THERE),
    _c,
    {"status": Filter(_HAS_STATUS, list), "search": contains(_c.c.searched)},
    {
        CouponSort.CREATED_AT: ordering(_c, "created_at", "id"),
        CouponSort.CODE: ordering(_c, "code"),
    },
    counted=_THERE,
)
REDEMPTIONS = Listed(
    CouponRedemptionRow,
    select_row(CouponRedemptionRow, _r, amount_value=_r.c.amount, currency=_c.c.currency).join_from(
        _r, _c, (_c.c.organization_id == _r.c.organization_id) & (_c.c.id == _r.c.coupon_id)
    ),
    _r,
    {"coupon_id": Filter(_r.c.coupon_id == bindparam("coupon_id", type_=Uuid))},
    {None: ordering(_r, "reserved_at", "id")},
)
_COUNTS = _r.c.status != RedemptionStatus.RELEASED
USES = (
    select(_r.c.coupon_id, _r.c.customer_id, func.count())
    .where(
        _r.c.organization_id == ORGANIZATION,
        one_of(_r.c.coupon_id, "coupon_ids"),
        one_of(_r.c.customer_id, "customer_ids"),
        _COUNTS,
    )
    .group_by(_r.c.coupon_id, _r.c.customer_id)
)
APPLIED = (
    select(_r.c.coupon_id)
    .where(_r.c.organization_id == ORGANIZATION, one_of(_r.c.coupon_id))
    .group_by(_r.c.coupon_id)
)
_by_customer = (
    select(_r.c.coupon_id, func.count().label("number"))
    .where(
        _r.c.organization_id == ORGANIZATION,
        one_of(_r.c.coupon_id),
        _r.c.customer_id.is_not(None),
        _COUNTS,
    )
    .group_by(_r.c.coupon_id, _r.c.customer_id)
    .subquery()
)
MOST_USES = select(_by_customer.c.coupon_id, func.max(_by_customer.c.number)).group_by(
    _by_customer.c.coupon_id
)


class SqlCoupons:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, CouponRow]:
        return keyed(await self._snapshot.rows(CouponRow, BY_IDS, ids=[*ids]))

    async def ids_by_codes(self, codes: Sequence[str]) -> Mapping[str, UUID]:
        return dict(await self._snapshot.records(BY_CODES, codes=[*codes]))

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: CouponFilter = CouponFilter(),
        order_by: CouponOrder = CouponOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[CouponRow]]:
        page = await COUPONS.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def numbered(
        self, filter: CouponFilter, order_by: CouponOrder, *, offset: int, limit: int
    ) -> Sequence[CouponRow]:
        return await COUPONS.numbered(self._snapshot, filter, order_by, offset=offset, limit=limit)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await COUPONS.counts(self._snapshot, listings)


class SqlCouponRedemptions:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, CouponRedemptionRow]:
        rows = await self._snapshot.rows(CouponRedemptionRow, REDEMPTIONS.by_ids, ids=[*ids])
        return keyed(rows)

    async def by_coupon_ids(
        self, ids: Sequence[UUID], *, first: int = 50, after: str | None = None
    ) -> Mapping[UUID, Page[CouponRedemptionRow]]:
        return await REDEMPTIONS.pages(
            self._snapshot, "coupon_id", ids, None, NewestRedemptions(), first, after
        )

    async def numbered(
        self,
        filter: CouponRedemptionFilter,
        order_by: NewestRedemptions,
        *,
        offset: int,
        limit: int,
    ) -> Sequence[CouponRedemptionRow]:
        return await REDEMPTIONS.numbered(
            self._snapshot, filter, order_by, offset=offset, limit=limit
        )

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await REDEMPTIONS.counts(self._snapshot, listings)

    async def uses(self, subjects: Sequence[SubjectUse]) -> Mapping[SubjectUse, int]:
        found = await self._snapshot.records(
            USES,
            coupon_ids=[subject.coupon_id for subject in subjects],
            customer_ids=[subject.customer_id for subject in subjects],
        )
        counted = {SubjectUse(coupon, customer): number for coupon, customer, number in found}
        return {subject: counted[subject] for subject in subjects if subject in counted}

    async def applied(self, coupon_ids: Sequence[UUID]) -> Mapping[UUID, bool]:
        found = await self._snapshot.records(APPLIED, ids=[*coupon_ids])
        return {record[0]: True for record in found}

    async def most_uses_by_coupon_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, int]:
        return dict(await self._snapshot.records(MOST_USES, ids=[*ids]))
