"""Clocks of service levels: what has to be done by when, over all service orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from domain.service_definitions import SlaKind
from domain.service_orders import ClockPause, ClockState
from domain.users import User
from usecases.reads.kit import Direction, Listing, Page, Whole


class ClockTiming(NamedTuple):
    """What the time that a clock has counted follows from."""

    calendar_id: UUID | None
    started_at: datetime
    pauses: tuple[ClockPause, ...]
    until: datetime
    target_seconds: int
    elapsed_seconds: int | None  # of a clock that has stopped


class ClockTime(NamedTuple):
    """In business time; there is less than nothing left of a clock that is overdue."""

    elapsed_seconds: int
    remaining_seconds: int


class SlaClockRow(NamedTuple):
    """`asked_at` is when it was read; `due_or_never` what lists are sorted by."""

    id: UUID
    order_id: UUID
    step_id: UUID | None
    measures: SlaKind
    state: ClockState
    target_seconds: int
    started_at: datetime
    stopped_at: datetime | None
    elapsed_seconds: int | None
    pauses: list[ClockPause]
    calendar_id: UUID | None
    due_at: datetime | None
    due_or_never: datetime
    at_risk_at: datetime | None
    breached_at: datetime | None
    asked_at: datetime

    @property
    def paused(self) -> bool:
        return self.stopped_at is None and bool(self.pauses) and self.pauses[-1].until is None

    @property
    def breached(self) -> bool:
        return self.state in {ClockState.BREACHED, ClockState.BREACHED_STOPPED}

    @property
    def at_risk(self) -> bool:
        due, going = self.at_risk_at, self.state in {ClockState.RUNNING, ClockState.PAUSED}
        return going and due is not None and due <= self.asked_at

    @property
    def timing(self) -> ClockTiming:
        return ClockTiming(
            self.calendar_id,
            self.started_at,
            tuple(self.pauses),
            self.stopped_at or self.asked_at,
            self.target_seconds,
            self.elapsed_seconds,
        )


class ClockToTell(NamedTuple):
    """A clock of this order, and from when on there is news of it."""

    order_id: UUID
    tell_at: datetime


class SlaClockSort(StrEnum):
    """What lists of clocks can be sorted by. Those that are not due come last in DUE_AT."""

    DUE_AT = "DUE_AT"
    STARTED_AT = "STARTED_AT"


@dataclass(frozen=True, kw_only=True)
class SlaClockFilter:
    """All that is given must hold."""

    state: Annotated[tuple[ClockState, ...] | None, "In one of these states."] = None
    measures: Annotated[SlaKind | None, "Which measure this."] = None
    at_risk: Annotated[
        bool | None, "Whether 80 % of the time is gone, of clocks neither stopped nor breached."
    ] = None
    breached: Annotated[bool | None, "Whether the time is up, or was when they stopped."] = None
    due_before: Annotated[datetime | None, "Due before this moment; whatever else is so."] = None
    assignee_id: Annotated[
        UUID | None, User, "Of steps that are assigned to this user, or of whole orders that are."
    ] = None


@dataclass(frozen=True, kw_only=True)
class SlaClockOrder:
    """By what to sort, and which way."""

    field: Annotated[SlaClockSort, "What to sort by."] = SlaClockSort.DUE_AT
    direction: Annotated[Direction, "Which way."] = Direction.ASC


class SlaClocks(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, SlaClockRow]: ...

    async def by_order_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[SlaClockRow]]:
        """Those of the orders and of all their steps, in the order in which they began."""

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: SlaClockFilter = SlaClockFilter(),
        order_by: SlaClockOrder = SlaClockOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[SlaClockRow]]: ...

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...

    async def to_tell(
        self, whole: Sequence[Whole], until: datetime, limit: int
    ) -> Mapping[Whole, Sequence[ClockToTell]]:
        """As many clocks of which there is news, or will be by then; the longest overdue first."""

    async def outdated(self, whole: Sequence[Whole], limit: int) -> Mapping[Whole, Sequence[UUID]]:
        """The orders of as many clocks that go by an older version of their calendar."""


class SlaClockTimes(Protocol):
    async def by_timings(
        self, timings: Sequence[ClockTiming]
    ) -> Mapping[ClockTiming, ClockTime]: ...
