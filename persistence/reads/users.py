"""Users and roles."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from persistence import tables as t
from persistence.reads.kit import ORGANIZATION, one_of, select_row
from persistence.reads.records import SqlRecords, searched_list
from usecases.reads.users import RoleRow, UserRow

_u, _r = t.users, t.roles
HOLDERS = (
    select_row(UserRow, _u)
    .where(_u.c.role_ids.overlap(bindparam("ids", type_=ARRAY(Uuid))), _u.c.active)
    .order_by(_u.c.name, _u.c.id)
)
ROLES_OF = (
    select_row(RoleRow, _r)
    .add_columns(_u.c.id)
    .join_from(_r, _u, _r.c.id == any_(_u.c.role_ids))
    .where(_u.c.organization_id == ORGANIZATION, one_of(_u.c.id))
    .order_by(_r.c.name, _r.c.id)
)


class SqlUsers(SqlRecords[UserRow]):
    listed = searched_list(UserRow, _u)

    async def by_groups(
        self, groups: Sequence[tuple[UUID, ...]]
    ) -> Mapping[tuple[UUID, ...], Sequence[UserRow]]:
        found = await self.by_ids([*{id for group in groups for id in group}])
        return {group: [found[id] for id in group if id in found] for group in groups}

    async def by_role_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[UserRow]]:
        users = await self._snapshot.rows(UserRow, HOLDERS, ids=[*ids])
        return {id: [user for user in users if id in user.role_ids] for id in ids}


class SqlRoles(SqlRecords[RoleRow]):
    listed = searched_list(RoleRow, _r)

    async def by_user_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[RoleRow]]:
        return await self._snapshot.groups(RoleRow, ROLES_OF, ids=[*ids])
