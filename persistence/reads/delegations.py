"""Standing delegations, and the deputies that follow from them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, any_, bindparam, distinct, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text, Uuid

from persistence import tables as t
from persistence.reads.kit import Snapshot, keyed, one_of, select_row
from persistence.reads.lists import Filter, Fixed, Listed, ordering
from persistence.tables.metadata import Moment
from usecases.reads.delegations import DelegationFilter, DelegationRow, DeputyRow
from usecases.reads.kit import Listing, Page, Whole

_d, _u, _r = t.delegations, t.users, t.roles

DELEGATIONS = Listed(
    DelegationRow,
    select_row(DelegationRow, _d),
    _d,
    {
        "from_user_id": Filter(_d.c.from_user_id == bindparam("from_user_id", type_=Uuid)),
        "to_user_id": Filter(_d.c.to_user_id == bindparam("to_user_id", type_=Uuid)),
    },
    {None: ordering(_d, "created_at", "id")},
)
_granted = func.unnest(_r.c.permissions).column_valued("granted")
_NONE: ColumnElement[Any] = literal_column("'{}'::text[]", ARRAY(Text))
_PERMISSIONS = (
    select(func.coalesce(func.array_agg(distinct(_granted)), _NONE))
    .select_from(_r)
    .where(_r.c.organization_id == _u.c.organization_id, _r.c.id == any_(_u.c.role_ids))
    .correlate(_u)
    .scalar_subquery()
)
HOLDS = (
    _d.c.active
    & (_d.c.starts_at <= bindparam("at", type_=Moment))
    & (_d.c.ends_at > bindparam("at", type_=Moment))
)
_DEPUTY = (_u.c.organization_id == _d.c.organization_id) & (_u.c.id == _d.c.to_user_id)
DEPUTIES = (
    select_row(DeputyRow, _d, permissions=_PERMISSIONS)
    .join_from(_d, _u, _DEPUTY)
    .where(one_of(_d.c.from_user_id), HOLDS, _u.c.active)
    .order_by(_d.c.starts_at, _d.c.id)
)


class SqlDelegations:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, DelegationRow]:
        return keyed(await self._snapshot.rows(DelegationRow, DELEGATIONS.by_ids, ids=[*ids]))

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: DelegationFilter = DelegationFilter(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[DelegationRow]]:
        page = await DELEGATIONS.page(self._snapshot, filter, Fixed(), first, after)
        return dict.fromkeys(whole, page)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await DELEGATIONS.counts(self._snapshot, listings)

    async def deputies(self, ids: Sequence[UUID], at: datetime) -> Sequence[DeputyRow]:
        return await self._snapshot.rows(DeputyRow, DEPUTIES, ids=[*ids], at=at)
