"""How much time clocks of service orders have counted, as of when they are asked."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from domain.business_time import BusinessHours
from domain.service_orders.clocks import counted
from usecases.business_calendars import hours_by_ids
from usecases.reads import Reads
from usecases.reads.sla_clocks import ClockTime, ClockTiming

_SECOND = timedelta(seconds=1)


class ClockTimes:
    """Worked out of the calendars, which are asked for once."""

    def __init__(self, read: Reads) -> None:
        self._read = read

    async def by_timings(self, timings: Sequence[ClockTiming]) -> Mapping[ClockTiming, ClockTime]:
        going = {timing.calendar_id for timing in timings if timing.elapsed_seconds is None}
        hours = await hours_by_ids(going, self._read)
        return {
            timing: _time(timing, hours)
            for timing in timings
            if timing.elapsed_seconds is not None or timing.calendar_id in hours
        }


def _time(timing: ClockTiming, hours: Mapping[UUID | None, BusinessHours]) -> ClockTime:
    elapsed = timing.elapsed_seconds
    if elapsed is None:
        ours = hours[timing.calendar_id]
        elapsed = counted(timing.started_at, timing.pauses, timing.until, ours) // _SECOND
    return ClockTime(elapsed, timing.target_seconds - elapsed)
