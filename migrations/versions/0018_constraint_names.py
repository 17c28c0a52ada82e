"""Checks are named as the convention says: some had their table's name twice."""

from alembic import op

revision = "0018"
down_revision = "0017"

CHECKS = (
    ("organizations", "is_its_own"),
    ("purchase_orders", "total_is_not_negative"),
    ("purchase_order_lines", "quantity_is_positive"),
    ("purchase_order_lines", "unit_price_is_not_negative"),
)
WERE = (
    "ck_organizations_ck_organizations_is_its_own",
    "ck_purchase_orders_ck_purchase_orders_total_is_not_negative",
    "ck_purchase_order_lines_ck_purchase_order_lines_quantit_5bcb",
    "ck_purchase_order_lines_ck_purchase_order_lines_unit_pr_e967",
)


def upgrade() -> None:
    for (table, name), was in zip(CHECKS, WERE, strict=True):
        op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {was} TO ck_{table}_{name}")


def downgrade() -> None:
    for (table, name), was in zip(CHECKS, WERE, strict=True):
        op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT ck_{table}_{name} TO {was}")
