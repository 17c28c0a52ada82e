"""Sandboxes: organizations whose data goes back to what it was, every night.

Who works there and with which credentials stays; everything else is deleted, by the owner.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import Delete, Table, bindparam, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.types import Date, Uuid

from persistence import tables as t
from persistence.audit import EVENTS
from persistence.engines import APPLICATION_ROLE
from persistence.mapping import AGGREGATES
from persistence.organizations import Organization

# What a credential may still send today is not given back.
KEPT = (
    t.organizations,
    t.roles,
    t.users,
    t.api_credentials,
    t.rate_limit_windows,
    t.rate_limit_buckets,
)
# Told of everything: what they tell of records that stay, and of the position, stays too.
_JOURNALS = (t.audit_events, t.outbox_events)
_KINDS = [kind.kind for kind, table in AGGREGATES.items() if table in KEPT]

_o = t.organizations
_DUE = (
    select(_o.c.id, _o.c.name, _o.c.sandbox)
    .where(
        _o.c.sandbox.is_not(None),
        or_(_o.c.reset_on.is_(None), _o.c.reset_on < bindparam("today", type_=Date)),
    )
    .order_by(_o.c.name, _o.c.id)
)
_ORGANIZATION = bindparam("organization", type_=Uuid)
# What stays refers to nothing that goes.
_FORGET = update(_o).where(_o.c.organization_id == _ORGANIZATION).values(calendar_id=None)
_AS_APPLICATION = text(f"SET LOCAL ROLE {APPLICATION_ROLE}")


async def due(owner: AsyncEngine, today: date) -> list[Organization]:
    """The sandboxes whose data has not gone back since this day of UTC began, by name."""
    async with owner.connect() as connection:
        return [Organization(*row) for row in await connection.execute(_DUE, {"today": today})]


async def wipe(session: AsyncSession, organization_id: UUID) -> None:
    """The session is the owner's, and the application's afterwards."""
    mine = {"organization": organization_id}
    await session.execute(_FORGET, mine)
    for table in reversed(t.metadata.sorted_tables):
        if table not in (*KEPT, *_JOURNALS, t.counters):
            await session.execute(_of_organization(table), mine)
    for journal in _JOURNALS:
        await session.execute(
            _of_organization(journal).where(journal.c.subject_kind.not_in(_KINDS)), mine
        )
    # Positions go on, for whoever reads from one; so do the numbers of what stays.
    counts = func.split_part(t.counters.c.name, ".", 1)
    await session.execute(
        _of_organization(t.counters).where(
            t.counters.c.name != EVENTS, counts.not_in([table.name for table in KEPT])
        ),
        mine,
    )
    await session.execute(_AS_APPLICATION)


def _of_organization(table: Table) -> Delete:
    # An owner who is a superuser sees every organization: row security is no help here.
    return delete(table).where(table.c.organization_id == _ORGANIZATION)
