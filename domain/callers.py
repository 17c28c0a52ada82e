"""Who is asking: a user of one organization, through one credential, with these permissions."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.kit.errors import Forbidden


class Permission(StrEnum):
    """One vocabulary for every way in; the older systems' scopes and abilities map onto it.

    From services on they are Shrkity's scopes (fact S-19): `orders` are service orders there,
    `invoices` sales invoices, `documents` compliance documents.
    """

    ORGANIZATION_WRITE = "organization:write"
    PURCHASE_ORDERS_READ = "purchase_orders:read"
    PURCHASE_ORDERS_WRITE = "purchase_orders:write"
    PURCHASE_ORDERS_DELETE = "purchase_orders:delete"
    PURCHASE_ORDERS_APPROVE = "purchase_orders:approve"
    GOODS_RECEIPTS_READ = "goods_receipts:read"
    GOODS_RECEIPTS_WRITE = "goods_receipts:write"
    PURCHASE_INVOICES_READ = "purchase_invoices:read"
    PURCHASE_INVOICES_WRITE = "purchase_invoices:write"
    PURCHASE_INVOICES_APPROVE = "purchase_invoices:approve"
    PURCHASE_INVOICES_PAY = "purchase_invoices:pay"
    BUDGETS_READ = "budgets:read"
    BUDGETS_WRITE = "budgets:write"
    SUPPLIERS_READ = "suppliers:read"
    SUPPLIERS_WRITE = "suppliers:write"
    DEPARTMENTS_READ = "departments:read"
    DEPARTMENTS_WRITE = "departments:write"
    PROJECTS_READ = "projects:read"
    PROJECTS_WRITE = "projects:write"
    USERS_READ = "users:read"
    USERS_WRITE = "users:write"
    APPROVAL_WORKFLOWS_READ = "approval_workflows:read"
    APPROVAL_WORKFLOWS_WRITE = "approval_workflows:write"
    DELEGATIONS_READ = "delegations:read"
    DELEGATIONS_WRITE = "delegations:write"
    WEBHOOK_ENDPOINTS_READ = "webhook_endpoints:read"
    WEBHOOK_ENDPOINTS_WRITE = "webhook_endpoints:write"
    API_CREDENTIALS_READ = "api_credentials:read"
    API_CREDENTIALS_WRITE = "api_credentials:write"
    SERVICES_READ = "services:read"
    SERVICES_WRITE = "services:write"
    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    CLIENTS_READ = "clients:read"
    CLIENTS_WRITE = "clients:write"
    COMPANIES_READ = "companies:read"
    COMPANIES_WRITE = "companies:write"
    PACKAGES_READ = "packages:read"
    PACKAGES_WRITE = "packages:write"
    SUBSCRIPTIONS_READ = "subscriptions:read"
    SUBSCRIPTIONS_WRITE = "subscriptions:write"
    COUPONS_READ = "coupons:read"
    COUPONS_WRITE = "coupons:write"
    QUOTATIONS_READ = "quotations:read"
    QUOTATIONS_WRITE = "quotations:write"
    INVOICES_READ = "invoices:read"
    INVOICES_WRITE = "invoices:write"
    CONNECTIONS_READ = "connections:read"
    CONNECTIONS_WRITE = "connections:write"
    DOCUMENTS_READ = "documents:read"
    DOCUMENTS_WRITE = "documents:write"
    CALENDARS_READ = "calendars:read"
    CALENDARS_WRITE = "calendars:write"


SERVING = frozenset(
    permission
    for permission in Permission
    if permission.startswith(
        (
            *("services:", "orders:", "clients:", "companies:", "packages:", "subscriptions:"),
            *("coupons:", "quotations:", "invoices:", "connections:", "documents:", "calendars:"),
        )
    )
)


class Ability(StrEnum):
    """The coarse abilities of Waqti tokens (fact W-79)."""

    READ = "read"
    WRITE = "write"
    DELETE = "delete"
    APPROVE = "approve"
    ADMIN = "admin"


_ADMINISTRATIVE = ("organization:", "users:", "approval_workflows:", "api_credentials:")


def permissions_of(abilities: Iterable[Ability]) -> frozenset[Permission]:
    """What a token with these abilities may do; `admin` is everything.

    The others reach what Waqti is about: no token comes to serve customers by a release.
    """
    given = set(abilities)
    if Ability.ADMIN in given:
        return frozenset(Permission)
    return frozenset(
        permission
        for permission in frozenset(Permission) - SERVING
        if permission.endswith(tuple(f":{ability}" for ability in given))
        and not (permission.startswith(_ADMINISTRATIVE) and not permission.endswith(":read"))
    )


class Channel(StrEnum):
    """Which way in a credential opens, and which way a change came."""

    GRAPHQL = "GRAPHQL"
    WAQTI = "WAQTI"
    SHRKITY = "SHRKITY"
    SHOPLAZZA = "SHOPLAZZA"
    WISEDAT = "WISEDAT"
    SYSTEM = "SYSTEM"


class Locale(StrEnum):
    EN = "en"
    AR = "ar"
    PT = "pt"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """`credential_id` is None for the system itself; `request_id` ends up in the audit trail."""

    organization_id: UUID
    user_id: UUID
    credential_id: UUID | None
    channel: Channel
    permissions: frozenset[Permission]
    request_id: str
    locale: Locale = Locale.EN

    def may(self, needed: Permission) -> Forbidden | None:
        if needed in self.permissions:
            return None
        return Forbidden("this takes the permission {permission}", permission=needed.value)

    def require(self, needed: Permission) -> None:
        """Raise Forbidden unless the caller has the permission."""
        if (missing := self.may(needed)) is not None:
            raise missing
