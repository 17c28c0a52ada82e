"""Rows that a migration changes, organization by organization: row security hides them at once."""

from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa
from alembic import op

_ORGANIZATIONS = sa.text("SELECT id FROM organizations")
_ENTER = sa.text("SELECT set_config('app.organization', :organization, true)")


def entered() -> Iterator[UUID]:
    """Every organization in turn, with the transaction in it until the next."""
    connection = op.get_bind()
    for organization in connection.scalars(_ORGANIZATIONS).all():
        connection.execute(_ENTER, {"organization": str(organization)})
        yield organization
    connection.execute(_ENTER, {"organization": ""})


def fill(*statements: str) -> None:
    """Run the statements in every organization.

    Each finds its id as `:organization`: for some owners row security does not hold.
    """
    for organization in entered():
        for text in statements:
            statement = sa.text(text)
            known = {"organization": organization}
            op.get_bind().execute(statement, known if ":organization" in text else {})
