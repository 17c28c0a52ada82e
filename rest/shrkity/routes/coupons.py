"""Coupons: facts S-53 to S-57."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from domain.callers import Permission
from domain.coupons import Coupon
from domain.kit.errors import NotFound
from rest.kit import Call, Endpoint, NumberedPage, page_of
from rest.kit.calls import the
from rest.kit.inputs import Nothing
from rest.shrkity.wire import coupons as wire
from rest.shrkity.wire.inputs import Page
from usecases.coupons import DeleteCoupon
from usecases.organizations import own_organization
from usecases.reads.coupons import (
    CouponFilter,
    CouponOrder,
    CouponRedemptionFilter,
    CouponRedemptionRow,
    CouponRow,
    NewestRedemptions,
)
from usecases.records import CreateRecord, UpdateRecord

READ, WRITE = Permission.COUPONS_READ, Permission.COUPONS_WRITE


async def index(call: Call[Page]) -> NumberedPage[wire.ShownCoupon]:
    async def shaped(rows: Sequence[CouponRow]) -> list[wire.ShownCoupon]:
        return [*map(wire.ShownCoupon.of, rows)]

    return await page_of(call.read.coupons, CouponFilter(), CouponOrder(), call.given, shaped)


async def create(call: Call[wire.Coupon]) -> wire.ShownCoupon:
    done = await call.run(CreateRecord(kind=Coupon, given=await _values(call)))
    return wire.ShownCoupon.of(the(await call.read.coupons.by_ids([done.id]), done.id))


async def show(call: Call[Nothing]) -> wire.ShownCoupon:
    return wire.ShownCoupon.of(await _coupon(call))


async def update(call: Call[wire.CouponUpdate]) -> wire.ShownCoupon:
    id = (await _coupon(call)).id
    await call.run(UpdateRecord(kind=Coupon, id=id, given=await _values(call)))
    return wire.ShownCoupon.of(the(await call.read.coupons.by_ids([id]), id))


async def delete(call: Call[Nothing]) -> wire.ShownCoupon:
    """The coupon as it was last (decision S-A6): deactivated, or as it was before it was erased."""
    before = await _coupon(call)
    await call.run(DeleteCoupon(id=before.id))
    left = await call.read.coupons.by_ids([before.id])
    return wire.ShownCoupon.of(left.get(before.id, before))


async def redemptions(call: Call[Page]) -> NumberedPage[wire.Redemption]:
    filter = CouponRedemptionFilter(coupon_id=(await _coupon(call)).id)

    async def shaped(rows: Sequence[CouponRedemptionRow]) -> list[wire.Redemption]:
        orders = await call.read.service_orders.by_ids([row.order_id for row in rows])
        return [wire.Redemption.of(row, orders[row.order_id].shrkity_id) for row in rows]

    questions = call.read.coupon_redemptions
    return await page_of(questions, filter, NewestRedemptions(), call.given, shaped)


async def _coupon(call: Call[Any]) -> CouponRow:
    """What was deleted is not there any more."""
    id = await call.id(Coupon.kind)
    row = the(await call.read.coupons.by_ids([id]), id)
    if row.deleted_at is not None:
        raise NotFound("no such record: {id}", id=row.shrkity_id)
    return row


async def _values(call: Call[Any]) -> dict[str, Any]:
    """What was sent, under our names. A day is one where the organization is, all of it."""
    values: dict[str, Any] = call.given.sent()
    if "is_active" in values:
        values["active"] = values.pop("is_active")
    days = [name for name in ("valid_from", "valid_until") if _is_day(values.get(name))]
    if days:
        zone = ZoneInfo((await own_organization(call.read)).time_zone)
        for name in days:
            values[name] = _at(values[name], zone, last=name == "valid_until")
    return values


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _at(day: date, zone: ZoneInfo, *, last: bool) -> datetime:
    """The first second of a day, or the last one; at either end of time, about that."""
    clock = time(23, 59, 59) if last else time()
    try:
        return datetime.combine(day, clock, zone).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, clock, UTC)


ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/coupons", index, Page, needs=READ),
    Endpoint("POST", "/coupons", create, wire.Coupon, status=201, needs=WRITE),
    Endpoint("GET", "/coupons/{id}", show, Nothing, needs=READ),
    Endpoint("PATCH", "/coupons/{id}", update, wire.CouponUpdate, needs=WRITE),
    Endpoint("DELETE", "/coupons/{id}", delete, Nothing, needs=WRITE),
    Endpoint("GET", "/coupons/{id}/redemptions", redemptions, Page, needs=READ),
]
