"""The day it is where the organization is, for whatever is due on a day."""

from sqlalchemy import Date, cast, func, select

from persistence import tables as t
from persistence.reads.kit import ORGANIZATION

_g = t.organizations
_ZONE = (
    select(_g.c.time_zone)
    .where(_g.c.organization_id == ORGANIZATION, _g.c.id == ORGANIZATION)
    .scalar_subquery()
)
TODAY = cast(func.timezone(_ZONE, func.now()), Date)
