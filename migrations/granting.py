"""Permissions that come with a release, given to the roles that organizations started with."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from alembic import op

from migrations.filling import entered

_GRANT = sa.text(
    "UPDATE roles SET permissions = ARRAY(SELECT DISTINCT unnest(permissions || :added) ORDER BY 1)"
    " WHERE code = :code"
).bindparams(sa.bindparam("added", type_=sa.ARRAY(sa.Text)))


def grant(permissions: Mapping[str, Iterable[str]]) -> None:
    """By the roles' codes, in every organization: row security lets nobody do it in one go."""
    for _ in entered():
        for code, added in permissions.items():
            op.get_bind().execute(_GRANT, {"code": code, "added": sorted(added)})
