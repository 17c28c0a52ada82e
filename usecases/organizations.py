"""The caller's organization: what holds for everything in it."""

from usecases.ports import UnitOfWork
from usecases.reads.organizations import OrganizationRow


async def organization_of(uow: UnitOfWork) -> OrganizationRow:
    id = uow.caller.organization_id
    return (await uow.reads.organizations.by_ids([id]))[id]
