"""Clocks of service levels: how much business time is left until something has to be done."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from domain.kit.ids import new_id
from domain.service_definitions import SlaKind


class ClockState(StrEnum):
    """BREACHED: the time is up and it is still not done; BREACHED_STOPPED: it was done too late."""

    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    MET = "MET"
    BREACHED = "BREACHED"
    BREACHED_STOPPED = "BREACHED_STOPPED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, kw_only=True)
class ClockPause:
    """Time that does not count; still going on without an end."""

    since: datetime
    until: datetime | None = None


@dataclass(kw_only=True, eq=False)
class SlaClock:
    """A part of the order; one of its step's, if it has a `step_id`.

    `due_at` and `at_risk_at` follow from the calendar, the target and the pauses; they are kept
    for lists to sort by, and None while it is paused or once it has stopped.
    """

    kind: ClassVar[str] = "sla_clock"

    id: UUID = field(default_factory=new_id)
    order_id: UUID | None = None
    step_id: UUID | None = None
    measures: SlaKind
    state: ClockState = ClockState.RUNNING
    target_seconds: int
    started_at: datetime
    stopped_at: datetime | None = None
    pauses: list[ClockPause] = field(default_factory=list)
    calendar_id: UUID | None = None
    calendar_version: int | None = None
    due_at: datetime | None = None
    at_risk_at: datetime | None = None
    at_risk_told_at: datetime | None = None
    breached_at: datetime | None = None
