"""Work of operators, which goes through all organizations: one at a time, in its name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from domain.organizations import Sandbox
from persistence import tables as t
from persistence.engines import owner_engine

_o = t.organizations
_ALL = select(_o.c.id, _o.c.name, _o.c.sandbox).order_by(_o.c.name, _o.c.id)


class Organization(NamedTuple):
    id: UUID
    name: str
    sandbox: Sandbox | None = None


async def organizations(url: str) -> list[Organization]:
    """All of them, by name. `url` is the owner's: nobody else may ask."""
    owner = owner_engine(url)
    try:
        return await everyone(owner)
    finally:
        await owner.dispose()


async def everyone(owner: AsyncEngine) -> list[Organization]:
    """The same, over connections of the owner that are kept."""
    async with owner.connect() as connection:
        return [Organization(*row) for row in await connection.execute(_ALL)]


@asynccontextmanager
async def inside(engine: AsyncEngine, organization_id: UUID) -> AsyncIterator[AsyncConnection]:
    """A transaction of the application's role that sees this organization; committed at the end."""
    async with engine.begin() as connection:
        await connection.execute(
            select(func.set_config("app.organization", str(organization_id), True))
        )
        yield connection
