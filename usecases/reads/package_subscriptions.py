"""Subscriptions: what customers have bought, and what it covers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, Protocol
from uuid import UUID

from domain.customers import Customer
from domain.package_subscriptions import Standing, SubscriptionStatus, status_at
from domain.packages import Package
from usecases.reads.kit import Direction, Listing, Page, Whole


class PackageSubscriptionRow(NamedTuple):
    id: UUID
    version: int
    package_id: UUID
    customer_id: UUID
    status: SubscriptionStatus
    currency: str
    starts_at: datetime
    ends_at: datetime
    paused_at: datetime | None
    cancelled_at: datetime | None
    cancellation_reason: str | None
    created_by_id: UUID
    metadata: dict[str, Any]
    shrkity_id: int
    created_at: datetime
    updated_at: datetime
    renewable: bool
    customer_active: bool

    def standing(self, at: datetime) -> Standing:
        """What the guards look at, as commands would find it then."""
        status = status_at(self.status, self.starts_at, self.ends_at, at)
        return Standing(status, self.renewable, self.customer_active)


class Coverage(NamedTuple):
    """An allocation that covers orders of a customer for a service, now."""

    subscription_id: UUID
    allocation_id: UUID
    service_definition_id: UUID


class DueSubscription(NamedTuple):
    """A subscription that is to begin or to expire, and when."""

    id: UUID
    due_at: datetime


class PackageSubscriptionSort(StrEnum):
    """What lists of subscriptions can be sorted by."""

    CREATED_AT = "CREATED_AT"
    ENDS_AT = "ENDS_AT"


@dataclass(frozen=True, kw_only=True)
class PackageSubscriptionFilter:
    """All that is given must hold."""

    status: Annotated[tuple[SubscriptionStatus, ...] | None, "One of these statuses."] = None
    customer_id: Annotated[UUID | None, Customer, "Held by this customer."] = None
    package_id: Annotated[UUID | None, Package, "For this package."] = None
    ends_from: Annotated[datetime | None, "Ending at this time or later."] = None
    ends_to: Annotated[datetime | None, "Ending at this time or earlier."] = None


@dataclass(frozen=True, kw_only=True)
class PackageSubscriptionOrder:
    """By what to sort, and which way. Ties are broken by creation."""

    field: Annotated[PackageSubscriptionSort, "What to sort by."] = (
        PackageSubscriptionSort.CREATED_AT
    )
    direction: Annotated[Direction, "Which way."] = Direction.DESC


class PackageSubscriptions(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, PackageSubscriptionRow]: ...

    async def by_allocation_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, PackageSubscriptionRow]:
        """The subscription that each allocation is a part of."""

    async def by_customer_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: PackageSubscriptionFilter = PackageSubscriptionFilter(),
        order_by: PackageSubscriptionOrder = PackageSubscriptionOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[PackageSubscriptionRow]]: ...

    async def by_package_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: PackageSubscriptionFilter = PackageSubscriptionFilter(),
        order_by: PackageSubscriptionOrder = PackageSubscriptionOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[PackageSubscriptionRow]]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: PackageSubscriptionFilter = PackageSubscriptionFilter(),
        order_by: PackageSubscriptionOrder = PackageSubscriptionOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[PackageSubscriptionRow]]: ...

    async def numbered(
        self,
        filter: PackageSubscriptionFilter,
        order_by: PackageSubscriptionOrder,
        *,
        offset: int,
        limit: int,
    ) -> Sequence[PackageSubscriptionRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...

    async def covering(
        self, customer_ids: Sequence[UUID], at: datetime
    ) -> Mapping[UUID, Sequence[Coverage]]:
        """What covers orders of each customer at that moment, in the order it is to be used.

        Their own subscriptions come before those of the client whose company it is, what is
        without limit before what is counted, and what ends sooner before what ends later.
        """

    async def due(
        self, whole: Sequence[Whole], at: datetime, most: int
    ) -> Mapping[Whole, Sequence[DueSubscription]]:
        """Those that begin or end by then and have not yet, the first one first."""
