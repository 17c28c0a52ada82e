"""The caller's organization: what holds for everything in it."""

from datetime import date
from zoneinfo import ZoneInfo

from usecases.ports import UnitOfWork
from usecases.reads import Reads
from usecases.reads.kit import Whole
from usecases.reads.organizations import OrganizationRow


async def own_organization(read: Reads) -> OrganizationRow:
    whole = Whole.ORGANIZATION
    return (await read.organizations.own([whole]))[whole]


def today(organization: OrganizationRow, uow: UnitOfWork) -> date:
    """Days and years begin at midnight where the organization is."""
    return uow.now.astimezone(ZoneInfo(organization.time_zone)).date()
