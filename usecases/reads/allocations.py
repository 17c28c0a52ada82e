"""Periods of subscriptions, what they cover, and the ledger of what was used."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.kit.money import Money
from domain.package_subscriptions import AllocationEntryKind
from usecases.reads.kit import Listing, Page


class SubscriptionPeriodRow(NamedTuple):
    id: UUID
    subscription_id: UUID
    position: int
    starts_at: datetime
    ends_at: datetime
    price_amount: Decimal
    vat_rate: Decimal
    currency: str

    @property
    def price(self) -> Money:
        return Money.exactly(self.price_amount, self.currency)


class AllocationRow(NamedTuple):
    id: UUID
    subscription_id: UUID
    period_id: UUID
    position: int
    service_definition_id: UUID
    total: int | None
    used: int
    expired: int
    shrkity_id: int

    @property
    def unlimited(self) -> bool:
        return self.total is None

    @property
    def remaining(self) -> int | None:
        return None if self.total is None else self.total - self.used - self.expired


class AllocationEntryRow(NamedTuple):
    id: UUID
    subscription_id: UUID
    allocation_id: UUID
    kind: AllocationEntryKind
    quantity: int | None
    order_id: UUID | None
    at: datetime


class SubscriptionPeriods(Protocol):
    async def by_subscription_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[SubscriptionPeriodRow]]:
        """The first one first."""

    async def last_by_subscription_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, SubscriptionPeriodRow]: ...


class Allocations(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, AllocationRow]: ...

    async def by_period_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[AllocationRow]]:
        """In the order of the package's items."""

    async def by_subscription_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[AllocationRow]]:
        """Those of the last period."""


class AllocationEntries(Protocol):
    async def by_subscription_ids(
        self, ids: Sequence[UUID], *, first: int = 50, after: str | None = None
    ) -> Mapping[UUID, Page[AllocationEntryRow]]:
        """The newest first."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...
