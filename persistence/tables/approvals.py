"""Approval workflows, and the requests that were routed by them."""

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, Text, Uuid

from domain.approvals.conditions import Condition, DocumentType
from domain.approvals.requests import AssignmentStatus, RequestStatus, StepStatus
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
    Column("status", words(StepStatus), nullable=False),
    refers("request_id", "approval_requests", cascade=True),
    by("request_id", "position", unique=True),
)

approval_assignments = owned(
    "approval_assignments",
    Column("step_id", Uuid, nullable=False),
    Column("approver_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("status", words(AssignmentStatus), nullable=False),
    Column("comment", Text),
    Column("decided_at", Moment),
    refers("step_id", "approval_steps", cascade=True),
    refers("approver_id", "users"),
    by("step_id", "approver_id", unique=True),  # fact W-70
    by("approver_id", "status"),
    CheckConstraint(
        "(decided_at IS NOT NULL) = (status IN ('APPROVED', 'REJECTED', 'CHANGES_REQUESTED'))",
        name="decided_has_a_time",
    ),
)
