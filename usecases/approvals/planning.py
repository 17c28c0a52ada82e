"""Planning: which workflow a document takes, and who would be asked at each of its steps.

Submitting freezes a plan as a request, a preview shows it: both look at the same one. Whatever
the number of documents, each kind of record is read once.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from domain.approvals.conditions import Condition, DocumentType, RoutingFacts
from domain.approvals.delegations import deputies_of
from domain.approvals.requests import ApprovalRequest
from domain.approvals.steps import Candidate, Deputies, RouteStep
from domain.approvals.workflows import Approver, ApproverKind, WorkflowStep, chosen
from domain.kit.errors import RuleBroken
from usecases.reads import Reads
from usecases.reads.approvals import ApprovalWorkflowRow
from usecases.reads.organizations import OrganizationRow
from usecases.reads.users import RoleRow, UserRow


class Routed(NamedTuple):
    """A document that is to be routed: what there is to know of it."""

    type: DocumentType
    facts: RoutingFacts
    creator_id: UUID


class Checked(NamedTuple):
    condition: Condition
    holds: bool


class PlannedStep(NamedTuple):
    """A step of the workflow, and what comes of it for the document."""

    step: WorkflowStep
    checked: tuple[Checked, ...]
    candidates: list[Candidate]
    escalation: list[Candidate]

    @property
    def needed(self) -> bool:
        return all(each.holds for each in self.checked)

    @property
    def problem(self) -> RuleBroken | None:
        if self.candidates or not self.needed:
            return None
        return RuleBroken("nobody can decide the approval step {step}", step=self.step.name)

    @property
    def planned(self) -> RouteStep:
        return RouteStep(
            name=self.step.name,
            candidates=self.candidates,
            rule=self.step.rule,
            optional=self.step.optional,
            time_limit_hours=self.step.time_limit_hours,
            escalation=self.escalation,
        )


class Plan(NamedTuple):
    """The way of one document; without a workflow it is approved at once."""

    workflow: ApprovalWorkflowRow | None
    steps: tuple[PlannedStep, ...]
    deputies: Deputies

    @property
    def problems(self) -> list[RuleBroken]:
        return [problem for step in self.steps if (problem := step.problem) is not None]

    def request(self, *, round: int, at: datetime) -> ApprovalRequest | None:
        """What would be frozen now."""
        if self.workflow is None:
            return None
        return ApprovalRequest.routed(
            [step.planned for step in self.steps],
            round=round,
            workflow_id=self.workflow.id,
            workflow_name=self.workflow.name,
            at=at,
            deputies=self.deputies,
        )


async def plans(
    documents: Sequence[Routed],
    read: Reads,
    at: datetime,
    organization: Callable[[], Awaitable[OrganizationRow]],
) -> list[Plan]:
    """The plan of each document, as the configuration is now; `organization` tells whose."""
    workflows = await read.approval_workflows.active([*{each.type for each in documents}])
    ways = [(each, chosen(workflows.get(each.type, ()), each.facts)) for each in documents]
    routed = [(document, way) for document, way in ways if way is not None]
    if not routed:
        return [Plan(None, (), {}) for _ in documents]
    own_approval = (await organization()).own_approval
    approvers = await _Approvers.of(routed, read)
    drafts = [
        Plan(None, (), {})
        if way is None
        else _drafted(document, way, approvers, None if own_approval else document.creator_id)
        for document, way in ways
    ]
    asked = {c.user_id for plan in drafts for step in plan.steps for c in step.candidates}
    standing = await read.delegations.deputies([*asked], at) if asked else ()
    return [
        plan._replace(
            deputies=deputies_of(
                standing, document.type, None if own_approval else document.creator_id
            )
        )
        for document, plan in zip(documents, drafts, strict=True)
    ]


def _drafted(
    document: Routed,
    workflow: ApprovalWorkflowRow,
    approvers: "_Approvers",
    excluded: UUID | None,
) -> Plan:
    steps = []
    for step in workflow.steps:
        checked = tuple(Checked(c, c.holds(document.facts)) for c in step.conditions)
        planned = PlannedStep(step, checked, [], [])
        if planned.needed:
            escalation = step.escalation
            planned = planned._replace(
                candidates=approvers.of_step(step.approver, step, document.facts, excluded),
                escalation=approvers.of_step(escalation, step, document.facts, excluded)
                if escalation
                else [],
            )
        steps.append(planned)
    return Plan(workflow, tuple(steps), {})


class _Approvers:
    """Users and roles that steps name, read in one go for all documents."""

    def __init__(
        self,
        heads: Mapping[UUID, UUID | None],
        owners: Mapping[UUID, UUID | None],
        users: Mapping[UUID, UserRow],
        roles: Mapping[UUID, RoleRow],
        holders: Mapping[UUID, Sequence[UserRow]],
    ) -> None:
        self._heads, self._owners = heads, owners
        self._users, self._roles, self._holders = users, roles, holders

    @classmethod
    async def of(
        cls, routed: Iterable[tuple[Routed, ApprovalWorkflowRow]], read: Reads
    ) -> "_Approvers":
        """Only of steps that are needed."""
        wanted = [
            (approver, document.facts)
            for document, workflow in routed
            for step in workflow.steps
            if all(c.holds(document.facts) for c in step.conditions)
            for approver in (step.approver, step.escalation)
            if approver is not None
        ]
        departments = {f.department_id for a, f in wanted if a.kind is ApproverKind.DEPARTMENT_HEAD}
        projects = {f.project_id for a, f in wanted if a.kind is ApproverKind.PROJECT_OWNER}
        role_ids = _known(a.role_id for a, _ in wanted)
        heads: dict[UUID, UUID | None] = {}
        if ids := _known(departments):
            heads = {id: row.head_id for id, row in (await read.departments.by_ids(ids)).items()}
        owners: dict[UUID, UUID | None] = {}
        if ids := _known(projects):
            owners = {id: row.owner_id for id, row in (await read.projects.by_ids(ids)).items()}
        user_ids = _known([*(a.user_id for a, _ in wanted), *heads.values(), *owners.values()])
        return cls(
            heads,
            owners,
            await read.users.by_ids(user_ids) if user_ids else {},
            await read.roles.by_ids(role_ids) if role_ids else {},
            await read.users.by_role_ids(role_ids) if role_ids else {},
        )

    def of_step(
        self, approver: Approver, step: WorkflowStep, facts: RoutingFacts, excluded: UUID | None
    ) -> list[Candidate]:
        """Active users; `excluded` is the creator, unless own approval is allowed (W-71)."""
        if approver.role_id is not None:
            role = self._roles[approver.role_id]
            users = self._holders.get(role.id, ())
            return [Candidate(u.id, role.name) for u in users if u.id != excluded]
        id = approver.user_id
        if approver.kind is ApproverKind.DEPARTMENT_HEAD and facts.department_id is not None:
            id = self._heads.get(facts.department_id)
        if approver.kind is ApproverKind.PROJECT_OWNER and facts.project_id is not None:
            id = self._owners.get(facts.project_id)
        user = self._users.get(id) if id is not None else None
        if user is None or not user.active or user.id == excluded:
            return []
        return [Candidate(user.id, _TITLES[approver.kind] or step.name)]


def _known(ids: Collection[UUID | None] | Iterable[UUID | None]) -> list[UUID]:
    return [*dict.fromkeys(id for id in ids if id is not None)]


# What an approver is called in the route; None: as the step is.
_TITLES = {
    ApproverKind.USER: None,
    ApproverKind.DEPARTMENT_HEAD: "Department Head",
    ApproverKind.PROJECT_OWNER: "Project Owner",
}
