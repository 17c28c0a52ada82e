"""Answers of requests with an idempotency key, where an API gives the same one again."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("idempotency_records", sa.Column("status", sa.Integer(), nullable=True))
    op.add_column("idempotency_records", sa.Column("body", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("idempotency_records", "body")
    op.drop_column("idempotency_records", "status")
