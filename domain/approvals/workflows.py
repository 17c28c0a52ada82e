"""Approval workflows: which documents they are for, and who must agree, step after step.

Of the workflows whose conditions all hold, the one with the lowest priority number routes the
document. A step whose own conditions do not hold is skipped.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from domain.approvals.conditions import Condition, DocumentType, RoutingFacts
from domain.approvals.steps import StepRule
from domain.callers import Permission
from domain.kit import checks
from domain.kit.errors import Path, RuleBroken
from domain.kit.record import Mention, Record
from domain.users import Role, User

MOST_STEPS = 20
MOST_HOURS = 24 * 366


class ApproverKind(StrEnum):
    """How a step finds its approvers."""

    USER = "USER"
    ROLE = "ROLE"
    DEPARTMENT_HEAD = "DEPARTMENT_HEAD"
    PROJECT_OWNER = "PROJECT_OWNER"


@dataclass(frozen=True, kw_only=True)
class Approver:
    """Who approves a step: by what rule several of them do, the step says."""

    kind: Annotated[ApproverKind, "How the approvers are found."]
    user_id: Annotated[UUID | None, User, "The user, for kind USER."] = None
    role_id: Annotated[UUID | None, Role, "The role, for kind ROLE."] = None

    def problems(self, path: Path) -> list[RuleBroken]:
        wanted = {ApproverKind.USER: "user_id", ApproverKind.ROLE: "role_id"}
        return [
            RuleBroken(
                "this is needed for approvers of the kind {kind}"
                if wanted.get(self.kind) == name
                else "this does not go with approvers of the kind {kind}",
                path=(*path, name),
                kind=self.kind,
            )
            for name in wanted.values()
            if (getattr(self, name) is not None) != (wanted.get(self.kind) == name)
        ]

    def mentions(self, path: Path) -> list[Mention]:
        named = ((User, self.user_id, "user_id"), (Role, self.role_id, "role_id"))
        return [Mention(kind, id, (*path, name)) for kind, id, name in named if id is not None]


@dataclass(frozen=True, kw_only=True)
class WorkflowStep:
    """One step of a workflow; the steps follow each other in the order given."""

    name: Annotated[str, "What the step is called in the route."]
    approver: Annotated[Approver, "Who may decide it."]
    rule: Annotated[StepRule, "Whose agreement it takes."] = StepRule.ANY
    optional: Annotated[bool, "When its time is up, the route goes on without it."] = False
    time_limit_hours: Annotated[int | None, "How long its approvers have; without it, forever."] = (
        None
    )
    escalation: Annotated[
        Approver | None, "Who is asked when the time is up; for steps that are not optional."
    ] = None
    conditions: Annotated[list[Condition], "When the step is needed; always, without any."] = field(
        default_factory=list
    )

    def problems(self, path: Path) -> list[RuleBroken]:
        found = checks.found(
            checks.text(self.name, (*path, "name"), most=200, required=True),
            self._limit_problem((*path, "time_limit_hours")),
            self._escalation_problem((*path, "escalation")),
        )
        found += self.approver.problems((*path, "approver"))
        if self.escalation is not None:
            found += self.escalation.problems((*path, "escalation"))
        for n, condition in enumerate(self.conditions):
            found += condition.problems((*path, "conditions", n))
        return found

    def mentions(self, path: Path) -> list[Mention]:
        found = self.approver.mentions((*path, "approver"))
        if self.escalation is not None:
            found += self.escalation.mentions((*path, "escalation"))
        for n, condition in enumerate(self.conditions):
            found += condition.mentions((*path, "conditions", n))
        return found

    def _limit_problem(self, path: Path) -> RuleBroken | None:
        if self.time_limit_hours is None:
            return None
        return checks.number(
            Decimal(self.time_limit_hours), path, least=1, most=Decimal(MOST_HOURS)
        )

    def _escalation_problem(self, path: Path) -> RuleBroken | None:
        """Fact W-73; an optional step is skipped, so that it never escalates."""
        if self.escalation is None:
            if self.time_limit_hours is None or self.optional:
                return None
            return RuleBroken("a step with a time limit must be optional or escalate", path=path)
        if self.time_limit_hours is None:
            return RuleBroken("only a step with a time limit escalates", path=path)
        if self.optional:
            return RuleBroken("an optional step is skipped and does not escalate", path=path)
        return None


@dataclass(kw_only=True, eq=False)
class ApprovalWorkflow(Record):
    kind = "approval_workflow"
    prefix = "wfl"
    managed_with = Permission.APPROVAL_WORKFLOWS_WRITE

    name: Annotated[str, "What people call the workflow; unique in the organization."]
    document_type: Annotated[DocumentType, "What it routes."] = DocumentType.PURCHASE_ORDER
    priority: Annotated[int, "Of several that match, the lowest number routes."] = 100
    active: Annotated[bool, "Only active workflows route."] = True
    conditions: Annotated[list[Condition], "All must hold; none means it always matches."] = field(
        default_factory=list
    )
    steps: Annotated[list[WorkflowStep], "Who agrees, one step after the other."]

    def problems(self) -> list[RuleBroken]:
        found = checks.found(
            checks.text(self.name, ("name",), most=200, required=True),
            None if self.steps else RuleBroken("this must not be empty", path=("steps",)),
            None
            if len(self.steps) <= MOST_STEPS
            else RuleBroken("at most {most} are possible", path=("steps",), most=MOST_STEPS),
        )
        for n, condition in enumerate(self.conditions):
            found += condition.problems(("conditions", n))
        for n, step in enumerate(self.steps):
            found += step.problems(("steps", n))
        return found

    def mentions(self) -> list[Mention]:
        found: list[Mention] = []
        for n, step in enumerate(self.steps):
            found += step.mentions(("steps", n))
        for n, condition in enumerate(self.conditions):
            found += condition.mentions(("conditions", n))
        return found


class Routing(Protocol):
    """What choosing a workflow looks at; the record has it, and so has its row."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def priority(self) -> int: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def conditions(self) -> list[Condition]: ...
    @property
    def steps(self) -> list[WorkflowStep]: ...


W = TypeVar("W", bound=Routing)


def chosen(workflows: Iterable[W], facts: RoutingFacts) -> W | None:
    """The workflow that routes a document with these facts; the oldest of equal ones."""
    matching = (w for w in workflows if all(c.holds(facts) for c in w.conditions))
    return min(matching, key=lambda w: (w.priority, w.created_at, w.id), default=None)
