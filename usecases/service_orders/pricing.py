"""What changes the price of a service order: the options that are chosen, and coupons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from domain.kit.errors import raise_first
from domain.service_orders import LIFECYCLE, ServiceOrder, choose
from usecases.coupons.redeeming import release, reprice, reserve
from usecases.ports import Parts, UnitOfWork
from usecases.service_orders.moving import PRICED, OfServiceOrder


@dataclass(frozen=True, kw_only=True)
class ChooseServiceOrderOptions(OfServiceOrder):
    """Choose what is done beyond the service itself; this replaces what was chosen before.

    What stays chosen keeps its price, and stays possible when the service drops it. What a coupon
    takes off is reckoned again.
    """

    requires: ClassVar = LIFECYCLE.needs("choose_options")
    parts: ClassVar[Parts] = PRICED

    options: Annotated[Sequence[str], "The keys of the service's options; none at all is possible."]

    async def move(self, order: ServiceOrder, uow: UnitOfWork) -> None:
        order.require("choose_options", uow.caller)
        id = order.service_definition_id
        service = (await uow.reads.service_definitions.by_ids([id]))[id]
        chosen, unknown = choose(order.on_offer(service.price_options), self.options)
        raise_first(unknown)
        order.choose_options(chosen, uow.caller, uow.now)
        await reprice(order, uow)
        order.reprice(uow.now)


@dataclass(frozen=True, kw_only=True)
class ApplyServiceOrderCoupon(OfServiceOrder):
    """Take off what a coupon gives. It is reserved for the order, and used when that is done.

    Refused when it is unknown, not in force or used up, when the order costs too little for it,
    and when the order has a coupon already.
    """

    requires: ClassVar = LIFECYCLE.needs("apply_coupon")
    parts: ClassVar[Parts] = PRICED

    code: Annotated[str, "What the customer says, in whatever case."]

    async def move(self, order: ServiceOrder, uow: UnitOfWork) -> None:
        order.require("apply_coupon", uow.caller)
        order.coupon_reserved(await reserve(order, self.code, uow), uow.now)


@dataclass(frozen=True, kw_only=True)
class RemoveServiceOrderCoupon(OfServiceOrder):
    """Do without its coupon, which can be used for another order then."""

    requires: ClassVar = LIFECYCLE.needs("remove_coupon")
    parts: ClassVar[Parts] = PRICED

    async def move(self, order: ServiceOrder, uow: UnitOfWork) -> None:
        order.require("remove_coupon", uow.caller)
        if (redemption := order.redemption) is not None:
            await release(order, uow)
            order.coupon_released(redemption, uow.now)
