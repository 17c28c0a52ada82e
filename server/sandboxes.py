"""Sandboxes: putting the data of one back, at founding and every night (fact W-1)."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from domain.organizations import Organization, Sandbox
from persistence.engines import owner_engine
from persistence.storage import SqlStorage
from server.demo import replay
from server.operators import operator


async def begin(url: str, organization_id: UUID) -> None:
    """What a new sandbox has, it will have again every night. `url` is the owner's."""
    owner = owner_engine(url)
    try:
        await reset(owner, organization_id, datetime.now(UTC))
    finally:
        await owner.dispose()


async def reset(owner: AsyncEngine, organization_id: UUID, now: datetime) -> bool:
    """Whether it was due: then everything happened at once, for everybody who reads.

    Writers wait meanwhile. The engine is the owner's.
    """
    caller = operator(organization_id, request_id="sandbox")
    async with SqlStorage(owner).alone(caller) as uow:
        organization = await uow.records(Organization).get(organization_id)
        if not organization.is_due(now):
            return False
        await uow.wipe()
        uow.now = now
        organization.reset(now)
        await uow.flush()
        if organization.sandbox is Sandbox.DEMO:
            await replay(uow, organization, now)
        await uow.commit()
    return True
