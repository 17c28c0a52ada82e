"""The service order itself: placed, worked on step by step, held, completed, cancelled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.approvals.approvables import check_reason
from domain.business_time import BusinessHours
from domain.callers import Caller
from domain.kit.errors import NotFound, raise_first
from domain.service_orders.clocks import SlaClock
from domain.service_orders.contents import ServiceOrderContent
from domain.service_orders.lifecycle import LIFECYCLE, STEP_LIFECYCLE
from domain.service_orders.statuses import (
    OrderStepStatus,
    Priority,
    ServiceOrderStatus,
    WaitingFor,
)
from domain.service_orders.steps import ServiceOrderStep, all_done, settle, standing
from domain.service_orders.timing import keep_time


@dataclass(kw_only=True, eq=False)
class ServiceOrder(ServiceOrderContent):
    """One piece of work for a customer. `hours` are those that its clocks go by."""

    kind = "service_order"
    prefix = "so"
    lifecycle = LIFECYCLE

    def placed(self, number: str, at: datetime, **details: Any) -> None:
        """Give it its number, and tell; `details` say whom it is for."""
        self.number = number
        told = ("status", "service_definition_id", "priority", "currency", "total")
        changes = {name: (None, getattr(self, name)) for name in told}
        self._record("placed", at, changes, number=number, **details)

    def start(self, by: Caller, at: datetime, hours: BusinessHours) -> None:
        """Work on it begins: that was the first response."""
        self.require("start", by)
        self._start(at)
        self._tick(hours, at)

    def hold(self, by: Caller, at: datetime, hours: BusinessHours, reason: str) -> None:
        """Nothing happens until it is resumed, and no clock runs."""
        self.require("hold", by)
        check_reason(reason)
        self.held_at, self.hold_reason = at, reason
        self._move("hold", "held", at, reason=reason)
        self._tick(hours, at)

    def resume(self, by: Caller, at: datetime, hours: BusinessHours) -> None:
        """It goes on; the clocks of steps that wait for somebody stay where they are."""
        self.require("resume", by)
        self.held_at = self.hold_reason = None
        self._move("resume", "resumed", at)
        self._tick(hours, at)

    def cancel(
        self, by: Caller, at: datetime, hours: BusinessHours, reason: str | None = None
    ) -> None:
        """Call it off, with the steps that are open; what was done stays (fact S-31).

        Its coupon and what a subscription covered are given back beside it.
        """
        self.require("cancel", by)
        check_reason(reason, required=False)
        self.cancelled_at, self.cancellation_reason = at, reason
        for step in self.steps:
            if step.is_open:
                step.status = STEP_LIFECYCLE.after(step.status, "cancel")
                step.waiting_for = None
        self.held_at = self.hold_reason = None
        self._move("cancel", "cancelled", at, reason=reason)
        self._tick(hours, at)

    def assign(self, user_id: UUID | None, by: Caller, at: datetime) -> None:
        """Say who looks after it, or nobody."""
        self.require("assign", by)
        if changes := self._set({"assignee_id": user_id}):
            self._record("assigned", at, changes)

    def set_priority(
        self, priority: Priority, by: Caller, at: datetime, hours: BusinessHours
    ) -> None:
        """Fact S-29. Clocks go by the new targets as if they always had; pauses stay."""
        self.require("set_priority", by)
        was = self.priority
        if changes := self._set({"priority": priority}):
            for clock in self.clocks:
                clock.retarget(was, priority, hours, at)
            self._record("prioritized", at, changes)

    # Steps

    def step(self, id: UUID) -> ServiceOrderStep:
        """Raises NotFound when there is none with this id."""
        found = next((step for step in self.steps if step.id == id), None)
        if found is None:
            raise NotFound("this order has no such step", path=("step_id",))
        return found

    def require_step(self, step: ServiceOrderStep, action: str, by: Caller) -> None:
        """Raise what stands in the way of a step's move, all of it."""
        facts = standing(step, self.steps, self.status)
        raise_first(STEP_LIFECYCLE.blockers(facts, action, by))

    def start_step(
        self, step: ServiceOrderStep, by: Caller, at: datetime, hours: BusinessHours
    ) -> None:
        """Begin to work on it, and on the order with the first one."""
        self.require_step(step, "start", by)
        if self.status is ServiceOrderStatus.PENDING:
            self._start(at)
        step.started_at = at
        self._move_step(step, "start", "step_started", at)
        self._tick(hours, at)

    def wait_step(
        self,
        step: ServiceOrderStep,
        waiting_for: WaitingFor,
        by: Caller,
        at: datetime,
        hours: BusinessHours,
    ) -> None:
        """It is the client's turn, or an authority's: its clock does not run meanwhile."""
        self.require_step(step, "wait", by)
        step.waiting_for = waiting_for
        self._move_step(step, "wait", "step_waiting", at, waiting_for=waiting_for)
        self._tick(hours, at)

    def continue_step(
        self, step: ServiceOrderStep, by: Caller, at: datetime, hours: BusinessHours
    ) -> None:
        """What was waited for has come."""
        self.require_step(step, "continue", by)
        step.waiting_for = None
        self._move_step(step, "continue", "step_continued", at)
        self._tick(hours, at)

    def complete_step(
        self,
        step: ServiceOrderStep,
        by: Caller,
        at: datetime,
        hours: BusinessHours,
        note: str | None = None,
    ) -> None:
        """It is done; the last one that is needed completes the order."""
        self.require_step(step, "complete", by)
        check_reason(note, "note", required=False)
        step.completed_at, step.note = at, note
        self._move_step(step, "complete", "step_completed", at, note=note)
        self._go_on(hours, at)

    def skip_step(
        self,
        step: ServiceOrderStep,
        by: Caller,
        at: datetime,
        hours: BusinessHours,
        note: str | None = None,
    ) -> None:
        """Do without an optional step; what depends on it goes on as if it were done."""
        self.require_step(step, "skip", by)
        check_reason(note, "note", required=False)
        step.note = note
        self._move_step(step, "skip", "step_skipped", at, note=note)
        self._go_on(hours, at)

    def reopen_step(
        self,
        step: ServiceOrderStep,
        by: Caller,
        at: datetime,
        hours: BusinessHours,
        reason: str | None = None,
    ) -> None:
        """It was not done after all. Steps that became ready through it are blocked again.

        Not once one of them has begun. Its clock goes on from where it stopped.
        """
        self.require_step(step, "reopen", by)
        check_reason(reason, required=False)
        step.completed_at = None
        self._move_step(step, "reopen", "step_reopened", at, reason=reason)
        settle(self.steps)
        self._tick(hours, at)

    def assign_step(
        self, step: ServiceOrderStep, user_id: UUID | None, by: Caller, at: datetime
    ) -> None:
        """Say who does it, or nobody."""
        self.require_step(step, "assign", by)
        if step.assignee_id != user_id:
            before, step.assignee_id = step.assignee_id, user_id
            said = {"from_user_id": before, "to_user_id": user_id}
            told: dict[str, Any] = {name: str(id) if id else None for name, id in said.items()}
            self._record("step_assigned", at, step=step.key, step_id=str(step.id), **told)

    def tell_clocks(self, hours: Mapping[UUID | None, BusinessHours], at: datetime) -> None:
        """Tell what its clocks have come to by now, at risk or breached, each once.

        Those that run go by their calendars as they are now; `hours` are those, by their ids.
        """
        moved = [clock for clock in self.clocks if clock.open and _moves(clock, hours, at)]
        if moved:
            self._record("sla_rescheduled", at, clock_ids=[str(clock.id) for clock in moved])
        keys = {step.id: step.key for step in self.steps}
        for clock in self.clocks:
            if (news := clock.tell(at)) is not None:
                self._record(
                    news,
                    at,
                    clock_id=str(clock.id),
                    measures=clock.measures,
                    step=keys[clock.step_id] if clock.step_id else None,
                    due_at=clock.due_at,
                )

    # Inside

    def _start(self, at: datetime) -> None:
        self.started_at = at
        self._move("start", "started", at)

    def _go_on(self, hours: BusinessHours, at: datetime) -> None:
        """What follows when a step is done, or does not have to be."""
        settle(self.steps)
        if all_done(self.steps):
            for step in self.steps:
                if step.is_open:
                    step.status = OrderStepStatus.SKIPPED
            self.completed_at = at
            self._move("complete", "completed", at)
        self._tick(hours, at)

    def _tick(self, hours: BusinessHours, at: datetime) -> None:
        keep_time(self.clocks, self.steps, (self.status, self.priority), hours, at)

    def _move(self, action: str, past: str, at: datetime, **details: Any) -> None:
        before, self.status = self.status, LIFECYCLE.after(self.status, action)
        self._record(past, at, {"status": (before, self.status)}, **details)

    def _move_step(
        self, step: ServiceOrderStep, action: str, past: str, at: datetime, **details: Any
    ) -> None:
        before, step.status = step.status, STEP_LIFECYCLE.after(step.status, action)
        said: dict[str, Any] = {
            "step": step.key,
            "step_id": str(step.id),
            "before": before,
            "after": step.status,
        }
        self._record(past, at, **said, **details)


def _moves(clock: SlaClock, hours: Mapping[UUID | None, BusinessHours], at: datetime) -> bool:
    """Whether its calendar as it is now makes it due at another time."""
    ours, before = hours[clock.calendar_id], clock.due_at
    if clock.calendar_version != ours.calendar_version:
        clock.recalendar(ours, at)
    return clock.due_at != before
