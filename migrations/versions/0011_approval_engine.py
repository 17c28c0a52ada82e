"""Rules, deadlines and delegation of approvals, for more than purchase orders.

Steps under way go on as they were: any one of their approvers decides, without a time limit.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.filling import fill
from migrations.protection import protect
from persistence.tables.metadata import Moment, organization

revision = "0011"
down_revision = "0010"

TYPES = ("PURCHASE_ORDER", "PURCHASE_INVOICE")
DECIDED = ("APPROVED", "REJECTED", "CHANGES_REQUESTED")
STATUSES = ("PENDING", *DECIDED, "DELEGATED", "ESCALATED", "SUPERSEDED")
RULES = sa.Enum(
    *("ALL", "ANY", "MAJORITY"),
    name="steprule",
    native_enum=False,
    create_constraint=True,
    length=32,
)

# A step began when the one before it was decided, the first one with its round.
BEGAN = """
UPDATE approval_steps AS step SET started_at = coalesce(
    (SELECT max(earlier_assignment.decided_at)
     FROM approval_steps AS earlier
     JOIN approval_assignments AS earlier_assignment
       ON earlier_assignment.organization_id = earlier.organization_id
      AND earlier_assignment.step_id = earlier.id
     WHERE earlier.organization_id = step.organization_id
       AND earlier.request_id = step.request_id AND earlier.position < step.position),
    request.created_at)
FROM approval_requests AS request
WHERE request.organization_id = step.organization_id AND request.id = step.request_id
  AND step.status IN ('PENDING', 'APPROVED', 'REJECTED', 'CHANGES_REQUESTED')
"""
ASKED = """
UPDATE approval_assignments AS assignment SET asked_at = step.started_at
FROM approval_steps AS step
WHERE step.organization_id = assignment.organization_id AND step.id = assignment.step_id
"""
HANDED_BACK = """
UPDATE approval_assignments SET status = 'SUPERSEDED', decided_at = NULL
WHERE status IN ('DELEGATED', 'ESCALATED')
"""
WAS = "ck_approval_assignments_decided_has_a_time"  # before the convention prefixed it again


def upgrade() -> None:
    _words("approval_workflows", "document_type", "documenttype", *TYPES)
    op.alter_column("approval_requests", "purchase_order_id", nullable=True)
    _add("approval_steps", sa.Column("rule", RULES, nullable=False, server_default="ANY"))
    _add(
        "approval_steps",
        sa.Column("optional", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    _add(
        "approval_steps",
        sa.Column("escalation", postgresql.JSONB(), nullable=False, server_default="[]"),
    )
    op.add_column("approval_steps", sa.Column("time_limit_hours", sa.Integer()))
    for name in ("started_at", "due_at", "escalated_at"):
        op.add_column("approval_steps", sa.Column(name, Moment))
    op.create_index(
        "ix_approval_steps_due_at",
        "approval_steps",
        ["organization_id", "due_at"],
        postgresql_where=sa.text("status = 'PENDING' AND due_at IS NOT NULL"),
    )
    _grow_assignments()
    fill(BEGAN, ASKED)
    _create_delegations()


def _grow_assignments() -> None:
    table = "approval_assignments"
    op.add_column(table, sa.Column("asked_at", Moment))
    op.add_column(table, sa.Column("on_behalf_of_id", sa.Uuid()))
    _add(
        table,
        sa.Column("passed_to", postgresql.ARRAY(sa.Uuid()), nullable=False, server_default="{}"),
    )
    _words(table, "status", "assignmentstatus", *STATUSES)
    op.drop_constraint(WAS, table, type_="check")
    op.create_check_constraint(
        "decided_has_a_time",
        table,
        "(decided_at IS NOT NULL) = (status NOT IN ('PENDING', 'SUPERSEDED'))",
    )
    op.create_check_constraint(
        "handed_on_to_somebody",
        table,
        "(cardinality(passed_to) > 0) = (status IN ('DELEGATED', 'ESCALATED'))",
    )
    op.create_foreign_key(
        "fk_approval_assignments_on_behalf_of_id",
        table,
        "users",
        ["organization_id", "on_behalf_of_id"],
        ["organization_id", "id"],
    )
    op.create_index(
        "ix_approval_assignments_on_behalf_of_id", table, ["organization_id", "on_behalf_of_id"]
    )
    op.drop_index("ix_approval_assignments_approver_id_status", table)
    op.create_index(
        "ix_approval_assignments_approver_id_status_asked_at_id",
        table,
        ["organization_id", "approver_id", "status", "asked_at", "id"],
    )


def _create_delegations() -> None:
    op.create_table(
        "delegations",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("from_user_id", sa.Uuid(), nullable=False),
        sa.Column("to_user_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", Moment, nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.Column("document_types", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name="ends_after_it_begins"),
        sa.CheckConstraint("from_user_id <> to_user_id", name="is_of_two"),
        *(
            sa.ForeignKeyConstraint(
                ["organization_id", column],
                ["users.organization_id", "users.id"],
                name=f"fk_delegations_{column}",
            )
            for column in ("from_user_id", "to_user_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_delegations"),
    )
    for columns in (
        ("from_user_id", "created_at", "id"),
        ("to_user_id", "created_at", "id"),
        ("active", "ends_at"),
        ("created_at", "id"),
    ):
        name = f"ix_delegations_{'_'.join(columns)}"
        op.create_index(name, "delegations", ["organization_id", *columns])
    protect("delegations")


def _add(table: str, column: "sa.Column[object]") -> None:
    """A column that nothing fills by itself, once the rows there are have been filled."""
    op.add_column(table, column)
    op.alter_column(table, column.name, server_default=None)


def _words(table: str, column: str, name: str, *words: str) -> None:
    """The check of an enum: these words and no others."""
    listed = ", ".join(f"'{word}'" for word in words)
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, f"{column} IN ({listed})")


def downgrade() -> None:
    """What was handed on has no word in the schema before: it counts as superseded there."""
    op.drop_table("delegations")
    table = "approval_assignments"
    op.drop_constraint("handed_on_to_somebody", table, type_="check")
    op.drop_constraint("decided_has_a_time", table, type_="check")
    fill(HANDED_BACK)
    _words(table, "status", "assignmentstatus", "PENDING", *DECIDED, "SUPERSEDED")
    listed = ", ".join(f"'{word}'" for word in DECIDED)
    op.create_check_constraint(WAS, table, f"(decided_at IS NOT NULL) = (status IN ({listed}))")
    op.drop_index("ix_approval_assignments_approver_id_status_asked_at_id", table)
    for name in ("asked_at", "on_behalf_of_id", "passed_to"):
        op.drop_column(table, name)
    op.create_index(
        "ix_approval_assignments_approver_id_status",
        table,
        ["organization_id", "approver_id", "status"],
    )
    for name in (
        *("rule", "optional", "escalation", "time_limit_hours"),
        *("started_at", "due_at", "escalated_at"),
    ):
        op.drop_column("approval_steps", name)
    op.alter_column("approval_requests", "purchase_order_id", nullable=False)
    _words("approval_workflows", "document_type", "documenttype", *TYPES[:1])
