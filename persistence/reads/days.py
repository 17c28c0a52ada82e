"""The day it is where the organization is, for whatever is due on a day."""

from typing import Any

from sqlalchemy import ColumnElement, Date, cast, func, select

from persistence import tables as t
from persistence.reads.kit import ORGANIZATION

_g = t.organizations
_ZONE = (
    select(_g.c.time_zone)
    .where(_g.c.organization_id == ORGANIZATION, _g.c.id == ORGANIZATION)
    .scalar_subquery()
)


def day_at(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """The day that it is there at a moment."""
    return cast(func.timezone(_ZONE, moment), Date)


TODAY = day_at(func.now())
