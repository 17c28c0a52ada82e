"""API credentials: issued with a secret that is shown once, and revoked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from domain.api_credentials import ApiCredential
from domain.callers import Ability, Channel, Permission, permissions_of
from domain.kit.errors import RuleBroken
from domain.users import User
from domain.users import permissions_of as permissions_of_roles
from usecases.granting import check_grant
from usecases.kit import ExpectedVersion, UseCase
from usecases.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class CreateApiCredential(UseCase[ApiCredential]):
    """Issue a credential that acts as a user. The secret is in this answer and never again.

    It may do nothing that the caller may not do.
    """

    requires = Permission.API_CREDENTIALS_WRITE

    user_id: Annotated[UUID, User, "The user it acts as."]
    name: Annotated[str, "What it is for, so that you know it again."]
    dialect: Annotated[Channel, "Which API it opens; GraphQL accepts them all."] = Channel.GRAPHQL
    permissions: Annotated[
        list[Permission] | None, "Narrows what the user may do; null leaves it at all of it."
    ] = None
    abilities: Annotated[
        list[Ability] | None, "The same in Waqti's words; not together with permissions."
    ] = None
    expires_at: Annotated[datetime | None, "When it stops working; never, without it."] = None
    networks: Annotated[
        list[str] | None,
        "The IP addresses and CIDR ranges that it works from; from anywhere, without them.",
    ] = None

    async def execute(self, uow: UnitOfWork) -> ApiCredential:
        if self.permissions is not None and self.abilities is not None:
            raise RuleBroken("give permissions or abilities, not both", path=("abilities",))
        if self.user_id not in await uow.reads.users.by_ids([self.user_id]):
            raise RuleBroken("no such user", path=("user_id",))
        permissions = self.permissions
        if self.abilities is not None:
            permissions = sorted(permissions_of(self.abilities))
        await self._check_privilege(permissions, uow)
        credential = ApiCredential.issue(
            uow.now,
            user_id=self.user_id,
            name=self.name,
            channel=self.dialect,
            number=await uow.next_legacy_id("api_credentials.waqti_id"),
            permissions=permissions,
            expires_at=self.expires_at,
            networks=self.networks or (),
        )
        uow.records(ApiCredential).add(credential)
        return credential

    async def _check_privilege(self, permissions: list[Permission] | None, uow: UnitOfWork) -> None:
        roles = (await uow.reads.roles.by_user_ids([self.user_id])).get(self.user_id, ())
        granted = permissions_of_roles(role.permissions for role in roles)
        check_grant(granted if permissions is None else granted & {*permissions}, uow.caller)


@dataclass(frozen=True, kw_only=True)
class RevokeApiCredential(UseCase[ApiCredential]):
    """Stop a credential for good, everywhere within a minute."""

    requires = Permission.API_CREDENTIALS_WRITE

    id: Annotated[UUID, ApiCredential, "The credential to revoke."]
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> ApiCredential:
        credential = await uow.records(ApiCredential).get(self.id, expected=self.expected_version)
        credential.revoke(uow.now)
        return credential
