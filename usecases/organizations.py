"""The caller's organization: what holds for everything in it."""

from usecases.ports import UnitOfWork
from usecases.reads import Reads
from usecases.reads.kit import Whole
from usecases.reads.organizations import OrganizationRow


async def organization_of(uow: UnitOfWork) -> OrganizationRow:
    return await own_organization(uow.reads)


async def own_organization(read: Reads) -> OrganizationRow:
    whole = Whole.ORGANIZATION
    return (await read.organizations.own([whole]))[whole]
