"""Organizations, and the people and programs that act in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.protection import create_application_role, protect
from persistence.tables.metadata import Moment, organization

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_application_role()
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "organizations",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=True),
        sa.Column(
            "plan",
            sa.Enum(
                "BASIC",
                "PROFESSIONAL",
                "ENTERPRISE",
                name="plan",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("base_currency", sa.Text(), nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("tax_id", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("own_approval", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = organization_id", name="ck_organizations_is_its_own"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_organizations"),
    )
    op.create_table(
        "roles",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("permissions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed("lower(coalesce(name, '') || ' ' || coalesce(code, ''))", persisted=True),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_roles"),
    )
    op.create_index("ix_roles_code", "roles", ["organization_id", "code"], unique=True)
    op.create_index("ix_roles_created_at_id", "roles", ["organization_id", "created_at", "id"])
    op.create_index(
        "ix_roles_searched",
        "roles",
        ["organization_id", "searched"],
        postgresql_using="gin",
        postgresql_ops={"searched": "gin_trgm_ops"},
    )
    op.create_table(
        "users",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("waqti_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed(
                "lower(coalesce(name, '') || ' ' || coalesce(name_ar, '') || ' ' || coalesce(email, ''))",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_users"),
    )
    op.create_index("ix_users_created_at_id", "users", ["organization_id", "created_at", "id"])
    op.create_index("ix_users_email", "users", ["organization_id", "email"], unique=True)
    op.create_index(
        "ix_users_role_ids", "users", ["organization_id", "role_ids"], postgresql_using="gin"
    )
    op.create_index(
        "ix_users_searched",
        "users",
        ["organization_id", "searched"],
        postgresql_using="gin",
        postgresql_ops={"searched": "gin_trgm_ops"},
    )
    op.create_index("ix_users_waqti_id", "users", ["organization_id", "waqti_id"], unique=True)
    op.create_table(
        "api_credentials",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "GRAPHQL",
                "WAQTI",
                "SHRKITY",
                "SHOPLAZZA",
                "WISEDAT",
                "SYSTEM",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("permissions", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("expires_at", Moment, nullable=True),
        sa.Column("revoked_at", Moment, nullable=True),
        sa.Column("requests_per_minute", sa.Integer(), nullable=True),
        sa.Column("waqti_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed("lower(coalesce(name, ''))", persisted=True),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "user_id"],
            ["users.organization_id", "users.id"],
            name="fk_api_credentials_user_id",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_api_credentials"),
    )
    op.create_index(
        "ix_api_credentials_created_at_id",
        "api_credentials",
        ["organization_id", "created_at", "id"],
    )
    op.create_index(
        "ix_api_credentials_searched",
        "api_credentials",
        ["organization_id", "searched"],
        postgresql_using="gin",
        postgresql_ops={"searched": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_api_credentials_secret_hash", "api_credentials", ["secret_hash"], unique=True
    )
    op.create_index("ix_api_credentials_user_id", "api_credentials", ["organization_id", "user_id"])
    op.create_index(
        "ix_api_credentials_waqti_id",
        "api_credentials",
        ["organization_id", "waqti_id"],
        unique=True,
    )
    protect("organizations", "roles", "users", "api_credentials")
    # A secret that is shown opens its own row, whatever the organization: so it is looked up.
    op.execute(
        "CREATE POLICY shown_secret ON api_credentials FOR SELECT"
        " USING (secret_hash = decode(NULLIF(current_setting('app.secret', true), ''), 'hex'))"
    )


def downgrade() -> None:
    op.drop_table("api_credentials")
    op.drop_table("users")
    op.drop_table("roles")
    op.drop_table("organizations")
