"""Revisions of purchase orders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.protection import protect
from persistence.tables.metadata import Moment, organization

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "purchase_order_revisions",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "order_id"],
            ["purchase_orders.organization_id", "purchase_orders.id"],
            name="fk_purchase_order_revisions_order_id",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_purchase_order_revisions"),
    )
    op.create_index(
        "ix_purchase_order_revisions_order_id_number",
        "purchase_order_revisions",
        ["organization_id", "order_id", "number"],
        unique=True,
    )
    protect("purchase_order_revisions", append_only=True)


def downgrade() -> None:
    op.drop_table("purchase_order_revisions")
