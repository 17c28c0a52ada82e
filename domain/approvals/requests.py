"""Approval requests: one round of one document along its frozen route."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Self
from uuid import UUID

from domain.kit.ids import new_id


class RequestStatus(StrEnum):
    """How a round stands, or ended. WITHDRAWN: recalled or cancelled before it was decided."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    WITHDRAWN = "WITHDRAWN"


class StepStatus(StrEnum):
    """WAITING for the steps before it, PENDING when it is its turn, then what was decided."""

    WAITING = "WAITING"
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    SKIPPED = "SKIPPED"


class AssignmentStatus(StrEnum):
    """SUPERSEDED: somebody else decided the step, or nobody has to any more."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    SUPERSEDED = "SUPERSEDED"


class Decision(StrEnum):
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"


class Candidate(NamedTuple):
    """A user who may decide a step, and as what: "CFO", "Department head"."""

    user_id: UUID
    role: str


class RouteStep(NamedTuple):
    """A step as routing found it; without candidates its condition did not hold."""

    name: str
    candidates: Sequence[Candidate]


@dataclass(kw_only=True, eq=False)
class ApprovalAssignment:
    id: UUID = field(default_factory=new_id)
    approver_id: UUID
    role: str
    status: AssignmentStatus = AssignmentStatus.PENDING
    comment: str | None = None
    decided_at: datetime | None = None


@dataclass(kw_only=True, eq=False)
class ApprovalStep:
    id: UUID = field(default_factory=new_id)
    position: int
    name: str
    status: StepStatus = StepStatus.WAITING
    assignments: list[ApprovalAssignment] = field(default_factory=list)

    def end(self, status: StepStatus) -> None:
        self.status = status
        for assignment in self.assignments:
            if assignment.status is AssignmentStatus.PENDING:
                assignment.status = AssignmentStatus.SUPERSEDED


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
    ) -> Self:
        request = cls(
            round=round, workflow_id=workflow_id, workflow_name=workflow_name, created_at=at
        )
        request.steps = [
            ApprovalStep(
                position=position,
                name=step.name,
                status=StepStatus.WAITING if step.candidates else StepStatus.SKIPPED,
                assignments=[ApprovalAssignment(approver_id=u, role=r) for u, r in step.candidates],
            )
            for position, step in enumerate(route, start=1)
        ]
        request._advance(at)
        return request

    @property
    def current(self) -> ApprovalStep | None:
        return next((step for step in self.steps if step.status is StepStatus.PENDING), None)

    @property
    def pending_approver_ids(self) -> list[UUID]:
        return [a.approver_id for a in self.current.assignments] if self.current else []

    def decide(
        self, by: UUID, decision: Decision, at: datetime, comment: str | None
    ) -> ApprovalStep:
        """Record what `by` decides on the current step; any one approver decides it.

        The caller has checked that `by` is one of its approvers.
        """
        step = self.current
        if step is None:
            raise ValueError("no step is waiting for a decision")
        [assignment] = [a for a in step.assignments if a.approver_id == by]
        assignment.status = AssignmentStatus(decision)
        assignment.comment, assignment.decided_at = comment, at
        step.end(StepStatus(decision))
        if decision is Decision.APPROVED:
            self._advance(at)
        else:
            self._end(RequestStatus(decision), at)
        return step

    def withdraw(self, at: datetime) -> None:
        self._end(RequestStatus.WITHDRAWN, at)

    def _advance(self, at: datetime) -> None:
        following = next((s for s in self.steps if s.status is StepStatus.WAITING), None)
        if following is None:
            self._end(RequestStatus.APPROVED, at)
        else:
            following.status = StepStatus.PENDING

    def _end(self, status: RequestStatus, at: datetime) -> None:
        self.status, self.ended_at = status, at
        for step in self.steps:
            if step.status in {StepStatus.WAITING, StepStatus.PENDING}:
                step.end(StepStatus.SKIPPED)
