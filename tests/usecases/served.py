"""A record of every kind that comes of serving a customer."""

from datetime import time
from typing import Any

from domain.business_calendars import BusinessCalendar, Weekday, WorkingHours
from domain.packages import Package
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.make import NOON
from tests.usecases.selling import buyer, invoiced, kept, quoted
from tests.usecases.services import placed
from tests.usecases.subscriptions import sold


async def served(world: World, storage: SqlStorage, package: Package) -> list[Any]:
    hours = [WorkingHours(weekday=Weekday.SUNDAY, opens=time(8), closes=time(16))]
    calendar = BusinessCalendar.create({"name": "Sundays", "hours": hours}, NOON)
    await keep(storage, world.caller(), calendar)
    customer = await buyer(world, storage)
    order = await placed(world, storage)
    subscription = await sold(world, storage, package, customer)
    quotation = await quoted(world, storage, customer)
    invoice = await kept(world, storage, (await invoiced(world, storage, customer)).id)
    return [
        *(calendar, order, order.steps[0], subscription, subscription.period.allocations[0]),
        *(quotation, quotation.lines[0], invoice),
    ]
