"""Business calendars: the hours that clocks of service orders go by."""

from collections import OrderedDict
from datetime import datetime
from uuid import UUID

from domain.business_time import AROUND_THE_CLOCK, BusinessHours
from usecases.ports import UnitOfWork
from usecases.reads import Reads
from usecases.reads.business_calendars import BusinessCalendarRow

KEPT = 256  # calendars of this process
_kept: OrderedDict[tuple[UUID, int, datetime], BusinessHours] = OrderedDict()


async def working_hours(calendar_id: UUID | None, uow: UnitOfWork) -> BusinessHours:
    """When work is done, by the calendar as it is now; around the clock without one."""
    return (await hours_by_ids({calendar_id}, uow.reads))[calendar_id]


async def hours_by_ids(ids: set[UUID | None], reads: Reads) -> dict[UUID | None, BusinessHours]:
    """The same of several, with one question at the most."""
    found: dict[UUID | None, BusinessHours] = {None: AROUND_THE_CLOCK}
    wanted = [id for id in ids if id is not None]
    if wanted:
        calendars = await reads.business_calendars.by_ids(wanted)
        found |= {id: hours_of(calendar) for id, calendar in calendars.items()}
    return found


def hours_of(calendar: BusinessCalendarRow) -> BusinessHours:
    """What was worked out of this version before is not worked out again, as far as it is kept."""
    # A sandbox that was reset counts its versions anew: the moment tells them apart.
    key = calendar.id, calendar.version, calendar.updated_at
    hours = _kept.pop(key, None) or BusinessHours(calendar)
    _kept[key] = hours
    if len(_kept) > KEPT:
        _kept.popitem(last=False)
    return hours
