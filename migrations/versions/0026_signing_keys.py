"""Keys that links are signed with: every organization has one of its own, made at random."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

# 244 bits of the database's own randomness.
_RANDOM = "(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))"


def upgrade() -> None:
    op.add_column(
        "organizations",
        sa.Column("signing_key", sa.LargeBinary(), nullable=False, server_default=sa.text(_RANDOM)),
    )


def downgrade() -> None:
    op.drop_column("organizations", "signing_key")
