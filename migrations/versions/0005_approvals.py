"""Approval workflows, requests, steps and assignments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.protection import protect
from persistence.tables.metadata import Moment, organization

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "approval_workflows",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "document_type",
            sa.Enum(
                "PURCHASE_ORDER",
                name="documenttype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("conditions", postgresql.JSONB(), nullable=False),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed("lower(coalesce(name, ''))", persisted=True),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_approval_workflows"),
    )
    op.create_index(
        "ix_approval_workflows_created_at_id",
        "approval_workflows",
        ["organization_id", "created_at", "id"],
    )
    op.create_index(
        "ix_approval_workflows_document_type_active_priority",
        "approval_workflows",
        ["organization_id", "document_type", "active", "priority"],
    )
    op.create_index(
        "ix_approval_workflows_name", "approval_workflows", ["organization_id", "name"], unique=True
    )
    op.create_index(
        "ix_approval_workflows_searched",
        "approval_workflows",
        ["organization_id", "searched"],
        postgresql_using="gin",
        postgresql_ops={"searched": "gin_trgm_ops"},
    )
    op.create_table(
        "approval_requests",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purchase_order_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "APPROVED",
                "REJECTED",
                "CHANGES_REQUESTED",
                "WITHDRAWN",
                name="requeststatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("workflow_id", sa.Uuid(), nullable=False),
        sa.Column("workflow_name", sa.Text(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "purchase_order_id"],
            ["purchase_orders.organization_id", "purchase_orders.id"],
            name="fk_approval_requests_purchase_order_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "workflow_id"],
            ["approval_workflows.organization_id", "approval_workflows.id"],
            name="fk_approval_requests_workflow_id",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_approval_requests"),
    )
    op.create_index(
        "ix_approval_requests_purchase_order_id_round",
        "approval_requests",
        ["organization_id", "purchase_order_id", "round"],
        unique=True,
    )
    op.create_index(
        "ix_approval_requests_workflow_id", "approval_requests", ["organization_id", "workflow_id"]
    )
    op.create_table(
        "approval_steps",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "WAITING",
                "PENDING",
                "APPROVED",
                "REJECTED",
                "CHANGES_REQUESTED",
                "SKIPPED",
                name="stepstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "request_id"],
            ["approval_requests.organization_id", "approval_requests.id"],
            name="fk_approval_steps_request_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_approval_steps"),
    )
    op.create_index(
        "ix_approval_steps_request_id_position",
        "approval_steps",
        ["organization_id", "request_id", "position"],
        unique=True,
    )
    op.create_table(
        "approval_assignments",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "APPROVED",
                "REJECTED",
                "CHANGES_REQUESTED",
                "SUPERSEDED",
                name="assignmentstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("decided_at", Moment, nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NOT NULL) = (status IN ('APPROVED', 'REJECTED', 'CHANGES_REQUESTED'))",
            name="ck_approval_assignments_decided_has_a_time",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "approver_id"],
            ["users.organization_id", "users.id"],
            name="fk_approval_assignments_approver_id",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "step_id"],
            ["approval_steps.organization_id", "approval_steps.id"],
            name="fk_approval_assignments_step_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_approval_assignments"),
    )
    op.create_index(
        "ix_approval_assignments_approver_id_status",
        "approval_assignments",
        ["organization_id", "approver_id", "status"],
    )
    op.create_index(
        "ix_approval_assignments_step_id_approver_id",
        "approval_assignments",
        ["organization_id", "step_id", "approver_id"],
        unique=True,
    )

    protect("approval_workflows", "approval_requests", "approval_steps", "approval_assignments")


def downgrade() -> None:
    op.drop_table("approval_assignments")
    op.drop_table("approval_steps")
    op.drop_table("approval_requests")
    op.drop_table("approval_workflows")
