"""Users and roles."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.callers import Permission
from usecases.reads.kit import Listing, Page, Whole


class UserRow(NamedTuple):
    id: UUID
    version: int
    name: str
    name_ar: str | None
    email: str
    role_ids: list[UUID]
    active: bool
    waqti_id: int
    created_at: datetime


class RoleRow(NamedTuple):
    id: UUID
    version: int
    code: str
    name: str
    permissions: list[Permission]
    created_at: datetime


class Users(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, UserRow]: ...

    async def by_groups(
        self, groups: Sequence[tuple[UUID, ...]]
    ) -> Mapping[tuple[UUID, ...], Sequence[UserRow]]:
        """The users of each group, in its order."""

    async def by_role_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[UserRow]]:
        """The active users of each role, by name."""

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        search: str | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[UserRow]]: ...

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...


class Roles(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, RoleRow]: ...

    async def by_user_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[RoleRow]]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        search: str | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[RoleRow]]: ...

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...
