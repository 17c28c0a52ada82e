"""Organizations: each sees only itself."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from persistence import tables as t
from persistence.reads.kit import Snapshot, keyed, one_of, select_row
from usecases.reads.kit import Whole
from usecases.reads.organizations import OrganizationRow

BY_IDS = select_row(OrganizationRow, t.organizations).where(one_of(t.organizations.c.id))
OWN = select_row(OrganizationRow, t.organizations)


class SqlOrganizations:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, OrganizationRow]:
        return keyed(await self._snapshot.rows(OrganizationRow, BY_IDS, ids=[*ids]))

    async def own(self, whole: Sequence[Whole]) -> Mapping[Whole, OrganizationRow]:
        [organization] = await self._snapshot.rows(OrganizationRow, OWN)
        return dict.fromkeys(whole, organization)
