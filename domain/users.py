"""Users and the roles that give them their permissions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from domain.callers import Permission
from domain.kit import checks
from domain.kit.errors import RuleBroken
from domain.kit.record import Mention, Record

P = Permission
_SECRET = {P.API_CREDENTIALS_READ, P.WEBHOOK_ENDPOINTS_READ}
_READS = frozenset(p for p in P if p.endswith(":read")) - _SECRET
_BUYING = _READS | {
    P.PURCHASE_ORDERS_WRITE,
    P.PURCHASE_ORDERS_DELETE,
    P.GOODS_RECEIPTS_WRITE,
    P.DELEGATIONS_WRITE,
}
_APPROVING = _READS | {
    P.PURCHASE_ORDERS_APPROVE,
    P.PURCHASE_INVOICES_APPROVE,
    P.DELEGATIONS_WRITE,
}
_PAYING = {P.PURCHASE_INVOICES_WRITE, P.PURCHASE_INVOICES_PAY, P.BUDGETS_WRITE}
_BILLING = {P.QUOTATIONS_WRITE, P.INVOICES_WRITE}
_SERVED = ("orders", "clients", "companies", "connections", "documents", "quotations")
_OFFERED = ("services", "packages", "subscriptions", "coupons", "invoices", "calendars")
_SERVING = frozenset(P(f"{noun}:read") for noun in (*_SERVED, *_OFFERED)) | {
    P.DEPARTMENTS_READ,
    P.USERS_READ,
}

# The roles every organization starts with (fact W-78): code -> name, permissions.
DEFAULT_ROLES: dict[str, tuple[str, frozenset[Permission]]] = {
    "admin": ("Tenant Admin", frozenset(P)),
    "cfo": ("CFO", _APPROVING | _PAYING | _BILLING),
    "finance_manager": ("Finance Manager", _BUYING | _APPROVING | _PAYING | _BILLING),
    "procurement_manager": (
        "Procurement Manager",
        _BUYING | _APPROVING | {P.SUPPLIERS_WRITE, P.PURCHASE_INVOICES_WRITE},
    ),
    "department_head": ("Department Head", _BUYING | _APPROVING),
    "buyer": ("Buyer", _BUYING | {P.SUPPLIERS_WRITE, P.PURCHASE_INVOICES_WRITE}),
    "employee": ("Employee", _BUYING),
    "finance_viewer": ("Finance Viewer", _READS),
    "case_worker": (
        "Case Worker",
        _SERVING | {P(f"{noun}:write") for noun in ("orders", "clients", "companies", "documents")},
    ),
    "service_manager": (
        "Service Manager",
        _SERVING | {P(f"{noun}:write") for noun in (*_SERVED, *_OFFERED)},
    ),
}


@dataclass(kw_only=True, eq=False)
class Role(Record):
    kind = "role"
    prefix = "rol"
    managed_with = Permission.USERS_WRITE

    code: Annotated[str, "Short code, unique in the organization."]
    name: Annotated[str, "What people call the role."]
    permissions: Annotated[list[Permission], "What users with this role may do."] = field(
        default_factory=list
    )

    def problems(self) -> list[RuleBroken]:
        return checks.found(
            checks.text(self.code, ("code",), most=64, required=True),
            checks.text(self.name, ("name",), most=200, required=True),
        )


@dataclass(kw_only=True, eq=False)
class User(Record):
    kind = "user"
    prefix = "usr"
    managed_with = Permission.USERS_WRITE

    name: Annotated[str, "Full name, as it appears on documents."]
    name_ar: Annotated[str | None, "Full name in Arabic."] = None
    email: Annotated[str, "Where to reach the user; unique in the organization."]
    role_ids: Annotated[list[UUID], Role, "The user's roles; permissions add up."] = field(
        default_factory=list
    )
    active: Annotated[bool, "Inactive users cannot sign in and approve nothing new."] = True
    waqti_id: int | None = None

    def problems(self) -> list[RuleBroken]:
        return checks.found(
            checks.text(self.name, ("name",), most=200, required=True),
            checks.text(self.name_ar, ("name_ar",), most=200),
            checks.email(self.email, ("email",)),
        )

    def mentions(self) -> list[Mention]:
        return [Mention(Role, id, ("role_ids", n)) for n, id in enumerate(self.role_ids)]


def permissions_of(roles: Iterable[Iterable[Permission]]) -> frozenset[Permission]:
    return frozenset(permission for role in roles for permission in role)
