"""Leaky buckets: how Shoplazza's clients are limited."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect
from persistence.tables.metadata import Moment, organization

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "rate_limit_buckets",
        organization(),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Double(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "holder_id", name="pk_rate_limit_buckets"),
    )
    protect("rate_limit_buckets")


def downgrade() -> None:
    op.drop_table("rate_limit_buckets")
