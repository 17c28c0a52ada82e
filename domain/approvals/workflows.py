"""Approval workflows: which documents they are for, and who must agree, step after step.

Of the workflows whose conditions all hold, the one with the lowest priority number routes the
document. A step whose own conditions do not hold is skipped.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from domain.approvals.conditions import Condition, DocumentType, RoutingFacts
from domain.callers import Permission
from domain.kit import checks
from domain.kit.errors import Path, RuleBroken
from domain.kit.record import Mention, Record
from domain.users import Role, User


class ApproverKind(StrEnum):
    """How a step finds its approvers."""

    USER = "USER"
    ROLE = "ROLE"
    DEPARTMENT_HEAD = "DEPARTMENT_HEAD"
    PROJECT_OWNER = "PROJECT_OWNER"


@dataclass(frozen=True, kw_only=True)
class Approver:
    """Who approves a step; any one of several may."""

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


@dataclass(frozen=True, kw_only=True)
class WorkflowStep:
    """One step of a workflow; the steps follow each other in the order given."""

    name: Annotated[str, "What the step is called in the route."]
    approver: Annotated[Approver, "Who may decide it."]
    conditions: Annotated[list[Condition], "When the step is needed; always, without any."] = field(
        default_factory=list
    )


MOST_STEPS = 20


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
            found += checks.found(
                checks.text(step.name, ("steps", n, "name"), most=200, required=True)
            )
            found += step.approver.problems(("steps", n, "approver"))
            for m, condition in enumerate(step.conditions):
                found += condition.problems(("steps", n, "conditions", m))
        return found

    def mentions(self) -> list[Mention]:
        found: list[Mention] = []
        for n, step in enumerate(self.steps):
            approver, path = step.approver, ("steps", n, "approver")
            if approver.user_id is not None:
                found.append(Mention(User, approver.user_id, (*path, "user_id")))
            if approver.role_id is not None:
                found.append(Mention(Role, approver.role_id, (*path, "role_id")))
            for m, condition in enumerate(step.conditions):
                found += condition.mentions((*path[:2], "conditions", m))
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
