"""Routing: which workflow a document takes, and who the approvers of each step are."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from domain.approvals.approvables import Approvable
from domain.approvals.conditions import RoutingFacts
from domain.approvals.requests import ApprovalRequest
from domain.approvals.steps import Candidate, RouteStep
from domain.approvals.workflows import ApproverKind, WorkflowStep, chosen
from domain.kit.errors import RuleBroken
from usecases.ports import UnitOfWork
from usecases.reads.users import RoleRow, UserRow


async def route(document: Approvable, uow: UnitOfWork) -> ApprovalRequest | None:
    """The document's next approval request, frozen as the configuration is now.

    None when no workflow matches. Raises RuleBroken when a step that is needed has nobody to
    decide it: its creator does not count unless the organization allows own approval (W-71).
    """
    kind, facts = document.document_type, document.routing_facts
    workflows = (await uow.reads.approval_workflows.active([kind])).get(kind, ())
    workflow = chosen(workflows, facts)
    if workflow is None:
        return None
    needed = [s for s in workflow.steps if all(c.holds(facts) for c in s.conditions)]
    resolver = await _Approvers.of(needed, facts, uow)
    organization_id = uow.caller.organization_id
    organization = (await uow.reads.organizations.by_ids([organization_id]))[organization_id]
    excluded = None if organization.own_approval else document.created_by_id
    steps = []
    for step in workflow.steps:
        candidates = resolver.candidates(step, excluded) if step in needed else []
        if step in needed and not candidates:
            raise RuleBroken("nobody can decide the approval step {step}", step=step.name)
        steps.append(RouteStep(step.name, candidates))
    return ApprovalRequest.routed(
        steps,
        round=document.rounds + 1,
        workflow_id=workflow.id,
        workflow_name=workflow.name,
        at=uow.now,
    )


class _Approvers:
    """Users and roles that the steps of one route name, read in one go."""

    def __init__(
        self,
        named: Mapping[ApproverKind, UUID | None],
        users: Mapping[UUID, UserRow],
        roles: Mapping[UUID, RoleRow],
        holders: Mapping[UUID, Sequence[UserRow]],
    ) -> None:
        self._named, self._users, self._roles, self._holders = named, users, roles, holders

    @classmethod
    async def of(
        cls, steps: Sequence[WorkflowStep], facts: RoutingFacts, uow: UnitOfWork
    ) -> "_Approvers":
        read = uow.reads
        named: dict[ApproverKind, UUID | None] = {}
        kinds = {step.approver.kind for step in steps}
        if ApproverKind.DEPARTMENT_HEAD in kinds and facts.department_id is not None:
            departments = await read.departments.by_ids([facts.department_id])
            named[ApproverKind.DEPARTMENT_HEAD] = departments[facts.department_id].head_id
        if ApproverKind.PROJECT_OWNER in kinds and facts.project_id is not None:
            projects = await read.projects.by_ids([facts.project_id])
            named[ApproverKind.PROJECT_OWNER] = projects[facts.project_id].owner_id
        ids = {s.approver.user_id for s in steps} | {*named.values()}
        role_ids = [s.approver.role_id for s in steps if s.approver.role_id is not None]
        return cls(
            named,
            await read.users.by_ids([id for id in ids if id is not None]),
            await read.roles.by_ids(role_ids) if role_ids else {},
            await read.users.by_role_ids(role_ids) if role_ids else {},
        )

    def candidates(self, step: WorkflowStep, excluded: UUID | None) -> list[Candidate]:
        approver = step.approver
        if approver.role_id is not None:
            role = self._roles[approver.role_id]
            users = self._holders.get(role.id, ())
            return [Candidate(u.id, role.name) for u in users if u.id != excluded]
        id = approver.user_id or self._named.get(approver.kind)
        user = self._users.get(id) if id is not None else None
        if user is None or not user.active or user.id == excluded:
            return []
        return [Candidate(user.id, _TITLES[approver.kind] or step.name)]


# What an approver is called in the route; None: as the step is.
_TITLES = {
    ApproverKind.USER: None,
    ApproverKind.DEPARTMENT_HEAD: "Department Head",
    ApproverKind.PROJECT_OWNER: "Project Owner",
}
