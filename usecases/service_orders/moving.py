"""Moving service orders along their lifecycle, and what follows from it, whatever the verb."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from domain.service_orders import LIFECYCLE, Priority, ServiceOrder, ServiceOrderStatus
from domain.users import User
from usecases.business_calendars import working_hours
from usecases.coupons.redeeming import redeem, release
from usecases.kit import ExpectedVersion, UseCase
from usecases.package_subscriptions.covering import uncover
from usecases.ports import Parts, UnitOfWork
from usecases.sales_invoices.issuing import invoice_order
from usecases.service_orders.assigning import check_assignee

OrderId = Annotated[UUID, ServiceOrder, "The service order."]

# The parts of orders that moves look at, which do not end them: what has to be done by when, and
# what it costs.
TIMED: Parts = ("steps", "clocks")
PRICED: Parts = ("price_lines", "redemptions")


async def follow(order: ServiceOrder, before: ServiceOrderStatus, uow: UnitOfWork) -> None:
    """What comes with a status that the order has only now come to.

    Completed, its coupon is used for good, and it is billed. Cancelled, its coupon and the unit
    of a subscription are given back; its place in the month's allowance is not.
    """
    if order.status is before:
        return
    if order.status is ServiceOrderStatus.COMPLETED:
        await redeem(order, uow)
        await invoice_order(order, uow)
    elif order.status is ServiceOrderStatus.CANCELLED:
        await uncover(order, uow)
        await release(order, uow)
        order.let_go(uow.now)


@dataclass(frozen=True, kw_only=True)
class OfServiceOrder(UseCase[ServiceOrder]):
    """A move of one order, with everything that follows from it: no verb can forget that."""

    parts: ClassVar[Parts] = TIMED

    id: OrderId
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> ServiceOrder:
        order = await uow.records(ServiceOrder).get(
            self.id, expected=self.expected_version, parts=self.parts
        )
        before = order.status
        await self.move(order, uow)
        await follow(order, before, uow)
        return order

    @abstractmethod
    async def move(self, order: ServiceOrder, uow: UnitOfWork) -> None:
        """The transition itself, of a locked order."""


@dataclass(frozen=True, kw_only=True)
class StartServiceOrder(OfServiceOrder):
    """Begin to work on it: the clock of the first response stops. Starting a step does so, too."""

    requires: ClassVar = LIFECYCLE.needs("start")

    async def move(self, order: ServiceOrder, uow: UnitOfWork) -> None:
        hours = await working_hours(order.calendar_id, uow)
        order.start(uow.caller, uow.now, hours)


@dataclass(frozen=True, kw_only=True)
class HoldServiceOrder(OfServiceOrder):
    """Let it rest: no step moves and no clock runs until it is resumed."""

    requires: ClassVar = LIFECYCLE.needs("hold")

    reason: Annotated[str, "Why."]

    async def move(self, order: ServiceOrder, uow: UnitOfWork) -> None:
        hours = await working_hours(order.calendar_id, uow)
        order.hold(uow.caller, uow.now, hours, self.reason)


@dataclass(frozen=True, kw_only=True)
class ResumeServiceOrder(OfServiceOrder):
    """Go on with it. Clocks of steps that wait for somebody go on when those do."""

    requires: ClassVar = LIFECYCLE.needs("resume")

    async def move(self, order: ServiceOrder, uow: UnitOfWork) -> None:
        hours = await working_hours(order.calendar_id, uow)
        order.resume(uow.caller, uow.now, hours)


@dataclass(frozen=True, kw_only=True)
class CancelServiceOrder(OfServiceOrder):
    """Call it off, with all of its open steps.

    Its coupon can be used again, and a subscription gets back the unit that covered it. It still
    counts among the month's orders.
    """

    requires: ClassVar = LIFECYCLE.needs("cancel")
    parts: ClassVar[Parts] = None

    reason: Annotated[str | None, "Why."] = None

    async def move(self, order: ServiceOrder, uow: UnitOfWork) -> None:
        hours = await working_hours(order.calendar_id, uow)
        order.cancel(uow.caller, uow.now, hours, self.reason)


@dataclass(frozen=True, kw_only=True)
class AssignServiceOrder(OfServiceOrder):
    """Say who looks after it."""

    requires: ClassVar = LIFECYCLE.needs("assign")
    parts: ClassVar[Parts] = ()

    assignee_id: Annotated[
        UUID | None, User, "An active user who may change orders; nobody when left out."
    ] = None

    async def move(self, order: ServiceOrder, uow: UnitOfWork) -> None:
        order.require("assign", uow.caller)
        await check_assignee(self.assignee_id, uow)
        order.assign(self.assignee_id, uow.caller, uow.now)


@dataclass(frozen=True, kw_only=True)
class SetServiceOrderPriority(OfServiceOrder):
    """Say how urgent it is. Its clocks go by that as if it had always been so."""

    requires: ClassVar = LIFECYCLE.needs("set_priority")

    priority: Annotated[Priority, "How urgent it is."]

    async def move(self, order: ServiceOrder, uow: UnitOfWork) -> None:
        hours = await working_hours(order.calendar_id, uow)
        order.set_priority(self.priority, uow.caller, uow.now, hours)
