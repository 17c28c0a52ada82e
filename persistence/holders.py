"""The users and credentials of one organization, as operators look for them."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.callers import Channel
from persistence import tables as t

_u, _c = t.users, t.api_credentials


class Holder(NamedTuple):
    id: UUID
    email: str


class HeldCredential(NamedTuple):
    id: UUID
    email: str
    name: str
    channel: Channel
    hint: str
    revoked_at: datetime | None
    expires_at: datetime | None
    requests_per_minute: int | None
    networks: list[str]


_USERS = select(_u.c.id, _u.c.email).order_by(_u.c.email)
_CREDENTIALS = (
    select(
        _c.c.id,
        _u.c.email,
        _c.c.name,
        _c.c.channel,
        _c.c.hint,
        _c.c.revoked_at,
        _c.c.expires_at,
        _c.c.requests_per_minute,
        _c.c.networks,
    )
    .join_from(_c, _u, _u.c.id == _c.c.user_id)
    .order_by(_u.c.email, _c.c.created_at, _c.c.id)
)


async def holders(connection: AsyncConnection) -> list[Holder]:
    """The users, by e-mail address."""
    return [Holder(*row) for row in await connection.execute(_USERS)]


async def credentials(connection: AsyncConnection) -> list[HeldCredential]:
    """Every credential, revoked ones too, by its user's address."""
    return [HeldCredential(*row) for row in await connection.execute(_CREDENTIALS)]
