"""Finding whom a secret belongs to, across all organizations: the row it opens, and no other."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import LargeBinary, String, bindparam, cast, func, select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.types import Uuid

from domain.callers import Channel, Permission
from domain.networks import Network, network
from domain.organizations import Plan, ServicePlan
from domain.users import permissions_of
from persistence import tables as t


class KnownCredential(NamedTuple):
    """A credential, with everything that a request needs to know about it.

    `permissions` is what is left of the user's after the credential has narrowed them; `active`
    is the user.
    """

    id: UUID
    organization_id: UUID
    user_id: UUID
    channel: Channel
    secret_hash: bytes
    permissions: frozenset[Permission]
    expires_at: datetime | None
    revoked_at: datetime | None
    networks: Sequence[Network]
    requests_per_minute: int | None
    plan: Plan
    service_plan: ServicePlan
    active: bool


_c, _u, _r, _o = t.api_credentials, t.users, t.roles, t.organizations

# What `shown_secret`, a policy of the table, goes by.
_SHOW = select(func.set_config("app.secret", bindparam("shown", type_=String), True))
# Enters the organization in passing.
_OPEN = select(
    _c.c.id,
    _c.c.organization_id,
    _c.c.user_id,
    _c.c.channel,
    _c.c.secret_hash,
    _c.c.permissions,
    _c.c.expires_at,
    _c.c.revoked_at,
    _c.c.networks,
    _c.c.requests_per_minute,
    func.set_config("app.organization", cast(_c.c.organization_id, String), True),
).where(_c.c.secret_hash == bindparam("digest", type_=LargeBinary))
# A row for each role; without roles one that grants nothing.
_WHO = (
    select(_o.c.plan, _o.c.service_plan, _u.c.active, _r.c.permissions)
    .join_from(_u, _o, _o.c.id == _u.c.organization_id)
    .outerjoin(_r, _r.c.id == func.any(_u.c.role_ids))
    .where(_u.c.id == bindparam("user_id", type_=Uuid))
)


async def find(engine: AsyncEngine, digest: bytes) -> KnownCredential | None:
    """The credential whose secret has this SHA-256.

    Whether it still works, and from where, is for the caller to see.
    """
    async with engine.begin() as connection:
        await connection.execute(_SHOW, {"shown": digest.hex()})
        found = (await connection.execute(_OPEN, {"digest": digest})).first()
        if found is None:
            return None
        roles = (await connection.execute(_WHO, {"user_id": found.user_id})).all()
    if not roles:
        return None
    permissions = permissions_of(map(Permission, granted or ()) for *_, granted in roles)
    if found.permissions is not None:
        permissions &= {Permission(each) for each in found.permissions}
    return KnownCredential(
        id=found.id,
        organization_id=found.organization_id,
        user_id=found.user_id,
        channel=found.channel,
        secret_hash=found.secret_hash,
        permissions=permissions,
        expires_at=found.expires_at,
        revoked_at=found.revoked_at,
        networks=[*map(network, found.networks)],
        requests_per_minute=found.requests_per_minute,
        plan=roles[0].plan,
        service_plan=roles[0].service_plan,
        active=roles[0].active,
    )
