"""Approval requests: one round of one document along its frozen route."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from domain.approvals.steps import (
    NOBODY,
    ApprovalStep,
    Decision,
    Deputies,
    RouteStep,
    StepStatus,
)
from domain.kit.ids import new_id


class RequestStatus(StrEnum):
    """How a round stands, or ended. WITHDRAWN: recalled or cancelled before it was decided."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(kw_only=True, eq=False)
class ApprovalRequest:
    """`workflow_name` stays readable when the workflow is renamed: the route is frozen."""

    id: UUID = field(default_factory=new_id)
    round: int
    status: RequestStatus = RequestStatus.PENDING
    workflow_id: UUID
    workflow_name: str
    created_at: datetime
    ended_at: datetime | None = None
    steps: list[ApprovalStep] = field(default_factory=list)

    @classmethod
    def routed(
        cls,
        route: Sequence[RouteStep],
        *,
        round: int,
        workflow_id: UUID,
        workflow_name: str,
        at: datetime,
        deputies: Deputies = NOBODY,
    ) -> Self:
        request = cls(
            round=round, workflow_id=workflow_id, workflow_name=workflow_name, created_at=at
        )
        request.steps = [ApprovalStep.of(n, step) for n, step in enumerate(route, start=1)]
        request._advance(at, deputies)
        return request

    @property
    def current(self) -> ApprovalStep | None:
        return next((step for step in self.steps if step.status is StepStatus.PENDING), None)

    def current_step(self) -> ApprovalStep:
        """The step that is decided now. Asking when there is none is a bug."""
        if (step := self.current) is None:
            raise ValueError("no step is waiting for a decision")
        return step

    @property
    def pending_approver_ids(self) -> list[UUID]:
        return [a.approver_id for a in self.current.open] if self.current else []

    @property
    def approver_ids(self) -> set[UUID]:
        """Everybody who is asked, or may be asked yet: those whose deputies matter."""
        steps = [s for s in self.steps if s.status in {StepStatus.WAITING, StepStatus.PENDING}]
        return {a.approver_id for step in steps for a in step.open} | {
            candidate.user_id for step in steps for candidate in step.escalation
        }

    @property
    def later_approver_ids(self) -> set[UUID]:
        """Those of the steps that wait for the current one."""
        steps = [s for s in self.steps if s.status is StepStatus.WAITING]
        return {a.approver_id for step in steps for a in step.assignments}

    def decide(
        self,
        by: UUID,
        decision: Decision,
        at: datetime,
        comment: str | None,
        deputies: Deputies = NOBODY,
    ) -> ApprovalStep:
        """Record what `by` decides on the current step, and go on when its rule is met.

        The caller has checked that `by` is one of those who are asked.
        """
        step = self.current_step()
        step.decide(by, decision, at, comment)
        if step.status is StepStatus.APPROVED:
            self._advance(at, deputies)
        elif step.status is not StepStatus.PENDING:
            self._end(RequestStatus(step.status), at)
        return step

    def skip(self, at: datetime, deputies: Deputies = NOBODY) -> ApprovalStep:
        """Go on without the current step, which is optional."""
        step = self.current_step()
        step.end(StepStatus.SKIPPED)
        self._advance(at, deputies)
        return step

    def withdraw(self, at: datetime) -> None:
        self._end(RequestStatus.WITHDRAWN, at)

    def _advance(self, at: datetime, deputies: Deputies) -> None:
        following = next((s for s in self.steps if s.status is StepStatus.WAITING), None)
        if following is None:
            self._end(RequestStatus.APPROVED, at)
        else:
            following.begin(at, deputies)

    def _end(self, status: RequestStatus, at: datetime) -> None:
        self.status, self.ended_at = status, at
        for step in self.steps:
            if step.status in {StepStatus.WAITING, StepStatus.PENDING}:
                step.end(StepStatus.SKIPPED)
