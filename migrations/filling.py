"""Rows that a migration changes, organization by organization: row security hides them at once."""

import sqlalchemy as sa
from alembic import op

_ORGANIZATIONS = sa.text("SELECT id FROM organizations")
_ENTER = sa.text("SELECT set_config('app.organization', :organization, true)")


def fill(*statements: str) -> None:
    """Run the statements in every organization."""
    connection = op.get_bind()
    for organization in connection.scalars(_ORGANIZATIONS).all():
        connection.execute(_ENTER, {"organization": str(organization)})
        for statement in statements:
            connection.execute(sa.text(statement))
    connection.execute(_ENTER, {"organization": ""})
