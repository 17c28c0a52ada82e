"""Coupons on service orders: reserved when applied, redeemed or released later.

Whoever calls has locked the order; each of these locks the coupon, after the order and before any
invoice, and counts on it. What that means for the order's price is left to the order.
"""

from uuid import UUID

from domain.coupons import Coupon, CouponRedemption, Sale, folded
from domain.kit.errors import RuleBroken
from domain.service_orders import ServiceOrder
from usecases.ports import UnitOfWork
from usecases.reads.coupons import SubjectUse


async def reserve(order: ServiceOrder, code: str, uow: UnitOfWork) -> CouponRedemption:
    """Use a coupon for an order, whatever case its code is said in (facts S-32 and S-57).

    The redemption is the order's from now on. Raises everything that speaks against it, at `code`.
    """
    said = folded(code)
    id = (await uow.reads.coupons.ids_by_codes([said])).get(said)
    unknown = RuleBroken("there is no coupon {code}", path=("code",), code=code[:64])
    if id is None:
        raise unknown
    # Read before it was locked: by now it may be gone, deleted, or called something else.
    coupon = next(iter(await uow.records(Coupon).get_many([id])), None)
    if coupon is None or coupon.deleted_at is not None or coupon.code != said:
        raise unknown
    redemption = coupon.reserve(await _sale(order, coupon.id, uow), uow.now)
    order.redemptions.append(redemption)
    return redemption


async def reprice(order: ServiceOrder, uow: UnitOfWork) -> None:
    """Reckon again what an order's coupon takes off, after the order's price has changed.

    Raises RuleBroken when the order now costs less than the coupon is for.
    """
    redemption = order.redemption
    if redemption is not None:
        coupon = await uow.records(Coupon).get(redemption.coupon_id)
        coupon.reprice(redemption, await _sale(order, coupon.id, uow))


async def redeem(order: ServiceOrder, uow: UnitOfWork) -> None:
    """The order is done: its coupon, if it has one, is used for good."""
    redemption = order.redemption
    if redemption is not None:
        coupon = await uow.records(Coupon).get(redemption.coupon_id)
        coupon.redeem(redemption, order.id, uow.now)


async def release(order: ServiceOrder, uow: UnitOfWork) -> None:
    """The order does without its coupon, if it has one: another order can have that use."""
    redemption = order.redemption
    if redemption is not None:
        coupon = await uow.records(Coupon).get(redemption.coupon_id)
        coupon.release(redemption, order.id, uow.now)


async def _sale(order: ServiceOrder, coupon_id: UUID, uow: UnitOfWork) -> Sale:
    uses = 0
    if order.customer_id is not None:
        subject = SubjectUse(coupon_id, order.customer_id)
        uses = (await uow.reads.coupon_redemptions.uses([subject])).get(subject, 0)
    return Sale(
        order_id=order.id,
        customer_id=order.customer_id,
        currency=order.currency,
        amount=order.price + order.options,
        covered=order.covered,
        uses=uses,
        has_coupon=order.coupon_applied,
    )
