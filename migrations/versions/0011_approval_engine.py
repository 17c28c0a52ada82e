"""Rules, deadlines and delegation of approvals, for more than purchase orders."""

from alembic import op

revision = "0011"
down_revision = "0010"

TYPES = ("PURCHASE_ORDER", "PURCHASE_INVOICE")


def _words(table: str, column: str, name: str, *words: str) -> None:
    """The check of an enum: these words and no others."""
    listed = ", ".join(f"'{word}'" for word in words)
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, f"{column} IN ({listed})")


def upgrade() -> None:
    _words("approval_workflows", "document_type", "documenttype", *TYPES)
    op.alter_column("approval_requests", "purchase_order_id", nullable=True)


def downgrade() -> None:
    op.alter_column("approval_requests", "purchase_order_id", nullable=False)
    _words("approval_workflows", "document_type", "documenttype", *TYPES[:1])
