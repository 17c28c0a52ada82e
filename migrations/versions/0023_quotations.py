"""Quotations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.building import index, index_parts_of, refers, words
from migrations.protection import protect
from persistence.tables.metadata import Amount, Moment, organization

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "quotations",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column(
            "status",
            words(
                "quotationstatus",
                "DRAFT",
                "SENT",
                "ACCEPTED",
                "CONVERTED",
                "DECLINED",
                "WITHDRAWN",
                "EXPIRED",
            ),
            nullable=False,
        ),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("net", Amount, nullable=False),
        sa.Column("vat_amount", Amount, nullable=False),
        sa.Column("total", Amount, nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", Moment, nullable=True),
        sa.Column("decided_at", Moment, nullable=True),
        sa.Column("converted_at", Moment, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("metadata", postgresql.JSONB(), nullable=False),
        sa.Column(
            "searched",
            sa.Text(),
            sa.Computed(
                "lower(coalesce(number, '') || ' ' || coalesce(notes, ''))", persisted=True
            ),
            nullable=True,
        ),
        sa.Column("shrkity_id", sa.BigInteger(), nullable=False),
        refers("quotations", "created_by_id", "users"),
        refers("quotations", "customer_id", "customers"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_quotations"),
    )
    index("quotations", "created_at id")
    index("quotations", "created_by_id")
    index("quotations", "customer_id created_at id")
    index("quotations", "number", unique=True)
    index_parts_of("quotations", "searched")
    index("quotations", "shrkity_id", unique=True)
    index("quotations", "status created_at id")
    index("quotations", "total id")
    index("quotations", "updated_at id")
    index("quotations", "valid_until id")
    op.create_index(
        "ix_quotations_valid_until",
        "quotations",
        ["organization_id", "valid_until"],
        postgresql_where=sa.text("status = 'SENT'"),
    )
    op.create_table(
        "quotation_lines",
        organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("quotation_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("service_definition_id", sa.Uuid(), nullable=True),
        sa.Column("quantity", Amount, nullable=False),
        sa.Column("unit_price", Amount, nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("net", Amount, nullable=False),
        sa.Column("vat_amount", Amount, nullable=False),
        sa.Column("total", Amount, nullable=False),
        sa.Column("shrkity_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name="quantity_is_positive"),
        refers("quotation_lines", "quotation_id", "quotations", cascade=True),
        refers("quotation_lines", "service_definition_id", "service_definitions"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_quotation_lines"),
    )
    index("quotation_lines", "quotation_id position")
    index("quotation_lines", "service_definition_id")
    index("quotation_lines", "shrkity_id", unique=True)
    protect("quotations", "quotation_lines")


def downgrade() -> None:
    op.drop_table("quotation_lines")
    op.drop_table("quotations")
