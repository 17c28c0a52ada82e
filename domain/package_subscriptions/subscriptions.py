"""The subscription itself: assigned, paused, resumed, cancelled, expired, renewed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.callers import Caller
from domain.kit import checks
from domain.kit.aggregate import Aggregate
from domain.kit.errors import RuleBroken, raise_first
from domain.kit.extras import too_many
from domain.kit.ids import new_id
from domain.package_subscriptions.allocations import (
    Allocation,
    AllocationEntry,
    AllocationEntryKind,
)
from domain.package_subscriptions.lifecycle import (
    ENDED,
    LIFECYCLE,
    Standing,
    SubscriptionStatus,
    status_at,
)
from domain.package_subscriptions.terms import Terms

_S, _K = SubscriptionStatus, AllocationEntryKind


@dataclass(kw_only=True, eq=False)
class SubscriptionPeriod:
    """A time that was paid for, at the package's terms of then; a part of the subscription."""

    id: UUID = field(default_factory=new_id)
    subscription_id: UUID | None = None
    position: int
    starts_at: datetime
    ends_at: datetime
    price: Decimal
    vat_rate: Decimal
    allocations: list[Allocation] = field(default_factory=list)


@dataclass(kw_only=True, eq=False)
class PackageSubscription(Aggregate):
    """Facts S-44 to S-52. `starts_at` and `ends_at` are those of the last period.

    Time moves it as well: whoever locks it first lets it `catch_up`. What its methods move in the
    ledger is kept until somebody pulls it, as events are.
    """

    kind = "package_subscription"
    prefix = "sub"

    package_id: UUID
    customer_id: UUID
    status: SubscriptionStatus = LIFECYCLE.initial
    currency: str
    starts_at: datetime
    ends_at: datetime
    paused_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancellation_reason: str | None = None
    created_by_id: UUID
    metadata: dict[str, Any] = field(default_factory=dict)
    shrkity_id: int | None = None
    periods: list[SubscriptionPeriod] = field(default_factory=list)

    @property
    def period(self) -> SubscriptionPeriod:
        """The last one, which is the one that counts."""
        return self.periods[-1]

    @classmethod
    def assign(
        cls,
        terms: Terms,
        customer_id: UUID,
        by: Caller,
        at: datetime,
        *,
        customer_active: bool = True,
        starts_at: datetime | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> "PackageSubscription":
        """Sell a package. Raises RuleBroken with everything that keeps it from being sold."""
        starts_at = starts_at or at
        raise_first(
            [
                *terms.problems(starts_at, at),
                *checks.found(
                    None
                    if customer_active
                    else RuleBroken("this customer is not active", path=("customer_id",)),
                    too_many(metadata or {}),
                ),
            ]
        )
        subscription = cls.founded(
            at,
            package_id=terms.package_id,
            customer_id=customer_id,
            status=_S.PENDING if starts_at > at else _S.ACTIVE,
            currency=terms.currency,
            starts_at=starts_at,
            ends_at=terms.until(starts_at),
            created_by_id=by.user_id,
            metadata=dict(metadata or {}),
        )
        subscription._add_period(terms, at)
        subscription._record(
            "assigned",
            at,
            {"status": (None, subscription.status)},
            package_id=str(terms.package_id),
            customer_id=str(customer_id),
            starts_at=subscription.starts_at,
            ends_at=subscription.ends_at,
        )
        return subscription

    # Lifecycle

    def catch_up(self, at: datetime) -> None:
        """Begin and expire if the time for it has come."""
        now = status_at(self.status, self.starts_at, self.ends_at, at)
        if self.status is _S.PENDING and now is not _S.PENDING:
            self._move("begin", "begun", at)
        if self.status is _S.ACTIVE and now is _S.EXPIRED:
            self._lapse(at)
            self._move("expire", "expired", at)

    def pause(self, by: Caller, at: datetime) -> None:
        """Its time stops, and it covers nothing (fact S-51)."""
        self._require("pause", by, at)
        self._move("pause", "paused", at, paused_at=at)

    def resume(self, by: Caller, at: datetime) -> None:
        """It ends as much later as it was paused (fact S-51)."""
        self._require("resume", by, at)
        paused = at - (self.paused_at or at)
        self.period.ends_at = self.ends_at + paused
        self._move("resume", "resumed", at, paused_at=None, ends_at=self.ends_at + paused)

    def cancel(self, by: Caller, at: datetime, reason: str | None = None) -> None:
        """End it for good. Orders keep the units they have; those that are left expire."""
        self._require("cancel", by, at)
        raise_first(checks.found(checks.text(reason, ("reason",), most=2000)))
        self._lapse(at)
        self.cancelled_at, self.cancellation_reason = at, reason
        said = {"reason": reason} if reason else {}
        self._move("cancel", "cancelled", at, said, paused_at=None)

    def renew(self, terms: Terms, by: Caller, at: datetime, *, customer_active: bool) -> None:
        """Add a period from now on, at the package's terms of now; the former ones stay."""
        facts = {"renewable": terms.renewable, "customer_active": customer_active}
        self._require("renew", by, at, **facts)
        ends_at = terms.until(at)
        self._move("renew", "renewed", at, starts_at=at, ends_at=ends_at)
        self._add_period(terms, at)

    def _require(self, action: str, by: Caller, at: datetime, **facts: bool) -> None:
        self.catch_up(at)
        raise_first(LIFECYCLE.blockers(Standing(self.status, **facts), action, by))

    def _move(
        self,
        action: str,
        past: str,
        at: datetime,
        said: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> None:
        moved = LIFECYCLE.after(self.status, action)
        self._record(past, at, self._set({"status": moved, **values}), **(said or {}))

    def _add_period(self, terms: Terms, at: datetime) -> None:
        period = SubscriptionPeriod(
            position=len(self.periods) + 1,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            price=terms.price,
            vat_rate=terms.vat_rate,
        )
        for position, item in enumerate(terms.items, start=1):
            allocation = Allocation(
                position=position,
                service_definition_id=item.service_definition_id,
                total=item.quantity,
            )
            period.allocations.append(allocation)
            self._book(_K.GRANT, allocation, allocation.total, at)
        self.periods.append(period)

    # Allocations

    def consume(self, service_definition_id: UUID, order_id: UUID, at: datetime) -> UUID | None:
        """Take a unit for an order: the allocation's id, or None when nothing covers it."""
        self.catch_up(at)
        if self.status is not _S.ACTIVE or self.starts_at > at:
            return None
        for allocation in self.period.allocations:
            ours = allocation.service_definition_id == service_definition_id
            if ours and allocation.remaining != 0:
                allocation.used += 1
                self._book(_K.CONSUME, allocation, 1, at, order_id)
                self._tell("consumed", allocation, order_id, at)
                return allocation.id
        return None

    def release(self, allocation_id: UUID, order_id: UUID, at: datetime) -> None:
        """Take an order's unit back. Nothing is covered with it any more once its time is over."""
        self.catch_up(at)
        [(period, allocation)] = [
            (period, allocation)
            for period in self.periods
            for allocation in period.allocations
            if allocation.id == allocation_id
        ]
        allocation.used -= 1
        self._book(_K.RELEASE, allocation, 1, at, order_id)
        if self.status in ENDED or period is not self.period:
            self._expire(allocation, 1, at)
        self._tell("released", allocation, order_id, at)

    def pull_entries(self) -> list[AllocationEntry]:
        """What has moved in the ledger since it was last asked for, in order."""
        entries = [*self._moved]
        self._moved.clear()
        for entry, id in zip(entries, sorted(entry.id for entry in entries), strict=True):
            entry.id = id
        return entries

    def _lapse(self, at: datetime) -> None:
        """Nobody uses what is left of the period."""
        for allocation in self.period.allocations:
            if allocation.remaining != 0:
                self._expire(allocation, allocation.remaining, at)

    def _expire(self, allocation: Allocation, quantity: int | None, at: datetime) -> None:
        if allocation.total is not None:
            allocation.expired += quantity or 0
            self._book(_K.EXPIRE, allocation, quantity, at)

    def _book(
        self,
        kind: AllocationEntryKind,
        allocation: Allocation,
        quantity: int | None,
        at: datetime,
        order_id: UUID | None = None,
    ) -> None:
        self._moved.append(
            AllocationEntry(
                subscription_id=self.id,
                allocation_id=allocation.id,
                kind=kind,
                quantity=quantity,
                order_id=order_id,
                at=at,
            )
        )

    def _tell(self, past: str, allocation: Allocation, order_id: UUID, at: datetime) -> None:
        self._record(
            past,
            at,
            allocation=str(allocation.id),
            service_definition_id=str(allocation.service_definition_id),
            service_order=str(order_id),
            remaining=allocation.remaining,
        )

    @property
    def _moved(self) -> list[AllocationEntry]:
        # Created on first use: rows loaded from the database never run __init__.
        moved: list[AllocationEntry] = self.__dict__.setdefault("_moved_entries", [])
        return moved
