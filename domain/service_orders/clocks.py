"""Clocks of service levels: how much business time is left until something has to be done.

When a clock is due follows from when it started, its target, its pauses and the calendar; it is
worked out anew with every change, and never moved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Self
from uuid import UUID

from domain.business_time import NOTHING, BusinessHours
from domain.kit.ids import new_id
from domain.service_definitions import SlaKind, SlaTarget
from domain.service_orders.statuses import Priority

AT_RISK = 80  # percent of the target: from when on a clock that still runs is at risk

# What the target of a service is multiplied with.
FACTORS: Mapping[Priority, Decimal] = {
    Priority.LOW: Decimal(2),
    Priority.NORMAL: Decimal(1),
    Priority.HIGH: Decimal("0.5"),
    Priority.URGENT: Decimal("0.25"),
}


class ClockState(StrEnum):
    """BREACHED: the time is up and it is still not done; BREACHED_STOPPED: it was done too late."""

    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    MET = "MET"
    BREACHED = "BREACHED"
    BREACHED_STOPPED = "BREACHED_STOPPED"
    CANCELLED = "CANCELLED"


class ClockNews(StrEnum):
    """What is told of a clock, as the past of an event of its order."""

    AT_RISK = "sla_at_risk"
    BREACHED = "sla_breached"


@dataclass(frozen=True, kw_only=True)
class ClockPause:
    """Time that does not count; still going on without an end."""

    since: datetime
    until: datetime | None = None


@dataclass(kw_only=True, eq=False)
class SlaClock:
    """A part of the order; one of its step's, if it has a `step_id`.

    `due_at` and `at_risk_at` are kept for lists to sort by: None while it is paused, unless they
    were reached before, and once it is cancelled. `tell_at` is when somebody has to look whether
    there is news. `breached_at` stays when a later change makes the clock due later again: then it
    runs again, and is told of again when it is breached again.
    """

    kind: ClassVar[str] = "sla_clock"
    prefix: ClassVar[str] = "slc"

    id: UUID = field(default_factory=new_id)
    order_id: UUID | None = None
    step_id: UUID | None = None
    measures: SlaKind
    state: ClockState = ClockState.RUNNING
    target_seconds: int
    started_at: datetime
    stopped_at: datetime | None = None
    elapsed_seconds: int | None = None  # once it has stopped
    pauses: list[ClockPause] = field(default_factory=list)
    calendar_id: UUID | None = None
    calendar_version: int | None = None
    due_at: datetime | None = None
    at_risk_at: datetime | None = None
    tell_at: datetime | None = None
    at_risk_told_at: datetime | None = None
    breach_told_at: datetime | None = None
    breached_at: datetime | None = None

    @classmethod
    def start(
        cls,
        target: SlaTarget,
        priority: Priority,
        hours: BusinessHours,
        at: datetime,
        *,
        step_id: UUID | None = None,
    ) -> Self:
        """Running from now on. Raises RuleBroken when the calendar never gets to its end."""
        seconds = target_seconds(target, priority)
        clock = cls(measures=target.kind, target_seconds=seconds, started_at=at, step_id=step_id)
        clock._reckon(hours, at)
        return clock

    @property
    def open(self) -> bool:
        """Whether what it measures is still to be done."""
        return self.stopped_at is None

    @property
    def paused(self) -> bool:
        return self.open and bool(self.pauses) and self.pauses[-1].until is None

    @property
    def breached(self) -> bool:
        return self.state in {ClockState.BREACHED, ClockState.BREACHED_STOPPED}

    def pause(self, hours: BusinessHours, at: datetime) -> None:
        """Let time not count from now on; nothing when it does not count already.

        What is breached stays so.
        """
        if self.open and not self.paused:
            self.pauses = [*self.pauses, ClockPause(since=at)]
            self._reckon(hours, at)

    def resume(self, hours: BusinessHours, at: datetime) -> None:
        """Let time count again; nothing when it is not paused."""
        if self.paused:
            self.pauses = [*self.pauses[:-1], replace(self.pauses[-1], until=at)]
            self._reckon(hours, at)

    def stop(self, hours: BusinessHours, at: datetime) -> None:
        """It is done: in time until the very moment it is due."""
        if self.open:
            self._end(hours, at)
            self._reckon(hours, at)

    def cancel(self, hours: BusinessHours, at: datetime) -> None:
        """It does not have to be done any more."""
        if self.open:
            self._end(hours, at)
            self.state = ClockState.CANCELLED
            self.due_at = self.at_risk_at = self.tell_at = None

    def reopen(self, hours: BusinessHours, at: datetime) -> None:
        """It turned out not to be done: on from where it was, as after a pause."""
        if self.stopped_at is not None and self.state is not ClockState.CANCELLED:
            self.pauses = [*self.pauses, ClockPause(since=self.stopped_at, until=at)]
            self.stopped_at = self.elapsed_seconds = None
            self._reckon(hours, at)

    def retarget(
        self, was: Priority, becomes: Priority, hours: BusinessHours, at: datetime
    ) -> None:
        """As if it had had the other priority from the start; pauses stay."""
        if self.open:
            self.target_seconds = int(self.target_seconds / FACTORS[was] * FACTORS[becomes])
            self._reckon(hours, at)

    def recalendar(self, hours: BusinessHours, at: datetime) -> None:
        """As if the calendar had been so from the start; pauses stay."""
        if self.open:
            self._reckon(hours, at)

    def tell(self, at: datetime) -> ClockNews | None:
        """What there is to tell of by now, and was not told yet; it counts as told with this.

        What is breached is not at risk any more.
        """
        self._look(at)
        news = None
        if self.breached and self.breach_told_at is None:
            self.breach_told_at = at
            news = ClockNews.BREACHED
        elif self.is_at_risk(at) and self.at_risk_told_at is None:
            self.at_risk_told_at = at
            news = ClockNews.AT_RISK
        self._plan()
        return news

    def is_at_risk(self, at: datetime) -> bool:
        """Whether most of its time is gone, while it is neither stopped nor breached."""
        due = self.at_risk_at
        return self.open and not self.breached and due is not None and due <= at

    def elapsed(self, hours: BusinessHours, at: datetime) -> timedelta:
        """The business time since it started, without that of its pauses."""
        end = at if self.stopped_at is None else self.stopped_at
        return counted(self.started_at, self.pauses, end, hours)

    def _end(self, hours: BusinessHours, at: datetime) -> None:
        if self.paused:
            self.pauses = [*self.pauses[:-1], replace(self.pauses[-1], until=at)]
        self.stopped_at = at
        self.elapsed_seconds = self.elapsed(hours, at) // timedelta(seconds=1)

    def _reckon(self, hours: BusinessHours, at: datetime) -> None:
        """All that follows from what it started with, its target, its pauses and the calendar."""
        target = timedelta(seconds=self.target_seconds)
        self.calendar_id, self.calendar_version = hours.calendar_id, hours.calendar_version
        self.due_at = self._reaches(target, hours)
        self.at_risk_at = self._reaches(target * AT_RISK // 100, hours)
        self._look(at)
        if not self.breached:
            self.breach_told_at = None
        if self.at_risk_at is None or self.at_risk_at > at:
            self.at_risk_told_at = None
        self._plan()

    def _reaches(self, work: timedelta, hours: BusinessHours) -> datetime | None:
        """When so much time has gone that counts; None when that depends on when it resumes."""
        since = self.started_at
        for pause in self.pauses:
            done = hours.between(since, pause.since)
            if work <= done:
                break
            if pause.until is None:
                return None
            work -= done
            since = pause.until
        return hours.after(since, work)

    def _look(self, at: datetime) -> None:
        """Whether the time is up by now; of what has stopped, by when it did."""
        late = self.due_at is not None and self.due_at < (self.stopped_at or at)
        if self.state is ClockState.CANCELLED:
            return
        if late and self.breached_at is None:
            self.breached_at = self.due_at
        if self.open:
            going = ClockState.PAUSED if self.paused else ClockState.RUNNING
            self.state = ClockState.BREACHED if late else going
        else:
            self.state = ClockState.BREACHED_STOPPED if late else ClockState.MET

    def _plan(self) -> None:
        if self.breached:
            self.tell_at = self.due_at if self.breach_told_at is None else None
        elif self.open:
            self.tell_at = self.at_risk_at if self.at_risk_told_at is None else self.due_at
        else:
            self.tell_at = None


def target_seconds(target: SlaTarget, priority: Priority) -> int:
    """The business time that something may take that is so urgent."""
    return int(target.minutes * 60 * FACTORS[priority])


def counted(
    started_at: datetime, pauses: Sequence[ClockPause], end: datetime, hours: BusinessHours
) -> timedelta:
    """The business time from a start to an end, without that of the pauses."""
    paused = (hours.between(pause.since, min(pause.until or end, end)) for pause in pauses)
    return hours.between(started_at, end) - sum(paused, NOTHING)
