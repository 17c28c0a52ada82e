"""When people are at work, what plans allow, and whence credentials work."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.building import index, index_parts_of, words
from migrations.filling import entered
from migrations.granting import grant
from migrations.protection import protect
from persistence.tables.metadata import Moment, organization

revision = "0019"
down_revision = "0018"

NOUNS = (
    *("orders", "clients", "companies", "connections", "documents", "quotations"),
    *("services", "packages", "subscriptions", "coupons", "invoices", "calendars"),
)
_READS = {f"{noun}:read" for noun in NOUNS}
_SERVES = _READS | {"departments:read", "users:read"}


def _writes(nouns: Iterable[str]) -> set[str]:
    return {f"{noun}:write" for noun in nouns}


_BILLS = _READS | {"quotations:write", "invoices:write"}
GRANTS = {
    "admin": _READS | _writes(NOUNS),
    "cfo": _BILLS,
    "finance_manager": _BILLS,
    "procurement_manager": _READS,
    "department_head": _READS,
    "buyer": _READS,
    "employee": _READS,
    "finance_viewer": _READS,
}
ROLES = {
    "case_worker": ("Case Worker", ("orders", "clients", "companies", "documents")),
    "service_manager": ("Service Manager", NOUNS),
}
_FOUND = sa.text(
    "INSERT INTO roles (id, version, created_at, updated_at, code, name, permissions)"
    " VALUES (gen_random_uuid(), 1, now(), now(), :code, :name, :permissions)"
    " ON CONFLICT (organization_id, code) DO NOTHING"
).bindparams(sa.bindparam("permissions", type_=sa.ARRAY(sa.Text)))


def upgrade() -> None:
    op.create_table(
        "business_calendars",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("hours", postgresql.JSONB(), nullable=False),
        sa.Column("special_days", postgresql.JSONB(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed("lower(coalesce(name, ''))", persisted=True),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_business_calendars"),
    )
    index("business_calendars", "created_at id")
    index("business_calendars", "name", unique=True)
    index_parts_of("business_calendars", "searched")
    op.create_table(
        "order_allowances",
        organization(),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "month", name="pk_order_allowances"),
    )
    op.add_column(
        "api_credentials",
        sa.Column("networks", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}"),
    )
    op.add_column(
        "organizations",
        sa.Column(
            "service_plan",
            words("serviceplan", "STARTER", "SCALE", "ENTERPRISE"),
            nullable=False,
            server_default="STARTER",
        ),
    )
    op.alter_column("api_credentials", "networks", server_default=None)
    op.alter_column("organizations", "service_plan", server_default=None)
    op.add_column("organizations", sa.Column("monthly_order_limit", sa.Integer(), nullable=True))
    op.add_column("organizations", sa.Column("calendar_id", sa.Uuid(), nullable=True))
    index("organizations", "calendar_id")
    op.create_foreign_key(
        "fk_organizations_calendar_id",
        "organizations",
        "business_calendars",
        ["organization_id", "calendar_id"],
        ["organization_id", "id"],
    )
    protect("business_calendars", "order_allowances")
    for _ in entered():
        for code, (name, nouns) in ROLES.items():
            op.get_bind().execute(
                _FOUND,
                {"code": code, "name": name, "permissions": sorted(_SERVES | _writes(nouns))},
            )
    grant(GRANTS)


def downgrade() -> None:
    op.drop_constraint("fk_organizations_calendar_id", "organizations", type_="foreignkey")
    op.drop_index("ix_organizations_calendar_id", table_name="organizations")
    op.drop_column("organizations", "calendar_id")
    op.drop_column("organizations", "monthly_order_limit")
    op.drop_column("organizations", "service_plan")
    op.drop_column("api_credentials", "networks")
    op.drop_table("order_allowances")
    op.drop_table("business_calendars")
