"""Operators see which organizations there are; what is in them, only in the name of each."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    # Row level security is forced on the owner too, unless it is a superuser.
    op.execute("CREATE POLICY operators ON organizations FOR SELECT TO CURRENT_USER USING (true)")


def downgrade() -> None:
    op.execute("DROP POLICY operators ON organizations")
