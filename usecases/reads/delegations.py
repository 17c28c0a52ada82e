"""Standing delegations, and the deputies that follow from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from domain.approvals.conditions import DocumentType
from domain.callers import Permission
from domain.users import User
from usecases.reads.kit import Listing, Page, Whole


class DelegationRow(NamedTuple):
    id: UUID
    version: int
    from_user_id: UUID
    to_user_id: UUID
    starts_at: datetime
    ends_at: datetime
    document_types: list[DocumentType]
    reason: str | None
    active: bool
    created_at: datetime


class DeputyRow(NamedTuple):
    """A delegation that holds, to an active user, with what that user may do."""

    from_user_id: UUID
    to_user_id: UUID
    document_types: list[DocumentType]
    permissions: list[Permission]


@dataclass(frozen=True, kw_only=True)
class DelegationFilter:
    """All that is given must hold."""

    from_user_id: Annotated[UUID | None, User, "Of what waits for this user."] = None
    to_user_id: Annotated[UUID | None, User, "To this user."] = None


class Delegations(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, DelegationRow]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: DelegationFilter = DelegationFilter(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[DelegationRow]]: ...

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...

    async def deputies(self, ids: Sequence[UUID], at: datetime) -> Sequence[DeputyRow]:
        """Who stands in for these users at that moment, the longest first."""
