"""Steps of a route: who is asked, by what rule they decide, and what happens when they do not.

What is asked of an approver can be handed on: by the approver or a standing delegation to a
deputy, who takes the approver's place, or when the time is up to those it escalates to, of whom
any one then decides the step.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from domain.kit.ids import new_id


class StepRule(StrEnum):
    """Whose agreement a step takes: everybody's, any one's, or that of more than half.

    A rejection rejects; under MAJORITY, only when a majority can no longer be reached.
    """

    ALL = "ALL"
    ANY = "ANY"
    MAJORITY = "MAJORITY"


class StepStatus(StrEnum):
    """WAITING for the steps before it, PENDING when it is its turn, then what was decided.

    SKIPPED: it was not needed, or was optional and its time was up.
    """

    WAITING = "WAITING"
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    SKIPPED = "SKIPPED"


class AssignmentStatus(StrEnum):
    """DELEGATED and ESCALATED: handed on. SUPERSEDED: the step was decided without it."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    DELEGATED = "DELEGATED"
    ESCALATED = "ESCALATED"
    SUPERSEDED = "SUPERSEDED"


HANDED_ON = frozenset({AssignmentStatus.DELEGATED, AssignmentStatus.ESCALATED})


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
    rule: StepRule = StepRule.ANY
    optional: bool = False
    time_limit_hours: int | None = None
    escalation: Sequence[Candidate] = ()


# Who stands in for whom, in the order they are to be asked: active users that may.
Deputies = Mapping[UUID, Sequence[UUID]]
NOBODY: Deputies = MappingProxyType({})


class Delegated(NamedTuple):
    """That what was asked of one user is asked of a deputy now."""

    by: UUID
    to: UUID


@dataclass(kw_only=True, eq=False)
class ApprovalAssignment:
    """One approver's part in a step (fact W-70: one per step and approver).

    `asked_at` is None until it is the step's turn. `decided_at` is also when it was handed on.
    """

    id: UUID = field(default_factory=new_id)
    approver_id: UUID
    role: str
    status: AssignmentStatus = AssignmentStatus.PENDING
    comment: str | None = None
    asked_at: datetime | None = None
    decided_at: datetime | None = None
    on_behalf_of_id: UUID | None = None
    passed_to: list[UUID] = field(default_factory=list)

    def settle(self, status: AssignmentStatus, at: datetime, comment: str | None = None) -> None:
        self.status, self.decided_at, self.comment = status, at, comment


@dataclass(kw_only=True, eq=False)
class ApprovalStep:
    id: UUID = field(default_factory=new_id)
    position: int
    name: str
    rule: StepRule = StepRule.ANY
    optional: bool = False
    time_limit_hours: int | None = None
    escalation: list[Candidate] = field(default_factory=list)
    status: StepStatus = StepStatus.WAITING
    started_at: datetime | None = None
    due_at: datetime | None = None
    escalated_at: datetime | None = None
    assignments: list[ApprovalAssignment] = field(default_factory=list)

    @classmethod
    def of(cls, position: int, planned: RouteStep) -> "ApprovalStep":
        return cls(
            position=position,
            name=planned.name,
            rule=planned.rule,
            optional=planned.optional,
            time_limit_hours=planned.time_limit_hours,
            escalation=[*planned.escalation],
            status=StepStatus.WAITING if planned.candidates else StepStatus.SKIPPED,
            assignments=[ApprovalAssignment(approver_id=u, role=r) for u, r in planned.candidates],
        )

    @property
    def open(self) -> list[ApprovalAssignment]:
        return [a for a in self.assignments if a.status is AssignmentStatus.PENDING]

    def begin(self, at: datetime, deputies: Deputies) -> None:
        """It is its turn: the clock runs, and whoever has a deputy is not asked."""
        self.status, self.started_at = StepStatus.PENDING, at
        if self.time_limit_hours is not None:
            self.due_at = at + timedelta(hours=self.time_limit_hours)
        for assignment in self.assignments:
            assignment.asked_at = at
        self.delegate_standing(deputies, at)

    def decide(self, by: UUID, decision: Decision, at: datetime, comment: str | None) -> None:
        """Record what `by` decides, and end the step when that settles it."""
        [assignment] = [a for a in self.open if a.approver_id == by]
        assignment.settle(AssignmentStatus(decision), at, comment)
        if (outcome := self._outcome(decision)) is not None:
            self.end(outcome)

    def end(self, status: StepStatus) -> None:
        self.status = status
        for assignment in self.open:
            assignment.status = AssignmentStatus.SUPERSEDED

    def delegate(self, by: UUID, to: UUID, at: datetime, comment: str | None = None) -> Delegated:
        """Put `to` in the place of `by`. The caller has checked that `to` is not in the step."""
        [assignment] = [a for a in self.open if a.approver_id == by]
        assignment.settle(AssignmentStatus.DELEGATED, at, comment)
        assignment.passed_to = [to]
        whose = assignment.on_behalf_of_id or by
        self._ask(Candidate(to, assignment.role), at, whose)
        return Delegated(by, to)

    def delegate_standing(self, deputies: Deputies, at: datetime) -> list[Delegated]:
        """Put deputies in the places of those who have one and are still asked.

        A deputy's own deputies are not asked, so that delegations never go in circles; nobody is
        asked twice (fact W-70).
        """
        delegated = []
        for assignment in self.open:
            if assignment.on_behalf_of_id is not None:
                continue
            free = (d for d in deputies.get(assignment.approver_id, ()) if not self.involves(d))
            if (deputy := next(free, None)) is not None:
                delegated.append(self.delegate(assignment.approver_id, deputy, at))
        return delegated

    def escalate(self, at: datetime, gone: Collection[UUID] = ()) -> list[UUID]:
        """Ask those it escalates to, once; whoever they are now, without those who are `gone`.

        Empty when there is nobody to ask who has not decided already: it stays as it is.
        """
        self.due_at = None
        asked = {a.approver_id for a in self.open}
        able = [c for c in self.escalation if c.user_id not in gone]
        fresh = [c for c in able if not self.involves(c.user_id)]
        to = [c.user_id for c in able if c in fresh or c.user_id in asked]
        if not to:
            return []
        self.escalated_at = at
        for assignment in [a for a in self.open if a.approver_id not in to]:
            assignment.settle(AssignmentStatus.ESCALATED, at)
            assignment.passed_to = [*to]
        for candidate in fresh:
            self._ask(candidate, at, None)
        return to

    def involves(self, user_id: UUID) -> bool:
        return any(a.approver_id == user_id for a in self.assignments)

    def _ask(self, candidate: Candidate, at: datetime, on_behalf_of: UUID | None) -> None:
        self.assignments.append(
            ApprovalAssignment(
                approver_id=candidate.user_id,
                role=candidate.role,
                asked_at=at,
                on_behalf_of_id=on_behalf_of,
            )
        )

    def _outcome(self, decision: Decision) -> StepStatus | None:
        """How the step ends with this decision; None when it takes more of them."""
        if decision is Decision.CHANGES_REQUESTED or self.escalated_at is not None:
            return StepStatus(decision)
        if self.rule is StepRule.ANY:
            return StepStatus(decision)
        places = [a.status for a in self.assignments if a.status not in HANDED_ON]
        wanted = len(places) if self.rule is StepRule.ALL else len(places) // 2 + 1
        if places.count(AssignmentStatus.APPROVED) >= wanted:
            return StepStatus.APPROVED
        if places.count(AssignmentStatus.REJECTED) > len(places) - wanted:
            return StepStatus.REJECTED
        return None
