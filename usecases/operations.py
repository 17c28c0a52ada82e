"""What only operators do, from the command line: no API offers it."""

from dataclasses import dataclass
from uuid import UUID

from domain.api_credentials import ApiCredential
from domain.callers import Permission
from domain.organizations import Organization, Plan, Sandbox
from domain.users import DEFAULT_ROLES, Role, User
from usecases.kit import UseCase
from usecases.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class FoundOrganization(UseCase[User]):
    """A new organization, as whose founder the caller comes: the usual roles and an administrator.

    Answers with the administrator.
    """

    requires = Permission.ORGANIZATION_WRITE

    name: str
    plan: Plan
    base_currency: str
    admin_name: str
    admin_email: str
    sandbox: Sandbox | None = None

    async def execute(self, uow: UnitOfWork) -> User:
        about = {
            "id": uow.caller.organization_id,
            "name": self.name,
            "plan": self.plan,
            "base_currency": self.base_currency,
            "sandbox": self.sandbox,
        }
        uow.records(Organization).add(Organization.create(about, uow.now))
        roles = {
            code: Role.create({"code": code, "name": name, "permissions": sorted(granted)}, uow.now)
            for code, (name, granted) in DEFAULT_ROLES.items()
        }
        for role in roles.values():
            uow.records(Role).add(role)
        admin = User.create(
            {"name": self.admin_name, "email": self.admin_email, "role_ids": [roles["admin"].id]},
            uow.now,
        )
        uow.records(User).add(admin)
        return admin


@dataclass(frozen=True, kw_only=True)
class LimitApiCredential(UseCase[ApiCredential]):
    """Give a credential a limit of its own: 0 lifts it, None brings the plan's back."""

    requires = Permission.API_CREDENTIALS_WRITE

    id: UUID
    requests_per_minute: int | None

    async def execute(self, uow: UnitOfWork) -> ApiCredential:
        credential = await uow.records(ApiCredential).get(self.id)
        credential.limit(self.requests_per_minute, uow.now)
        return credential
