"""Organizations whose data goes back to what it was, every night."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

SANDBOX = sa.Enum(
    "EMPTY", "DEMO", name="sandbox", native_enum=False, create_constraint=True, length=32
)


def upgrade() -> None:
    op.add_column("organizations", sa.Column("sandbox", SANDBOX))
    op.add_column("organizations", sa.Column("reset_on", sa.Date()))


def downgrade() -> None:
    op.drop_column("organizations", "reset_on")
    op.drop_column("organizations", "sandbox")
