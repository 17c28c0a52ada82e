"""Approvals of documents, and the workflows that route them."""

from datetime import datetime

import strawberry

from domain.approvals import conditions
from domain.approvals import workflows as domain
from domain.approvals.steps import StepRule
from domain.callers import Permission
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Payload
from schema.kit.mutations import creates, mutations, updates
from schema.kit.nodes import Node, found_by_id
from schema.kit.relations import related, related_many
from schema.kit.views import node_of, plain, view_of
from schema.users import Role, User
from usecases.reads.approvals import ApprovalRow, ApprovalStatus, ApprovalWorkflowRow
from usecases.reads.kit import Page, Whole

shown(ApprovalStatus)
shown(StepRule)
shown(conditions.ConditionField)
shown(conditions.ConditionOperator)
shown(domain.ApproverKind)
shown(conditions.DocumentType)

READ = Permission.APPROVAL_WORKFLOWS_READ


@view_of(ApprovalRow)
@strawberry.type(description="One approver's part in one step of one round.")
class Approval:
    round: int = plain("1, and one more each time it was submitted again.")
    step: int = plain("1, 2, 3, … along the route.")
    name: str = plain("What the step is called.")
    rule: StepRule = plain("Whose agreement the step takes.")
    optional: bool = plain("Whether the route goes on without it when its time is up.")
    status: ApprovalStatus = plain("How it stands.")
    approver: User | None = related(
        "approver_id",
        lambda read: read.users.by_ids,
        "Who may decide; null for a step that was not needed.",
        needs=Permission.USERS_READ,
    )
    role: str | None = plain("As what the approver was asked.")
    on_behalf_of: User | None = related(
        "on_behalf_of_id",
        lambda read: read.users.by_ids,
        "In whose place the approver was asked.",
        needs=Permission.USERS_READ,
    )
    passed_to: list[User] = related_many(
        "passed_to_ids",
        lambda read: read.users.by_groups,
        "Whom it was handed on to, for DELEGATED and ESCALATED.",
        needs=Permission.USERS_READ,
    )
    comment: str | None = plain("What the approver said.")
    asked_at: datetime | None = plain("When the approver was asked.")
    due_at: datetime | None = plain("When the step is skipped or escalates; null when it does not.")
    decided_at: datetime | None = plain("When the approver decided, or it was handed on.")


@view_of(conditions.Condition)
@strawberry.type(description="One comparison; all conditions of a workflow or step must hold.")
class Condition:
    field: conditions.ConditionField = plain("What it looks at.")
    operator: conditions.ConditionOperator = plain("How it compares.")
    values: list[str] = plain("An amount, or ids.")


@view_of(domain.Approver)
@strawberry.type(description="How a step finds its approvers.")
class Approver:
    kind: domain.ApproverKind = plain("How they are found.")
    user: User | None = related(
        "user_id", lambda read: read.users.by_ids, "For USER.", needs=Permission.USERS_READ
    )
    role: Role | None = related(
        "role_id", lambda read: read.roles.by_ids, "For ROLE.", needs=Permission.USERS_READ
    )


@view_of(domain.WorkflowStep)
@strawberry.type(description="A step of a workflow.")
class WorkflowStep:
    name: str = plain("What the step is called.")
    approver: Approver = plain("Who decides it.")
    rule: StepRule = plain("Whose agreement it takes.")
    optional: bool = plain("Whether the route goes on without it when its time is up.")
    time_limit_hours: int | None = plain("How long its approvers have; without it, forever.")
    escalation: Approver | None = plain("Who is asked when the time is up.")
    conditions: list[Condition] = plain("When it is needed; always, without any.")


@node_of(ApprovalWorkflowRow, "wfl", lambda read: read.approval_workflows.by_ids, needs=READ)
@strawberry.type(description="Which documents go which way to be approved.")
class ApprovalWorkflow(Node):
    version: int = plain("Goes up with every change.")
    name: str = plain("What people call the workflow.")
    document_type: conditions.DocumentType = plain("What it routes.")
    priority: int = plain("Of several that match, the lowest number routes.")
    active: bool = plain("Only active workflows route.")
    conditions: list[Condition] = plain("All must hold.")
    steps: list[WorkflowStep] = plain("Who agrees, one step after the other.")
    created_at: datetime = plain("When it was created.")


@view_of(Page[ApprovalWorkflowRow])
@strawberry.type(description="A page of approval workflows.")
class ApprovalWorkflowConnection(Connection[ApprovalWorkflow]):
    total_count: int = related(
        "listing", lambda read: read.approval_workflows.counts, "In the whole list."
    )


@strawberry.type
class ApprovalQueries:
    approval_workflow: ApprovalWorkflow | None = found_by_id("wfl", "An approval workflow.")
    approval_workflows: ApprovalWorkflowConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.approval_workflows.all,
        "The approval workflows, oldest first.",
        needs=READ,
    )


@strawberry.type(description="An approval workflow after the mutation.")
class ApprovalWorkflowPayload(Payload):
    approval_workflow: ApprovalWorkflow | None = related(
        "id", lambda read: read.approval_workflows.by_ids, "The workflow as it is now."
    )


@mutations(ApprovalWorkflowPayload)
class ApprovalWorkflowMutations:
    approval_workflow_create = creates(
        domain.ApprovalWorkflow, "Create a workflow. It routes what is submitted from now on."
    )
    approval_workflow_update = updates(
        domain.ApprovalWorkflow, "Change a workflow. Routes under way stay as they are."
    )
