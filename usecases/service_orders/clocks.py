"""Telling of clocks that nobody stopped: what time does to service orders by itself."""

from dataclasses import dataclass
from typing import ClassVar

from domain.callers import Permission
from domain.service_orders import ServiceOrder
from usecases.business_calendars import hours_by_ids
from usecases.ports import UnitOfWork
from usecases.service_orders.moving import OfServiceOrder


@dataclass(frozen=True, kw_only=True)
class TellServiceOrderClocks(OfServiceOrder):
    """Let its clocks go by their calendars as those are now, and tell what they have come to.

    An order keeps the calendar that it was placed with, whatever its service and the organization
    go by later.
    """

    requires: ClassVar = Permission.ORDERS_WRITE

    async def move(self, order: ServiceOrder, uow: UnitOfWork) -> None:
        calendars = {clock.calendar_id for clock in order.clocks if clock.open}
        order.tell_clocks(await hours_by_ids(calendars, uow.reads), uow.now)
