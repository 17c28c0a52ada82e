"""Permissions that come with a release, given to the roles that organizations started with."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from alembic import op

_ORGANIZATIONS = sa.text("SELECT id FROM organizations")
_ENTER = sa.text("SELECT set_config('app.organization', :organization, true)")
_GRANT = sa.text(
    "UPDATE roles SET permissions = ARRAY(SELECT DISTINCT unnest(permissions || :added) ORDER BY 1)"
    " WHERE code = :code"
).bindparams(sa.bindparam("added", type_=sa.ARRAY(sa.Text)))


def grant(permissions: Mapping[str, Iterable[str]]) -> None:
    """By the roles' codes, in every organization: row security lets nobody do it in one go."""
    connection = op.get_bind()
    for organization in connection.scalars(_ORGANIZATIONS).all():
        connection.execute(_ENTER, {"organization": str(organization)})
        for code, added in permissions.items():
            connection.execute(_GRANT, {"code": code, "added": sorted(added)})
    connection.execute(_ENTER, {"organization": ""})
