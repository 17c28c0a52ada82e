"""Customers, their workers, connections and compliance documents."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.building import index, index_parts_of, refers, words
from migrations.protection import protect
from persistence.tables.metadata import Moment, organization

revision = "0020"
down_revision = "0019"

SET_APART = {"missing": "number IS NULL", "revoked": "revoked_at IS NOT NULL"}


def upgrade() -> None:
    op.create_table(
        "compliance_document_types",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=True),
        sa.Column(
            "holder",
            words("documentholder", "COMPANY", "WORKER"),
            nullable=False,
        ),
        sa.Column("renewal_window_days", sa.Integer(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed(
                "lower(coalesce(name, '') || ' ' || coalesce(name_ar, '') || ' ' || coalesce(code, ''))",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column("shrkity_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_compliance_document_types"),
    )
    index("compliance_document_types", "code", unique=True)
    index("compliance_document_types", "created_at id")
    index_parts_of("compliance_document_types", "searched")
    index("compliance_document_types", "shrkity_id", unique=True)
    op.create_table(
        "customers",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column(
            "customer_kind",
            words("customerkind", "COMPANY", "CLIENT"),
            nullable=False,
        ),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=True),
        sa.Column("tax_id", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("addresses", postgresql.JSONB(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("birthday", sa.Date(), nullable=True),
        sa.Column(
            "type",
            words("companytype", "LLC", "ESTABLISHMENT", "JOINT_STOCK", "BRANCH", "OTHER"),
            nullable=True,
        ),
        sa.Column("registration_number", sa.Text(), nullable=True),
        sa.Column("unified_number", sa.Text(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("metadata", postgresql.JSONB(), nullable=False),
        sa.Column(
            "email_key", sa.Text(), sa.Computed("lower(email)", persisted=True), nullable=True
        ),
        sa.Column(
            "tax_key",
            sa.Text(),
            sa.Computed("upper(regexp_replace(tax_id, '[^[:alnum:]]', '', 'g'))", persisted=True),
            nullable=True,
        ),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed(
                "lower(coalesce(name, '') || ' ' || coalesce(name_ar, '') || ' ' || coalesce(code, '') || ' ' || coalesce(email, '') || ' ' || coalesce(tax_id, '') || ' ' || coalesce(registration_number, ''))",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column("shrkity_id", sa.BigInteger(), nullable=False),
        sa.Column("wisedat_id", sa.BigInteger(), nullable=False),
        refers("customers", "client_id", "customers"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_customers"),
    )
    index("customers", "active name id")
    index("customers", "client_id created_at id")
    index("customers", "client_id name id")
    index("customers", "country name id")
    index("customers", "code", unique=True)
    index("customers", "created_at id")
    index("customers", "customer_kind created_at id")
    index("customers", "customer_kind name id")
    index("customers", "name id")
    index_parts_of("customers", "searched")
    index("customers", "shrkity_id", unique=True)
    index("customers", "tax_key created_at id")
    op.create_index(
        "ix_customers_email_key",
        "customers",
        ["organization_id", "email_key"],
        unique=True,
        postgresql_where=sa.text("customer_kind = 'CLIENT'"),
    )
    index("customers", "wisedat_id", unique=True)
    op.create_table(
        "connection_requests",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            words("connectionstatus", "PENDING", "ACTIVE", "REJECTED", "REVOKED"),
            nullable=False,
        ),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", Moment, nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", Moment, nullable=True),
        sa.Column("revoked_by_id", sa.Uuid(), nullable=True),
        sa.Column("shrkity_id", sa.BigInteger(), nullable=False),
        refers("connection_requests", "client_id", "customers"),
        refers("connection_requests", "decided_by_id", "users"),
        refers("connection_requests", "revoked_by_id", "users"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_connection_requests"),
    )
    index("connection_requests", "client_id created_at id")
    index("connection_requests", "created_at id")
    index("connection_requests", "decided_by_id")
    op.create_index(
        "ix_connection_requests_open",
        "connection_requests",
        ["organization_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('PENDING', 'ACTIVE')"),
    )
    index("connection_requests", "revoked_by_id")
    index("connection_requests", "shrkity_id", unique=True)
    index("connection_requests", "status created_at id")
    op.create_table(
        "workers",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=True),
        sa.Column("iqama_number", sa.Text(), nullable=True),
        sa.Column("passport_number", sa.Text(), nullable=True),
        sa.Column("nationality", sa.Text(), nullable=True),
        sa.Column("job_title", sa.Text(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("removed_at", Moment, nullable=True),
        sa.Column("metadata", postgresql.JSONB(), nullable=False),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed(
                "lower(coalesce(name, '') || ' ' || coalesce(name_ar, '') || ' ' || coalesce(iqama_number, '') || ' ' || coalesce(passport_number, ''))",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column("shrkity_id", sa.BigInteger(), nullable=False),
        refers("workers", "company_id", "customers"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_workers"),
    )
    index("workers", "company_id created_at id")
    index("workers", "company_id name id")
    index("workers", "created_at id")
    index("workers", "name id")
    index_parts_of("workers", "searched")
    index("workers", "shrkity_id", unique=True)
    op.create_table(
        "compliance_documents",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("renewal_window_days", sa.Integer(), nullable=True),
        sa.Column("file_url", sa.Text(), nullable=True),
        sa.Column("renews_on", sa.Date(), nullable=True),
        sa.Column(
            "ends_on",
            sa.Date(),
            sa.Computed("coalesce(expires_on, 'infinity'::date)", persisted=True),
            nullable=True,
        ),
        sa.Column("revoked_at", Moment, nullable=True),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed("lower(coalesce(number, ''))", persisted=True),
            nullable=True,
        ),
        sa.Column("shrkity_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("expires_on >= issued_on", name="expires_after_it_was_issued"),
        refers("compliance_documents", "company_id", "customers"),
        refers("compliance_documents", "type_id", "compliance_document_types"),
        refers("compliance_documents", "worker_id", "workers"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_compliance_documents"),
    )
    index("compliance_documents", "company_id created_at id")
    index("compliance_documents", "created_at id")
    index("compliance_documents", "ends_on id")
    index("compliance_documents", "expires_on id")
    for name, condition in SET_APART.items():
        op.create_index(
            f"ix_compliance_documents_{name}",
            "compliance_documents",
            ["organization_id", "created_at", "id"],
            postgresql_where=sa.text(condition),
        )
    index("compliance_documents", "renews_on id")
    index_parts_of("compliance_documents", "searched")
    index("compliance_documents", "shrkity_id", unique=True)
    index("compliance_documents", "type_id created_at id")
    index("compliance_documents", "worker_id created_at id")
    protect(
        "customers",
        "workers",
        "connection_requests",
        "compliance_document_types",
        "compliance_documents",
    )


def downgrade() -> None:
    op.drop_table("compliance_documents")
    op.drop_table("workers")
    op.drop_table("connection_requests")
    op.drop_table("customers")
    op.drop_table("compliance_document_types")
