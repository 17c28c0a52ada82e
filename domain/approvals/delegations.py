"""Standing delegations: who decides in whose place, from when to when, on what documents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Protocol
from uuid import UUID

from domain.approvals.conditions import DocumentType
from domain.callers import Caller, Permission
from domain.kit import checks
from domain.kit.errors import DomainError, Forbidden, RuleBroken
from domain.kit.record import Record
from domain.users import User


@dataclass(kw_only=True, eq=False)
class Delegation(Record):
    """What waits for `from_user_id` meanwhile, or comes to, is asked of `to_user_id` instead."""

    kind = "delegation"
    prefix = "dlg"
    managed_with = Permission.DELEGATIONS_WRITE

    from_user_id: Annotated[UUID, User, "Who is away."]
    to_user_id: Annotated[UUID, User, "Who decides instead."]
    starts_at: Annotated[datetime, "From this moment on."]
    ends_at: Annotated[datetime, "Until this moment; what was handed on by then stays so."]
    document_types: Annotated[list[DocumentType], "On which documents; on all, without any."] = (
        field(default_factory=list)
    )
    reason: Annotated[str | None, "Why, for others to read."] = None
    active: Annotated[bool, "False to take it back before it ends."] = True

    def problems(self) -> list[RuleBroken]:
        return checks.found(
            RuleBroken("nobody stands in for themselves", path=("to_user_id",))
            if self.to_user_id == self.from_user_id
            else None,
            RuleBroken("this must be later than the beginning", path=("ends_at",))
            if self.ends_at <= self.starts_at
            else None,
            checks.text(self.reason, ("reason",), most=500),
        )

    def barred(self, by: Caller) -> DomainError | None:
        """Everybody manages their own; those of others take the management of users."""
        if by.user_id == self.from_user_id:
            return None
        return by.may(Permission.USERS_WRITE) and Forbidden(
            "only those who may manage users delegate for others"
        )


# What it takes to decide on a document: a deputy without it would only keep others waiting.
DECIDED_WITH: Mapping[DocumentType, Permission] = {
    DocumentType.PURCHASE_ORDER: Permission.PURCHASE_ORDERS_APPROVE,
    DocumentType.PURCHASE_INVOICE: Permission.PURCHASE_INVOICES_APPROVE,
}


class Standing(Protocol):
    """What choosing deputies looks at: a delegation that holds, and what the deputy may do."""

    @property
    def from_user_id(self) -> UUID: ...
    @property
    def to_user_id(self) -> UUID: ...
    @property
    def document_types(self) -> list[DocumentType]: ...
    @property
    def permissions(self) -> list[Permission]: ...


def deputies_of(
    delegations: Iterable[Standing], kind: DocumentType, excluded: UUID | None
) -> dict[UUID, list[UUID]]:
    """Who stands in for whom on a document of this kind; `excluded` for nobody (fact W-71)."""
    found: dict[UUID, list[UUID]] = {}
    for each in delegations:
        meant = not each.document_types or kind in each.document_types
        able = DECIDED_WITH[kind] in each.permissions and each.to_user_id != excluded
        if meant and able:
            found.setdefault(each.from_user_id, []).append(each.to_user_id)
    return found
