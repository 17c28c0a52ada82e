"""Procurements, as Shoplazza's clients see approved orders, and the ids of suppliers there.

The state is kept beside what it follows from, so that lists are filtered by it from an index;
adding it writes `purchase_orders` anew.
"""

import sqlalchemy as sa
from alembic import op

from migrations.filling import fill

revision = "0016"
down_revision = "0015"

STATE = """
CASE
    WHEN approved_at IS NULL THEN NULL
    WHEN status = 'CANCELLED' THEN 'CANCELLED'
    WHEN receipt_status = 'COMPLETE' THEN 'COMPLETE_RECEIPT'
    WHEN receipt_status = 'PARTIAL' THEN 'PARTIAL_RECEIPT'
    ELSE 'WAITING_FOR_STOCK'
END
"""
STATES = ("WAITING_FOR_STOCK", "PARTIAL_RECEIPT", "COMPLETE_RECEIPT", "CANCELLED")
PROCUREMENTS = sa.text("procurement_state IS NOT NULL")

NUMBERED = """
UPDATE suppliers SET shoplazza_id = 200000000000000000 + numbered.n
FROM (
    SELECT id, row_number() OVER (ORDER BY created_at, id) AS n FROM suppliers
    WHERE organization_id = :organization
) AS numbered
WHERE suppliers.organization_id = :organization AND suppliers.id = numbered.id
"""
COUNTED = """
INSERT INTO counters (name, last)
SELECT 'suppliers.shoplazza_id', count(*) FROM suppliers
WHERE organization_id = :organization HAVING count(*) > 0
ON CONFLICT (organization_id, name) DO UPDATE SET last = excluded.last
"""


def upgrade() -> None:
    op.add_column("suppliers", sa.Column("shoplazza_id", sa.BigInteger()))
    fill(NUMBERED, COUNTED)
    op.alter_column("suppliers", "shoplazza_id", nullable=False)
    op.create_index(
        "ix_suppliers_shoplazza_id", "suppliers", ["organization_id", "shoplazza_id"], unique=True
    )
    state = sa.Enum(
        *STATES, name="procurementstate", native_enum=False, create_constraint=True, length=32
    )
    op.add_column(
        "purchase_orders",
        sa.Column("procurement_state", state, sa.Computed(STATE, persisted=True)),
    )
    op.create_index(
        "ix_purchase_orders_procurement_state_created_at_shoplazza_id",
        "purchase_orders",
        ["organization_id", "procurement_state", "created_at", "shoplazza_id"],
    )
    for moment in ("created_at", "updated_at"):
        op.create_index(
            f"ix_purchase_orders_{moment}_shoplazza_id",
            "purchase_orders",
            ["organization_id", moment, "shoplazza_id"],
            postgresql_where=PROCUREMENTS,
        )


def downgrade() -> None:
    for columns in ("updated_at_shoplazza_id", "created_at_shoplazza_id"):
        op.drop_index(f"ix_purchase_orders_{columns}", "purchase_orders")
    op.drop_column("purchase_orders", "procurement_state")
    op.drop_column("suppliers", "shoplazza_id")
