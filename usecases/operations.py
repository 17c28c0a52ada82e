"""What only operators do, from the command line: no API offers it."""

from dataclasses import dataclass
from uuid import UUID

from domain.api_credentials import ApiCredential
from domain.callers import Permission
from domain.kit.given import UNSET, Maybe
from domain.organizations import Organization, Plan, Sandbox, ServicePlan
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
    service_plan: ServicePlan = ServicePlan.STARTER

    async def execute(self, uow: UnitOfWork) -> User:
        about = {
            "id": uow.caller.organization_id,
            "name": self.name,
            "plan": self.plan,
            "service_plan": self.service_plan,
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


@dataclass(frozen=True, kw_only=True)
class UpdateServicePlan(UseCase[Organization]):
    """What the caller's organization has bought for serving customers (facts S-6 and S-26).

    A limit of 0 lifts that of the plan, None brings it back. What is left out stays.
    """

    requires = Permission.ORGANIZATION_WRITE

    service_plan: Maybe[ServicePlan] = UNSET
    monthly_order_limit: Maybe[int | None] = UNSET

    async def execute(self, uow: UnitOfWork) -> Organization:
        organization = await uow.records(Organization).get(uow.caller.organization_id)
        plan, limit = self.service_plan, self.monthly_order_limit
        organization.serve(
            organization.service_plan if plan is UNSET else plan,
            organization.monthly_order_limit if limit is UNSET else limit,
            uow.now,
        )
        return organization
