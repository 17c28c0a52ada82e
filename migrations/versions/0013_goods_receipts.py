"""Goods receipts."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

COUNTS = ("posted_receipts", "open_invoices")


def upgrade() -> None:
    for name in COUNTS:
        op.add_column(
            "purchase_orders", sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        )
        op.alter_column("purchase_orders", name, server_default=None)


def downgrade() -> None:
    for name in COUNTS:
        op.drop_column("purchase_orders", name)
