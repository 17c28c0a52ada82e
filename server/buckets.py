"""Leaky buckets (fact P-12): a burst, and then so many requests a second.

A process leases requests from the bucket that all processes share, in chunks that get smaller
as it fills. What it holds leaks away like the bucket itself, or a process could save a lease up
and spend it on top of an empty bucket: so what all processes let through together never
exceeds what one bucket would.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from persistence.buckets import TOLERANCE, lease
from usecases.gate import Allowance, TooManyRequests

Clock = Callable[[], float]

SHARE = 4  # a process takes a quarter of the room that is left
MOST_BUCKETS = 10_000
_SECONDS_OF_BURST = 20  # by which a limit of so many a minute makes a bucket: 120 makes 40


class Leak(NamedTuple):
    """How many requests a bucket holds, and how many of them leave it in a second."""

    size: int
    per_second: float


APP = Leak(40, 2.0)  # for an app in a store: a credential
STORE = Leak(80, 20.0)  # for a store: an organization's credentials together


@dataclass(frozen=True, kw_only=True)
class LeakyBudget:
    """What a credential may send; without leaks it has no limit."""

    organization_id: UUID
    leaks: tuple[tuple[UUID, Leak], ...]  # whose buckets it fills, the narrowest first

    @classmethod
    def of(
        cls, organization_id: UUID, credential_id: UUID, requests_per_minute: int | None
    ) -> "LeakyBudget":
        """The API's own, unless the credential has a limit of its own: 0 lifts both."""
        app = APP
        if requests_per_minute:
            size = max(requests_per_minute * _SECONDS_OF_BURST // 60, 1)
            app = Leak(size, requests_per_minute / 60)
        leaks = ((credential_id, app), (organization_id, STORE))
        return cls(organization_id=organization_id, leaks=() if requests_per_minute == 0 else leaks)


class _Bucket:
    """One bucket, as far as this process knows it."""

    def __init__(self, engine: AsyncEngine, organization_id: UUID, holder_id: UUID) -> None:
        self._engine = engine
        self._organization_id, self._holder_id = organization_id, holder_id
        self._level = 0.0  # at the least: others may have filled it further
        self._unspent = 0.0
        self._at = 0.0
        self._turn = asyncio.Lock()

    def pass_time(self, leak: Leak, now: float) -> None:
        leaked = max(now - self._at, 0.0) * leak.per_second
        self._level = max(self._level - leaked, 0.0)
        self._unspent = max(self._unspent - leaked, 0.0)
        self._at = max(self._at, now)

    def remaining(self, leak: Leak) -> int:
        return self._room(leak) + int(self._unspent + TOLERANCE)

    def seconds_to_room(self, leak: Leak, cost: int) -> int:
        missing = self._level + self._needed(cost) - leak.size
        return max(ceil(missing / leak.per_second - TOLERANCE), 1)

    def empty_at(self, leak: Leak) -> int:
        return ceil(self._at + self._level / leak.per_second - TOLERANCE)

    async def take(self, cost: int, leak: Leak, clock: Clock) -> bool:
        self.pass_time(leak, clock())
        if self._spend(cost):
            return True
        async with self._turn:
            # The one before may have leased enough for us as well, or found it full.
            now = clock()
            self.pass_time(leak, now)
            if self._spend(cost):
                return True
            return self._room(leak) >= self._needed(cost) and await self._lease(cost, leak, now)

    def put_back(self, cost: int) -> None:
        self._unspent += cost

    def _room(self, leak: Leak) -> int:
        return max(int(leak.size - self._level + TOLERANCE), 0)

    def _needed(self, cost: int) -> int:
        return ceil(cost - self._unspent - TOLERANCE)

    def _spend(self, cost: int) -> bool:
        if self._needed(cost) > 0:
            return False
        self._unspent = max(self._unspent - cost, 0.0)
        return True

    async def _lease(self, cost: int, leak: Leak, now: float) -> bool:
        """What is leased is spent at once: it leaks away while we wait for the answer."""
        needed = self._needed(cost)
        wanted = max(self._room(leak) // SHARE, needed)
        held, self._unspent = self._unspent, 0.0
        leased = await lease(
            self._engine,
            self._organization_id,
            self._holder_id,
            size=leak.size,
            per_second=leak.per_second,
            needed=needed,
            wanted=wanted,
            now=now,
        )
        left = held + leased.granted - (cost if leased.granted else 0)
        leaked = (self._at - now) * leak.per_second
        self._unspent += max(left - leaked, 0.0)
        self._level = max(leased.level - leaked, self._level)
        return leased.granted > 0


class Buckets:
    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._buckets: OrderedDict[UUID, _Bucket] = OrderedDict()

    async def admit(self, budget: LeakyBudget, cost: int) -> Allowance:
        """Raises TooManyRequests when one of the buckets is full.

        What costs more than a whole bucket takes all of it.
        """
        now = int(self._clock())
        if not budget.leaks:
            return Allowance(None, 0, now)
        taken: list[tuple[_Bucket, Leak, int]] = []
        for holder_id, leak in budget.leaks:
            bucket, price = self._bucket(budget.organization_id, holder_id), min(cost, leak.size)
            if not await bucket.take(price, leak, self._clock):
                for other, _, paid in taken:
                    other.put_back(paid)
                raise TooManyRequests(_allowance(bucket, leak, bucket.seconds_to_room(leak, price)))
            taken.append((bucket, leak, price))
        return min((_allowance(bucket, leak) for bucket, leak, _ in taken), key=_left)

    def left(self, budget: LeakyBudget) -> Allowance:
        """What this process knows to be left; nothing is drawn."""
        now = self._clock()
        left = []
        for holder_id, leak in budget.leaks:
            bucket = self._bucket(budget.organization_id, holder_id)
            bucket.pass_time(leak, now)
            left.append(_allowance(bucket, leak))
        return min(left, key=_left, default=Allowance(None, 0, int(now)))

    def _bucket(self, organization_id: UUID, holder_id: UUID) -> _Bucket:
        bucket = self._buckets.get(holder_id)
        if bucket is None:
            bucket = _Bucket(self._engine, organization_id, holder_id)
            self._buckets[holder_id] = bucket
        self._buckets.move_to_end(holder_id)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return bucket


def _allowance(bucket: _Bucket, leak: Leak, retry_after: int | None = None) -> Allowance:
    left = bucket.remaining(leak)
    return Allowance(leak.size, left, bucket.empty_at(leak), retry_after)


def _left(allowance: Allowance) -> int:
    return allowance.remaining
