"""What orders and organizations know of receipts, invoices, revisions and budgets.

Roles that every organization starts with get the permissions that come with it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.filling import fill
from migrations.granting import grant
from persistence.tables.metadata import Amount

revision = "0008"
down_revision = "0007"

PERCENT = sa.Numeric(precision=9, scale=6)
SETTINGS = (
    "over_receipt_tolerance",
    "amendment_tolerance",
    "match_quantity_tolerance",
    "match_price_tolerance",
    "match_tax_tolerance",
)
OF_LINES = ("accepted", "rejected", "invoiced", "reserved", "committed", "spent")
_READS = {"goods_receipts:read", "purchase_invoices:read", "budgets:read", "delegations:read"}
_BUYS = _READS | {"goods_receipts:write", "delegations:write"}
_APPROVES = _READS | {"purchase_invoices:approve", "delegations:write"}
_PAYS = {"purchase_invoices:write", "purchase_invoices:pay", "budgets:write"}
GRANTS = {
    "admin": _BUYS | _APPROVES | _PAYS | {"webhook_endpoints:read", "webhook_endpoints:write"},
    "cfo": _APPROVES | _PAYS,
    "finance_manager": _BUYS | _APPROVES | _PAYS,
    "procurement_manager": _BUYS | _APPROVES | {"purchase_invoices:write"},
    "department_head": _BUYS | _APPROVES,
    "buyer": _BUYS | {"purchase_invoices:write"},
    "employee": _BUYS,
    "finance_viewer": _READS,
}


def status(name: str) -> sa.Enum:
    return sa.Enum(
        *("NONE", "PARTIAL", "COMPLETE" if name == "receiptstatus" else "FULL"),
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
    )


def upgrade() -> None:
    for name in SETTINGS:
        _add("organizations", name, PERCENT, "0")
    _add("purchase_orders", "receipt_status", status("receiptstatus"), "NONE")
    _add("purchase_orders", "billing_status", status("billingstatus"), "NONE")
    _add("purchase_orders", "revision", sa.Integer(), "1")
    op.add_column("purchase_orders", sa.Column("approved_revision", sa.Integer()))
    op.add_column("purchase_orders", sa.Column("budget_id", sa.Uuid()))
    for name in OF_LINES:
        _add("purchase_order_lines", name, Amount, "0")
    fill("UPDATE purchase_orders SET approved_revision = 1 WHERE approved_at IS NOT NULL")
    grant(GRANTS)


def _add(table: str, name: str, kind: "sa.types.TypeEngine[Any]", filled_with: str) -> None:
    """A column that nothing fills by itself, once the rows there are have been filled."""
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=filled_with))
    op.alter_column(table, name, server_default=None)


def downgrade() -> None:
    for name in OF_LINES:
        op.drop_column("purchase_order_lines", name)
    for name in ("budget_id", "approved_revision", "revision", "billing_status", "receipt_status"):
        op.drop_column("purchase_orders", name)
    for name in SETTINGS:
        op.drop_column("organizations", name)
