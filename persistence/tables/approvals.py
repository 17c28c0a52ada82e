"""Approval workflows, and the requests that were routed by them."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from domain.approvals.conditions import Condition, DocumentType
from domain.approvals.requests import RequestStatus
from domain.approvals.steps import AssignmentStatus, Candidate, StepRule, StepStatus
from domain.approvals.workflows import WorkflowStep
from persistence.tables.metadata import (
    Moment,
    Shaped,
    aggregate,
    by,
    by_parts_of,
    owned,
    refers,
    searched,
    words,
)

approval_workflows = aggregate(
    "approval_workflows",
    Column("name", Text, nullable=False),
    Column("document_type", words(DocumentType), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("conditions", Shaped(list[Condition]), nullable=False),
    Column("steps", Shaped(list[WorkflowStep]), nullable=False),
    by("name", unique=True),
    searched("name"),
    by("document_type", "active", "priority"),
    by("created_at", "id"),
    by_parts_of("searched", "approval_workflows"),
)

approval_requests = owned(
    "approval_requests",
    Column("purchase_order_id", Uuid),
    Column("purchase_invoice_id", Uuid),
    Column("round", Integer, nullable=False),
    Column("status", words(RequestStatus), nullable=False),
    Column("workflow_id", Uuid, nullable=False),
    Column("workflow_name", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    refers("purchase_order_id", "purchase_orders", cascade=True),
    refers("purchase_invoice_id", "purchase_invoices", cascade=True),
    refers("workflow_id", "approval_workflows"),
    CheckConstraint(
        "num_nonnulls(purchase_order_id, purchase_invoice_id) = 1", name="is_about_one_document"
    ),
    by("purchase_order_id", "round", unique=True),
    by("purchase_invoice_id", "round", unique=True),
    by("workflow_id"),
)

approval_steps = owned(
    "approval_steps",
    Column("request_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("rule", words(StepRule), nullable=False),
    Column("optional", Boolean, nullable=False),
    Column("time_limit_hours", Integer),
    Column("escalation", Shaped(list[Candidate]), nullable=False),
    Column("status", words(StepStatus), nullable=False),
    Column("started_at", Moment),
    Column("due_at", Moment),
    Column("escalated_at", Moment),
    refers("request_id", "approval_requests", cascade=True),
    by("request_id", "position", unique=True),
    Index(
        "ix_approval_steps_due_at",
        "organization_id",
        "due_at",
        postgresql_where=text("status = 'PENDING' AND due_at IS NOT NULL"),
    ),
)

approval_assignments = owned(
    "approval_assignments",
    Column("step_id", Uuid, nullable=False),
    Column("approver_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("status", words(AssignmentStatus), nullable=False),
    Column("comment", Text),
    Column("asked_at", Moment),
    Column("decided_at", Moment),
    Column("on_behalf_of_id", Uuid),
    Column("passed_to", ARRAY(Uuid), nullable=False),
    refers("step_id", "approval_steps", cascade=True),
    refers("approver_id", "users"),
    refers("on_behalf_of_id", "users"),
    by("step_id", "approver_id", unique=True),  # fact W-70
    by("approver_id", "status", "asked_at", "id"),
    by("on_behalf_of_id"),
    CheckConstraint(
        "(decided_at IS NOT NULL) = (status NOT IN ('PENDING', 'SUPERSEDED'))",
        name="decided_has_a_time",
    ),
    CheckConstraint(
        "(cardinality(passed_to) > 0) = (status IN ('DELEGATED', 'ESCALATED'))",
        name="handed_on_to_somebody",
    ),
)

delegations = aggregate(
    "delegations",
    Column("from_user_id", Uuid, nullable=False),
    Column("to_user_id", Uuid, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("document_types", ARRAY(Text), nullable=False),
    Column("reason", Text),
    Column("active", Boolean, nullable=False),
    refers("from_user_id", "users"),
    refers("to_user_id", "users"),
    by("from_user_id", "created_at", "id"),
    by("to_user_id", "created_at", "id"),
    by("active", "ends_at"),
    by("created_at", "id"),
    CheckConstraint("starts_at < ends_at", name="ends_after_it_begins"),
    CheckConstraint("from_user_id <> to_user_id", name="is_of_two"),
)
