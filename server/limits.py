"""Rate limits (facts W-21 to W-25, S-15): fixed windows, a minute and a UTC day, by plan.

Shrkity's credentials have a minute of their own, whatever the plan, and Shoplazza's have buckets
instead (server/buckets.py).

A process leases requests from the window that all processes share, in chunks that get smaller
as less is left, so the sum is never exceeded and most requests write nothing.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from domain.organizations import Plan
from persistence.limits import give_back, lease
from server.buckets import Buckets, LeakyBudget
from usecases.gate import Allowance, TooManyRequests

Clock = Callable[[], float]

MINUTE, DAY = 60, 86_400
LENGTHS = {MINUTE: "minute", DAY: "day"}

PLANS: dict[Plan, tuple[int, int | None]] = {  # requests a minute, and a day
    Plan.BASIC: (60, 1000),
    Plan.PROFESSIONAL: (300, 10_000),
    Plan.ENTERPRISE: (1000, None),
}
SHRKITY = 120  # requests a minute of one of its keys
STRANGERS = 60  # requests a minute of one address

SHARE = 8  # a process takes an eighth of what is left,
MOST_LEASED = 50  # but never more than this
MOST_CREDENTIALS = 10_000
MOST_ADDRESSES = 10_000


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What a credential may send; None is without limit."""

    organization_id: UUID
    credential_id: UUID
    a_minute: int | None
    a_day: int | None

    @classmethod
    def of(
        cls,
        organization_id: UUID,
        credential_id: UUID,
        plan: Plan,
        requests_per_minute: int | None,
    ) -> "Budget":
        """By plan, unless the credential has a limit of its own: 0 lifts both."""
        a_minute, a_day = PLANS[plan]
        if requests_per_minute is not None:
            a_minute = requests_per_minute
        limits = (None, None) if requests_per_minute == 0 else (a_minute, a_day)
        return cls(
            organization_id=organization_id,
            credential_id=credential_id,
            a_minute=limits[0],
            a_day=limits[1],
        )

    @classmethod
    def of_shrkity(
        cls, organization_id: UUID, credential_id: UUID, requests_per_minute: int | None
    ) -> "Budget":
        """Fact S-15, unless the credential has a limit of its own: 0 lifts it."""
        a_minute = SHRKITY if requests_per_minute is None else requests_per_minute or None
        return cls(
            organization_id=organization_id,
            credential_id=credential_id,
            a_minute=a_minute,
            a_day=None,
        )


class _Window:
    """One minute or day of one credential, as far as this process knows it."""

    def __init__(self, engine: AsyncEngine, budget: Budget, length: int, starts_at: int) -> None:
        self._engine, self._budget, self._length = engine, budget, length
        self.starts_at = starts_at
        self.ends_at = starts_at + length
        self._used = 0  # by all processes, at the last lease
        self._unspent = 0
        self._turn = asyncio.Lock()

    def remaining(self, limit: int) -> int:
        return max(limit - self._used, 0) + self._unspent

    async def take(self, cost: int, limit: int) -> bool:
        if self._unspent < cost:
            async with self._turn:
                # The one before may have leased enough for us as well, or the last there was.
                if self._unspent < cost and self._used < limit:
                    await self._lease(cost - self._unspent, limit)
        if self._unspent < cost:
            return False
        self._unspent -= cost
        return True

    def put_back(self, cost: int) -> None:
        self._unspent += cost

    async def _lease(self, needed: int, limit: int) -> None:
        chunk = min((limit - self._used) // SHARE, MOST_LEASED)
        wanted = max(chunk, needed)
        used = await lease(
            self._engine,
            self._budget.organization_id,
            self._budget.credential_id,
            length=LENGTHS[self._length],
            starts_at=self.starts_at,
            wanted=wanted,
            limit=limit,
        )
        if used is None:
            self._used = limit
            return
        self._unspent += min(used, limit) - (used - wanted)
        self._used = min(used, limit)

    async def close(self) -> None:
        unspent, self._unspent = self._unspent, 0
        if unspent:
            await give_back(
                self._engine,
                self._budget.organization_id,
                self._budget.credential_id,
                length=LENGTHS[self._length],
                starts_at=self.starts_at,
                unspent=unspent,
            )


class Limits:
    def __init__(self, engine: AsyncEngine, *, clock: Clock = time.time) -> None:
        self._engine, self._clock = engine, clock
        self._windows: OrderedDict[tuple[UUID, int], _Window] = OrderedDict()
        self._buckets = Buckets(engine, clock)
        self._strangers = Strangers(clock)

    async def admit(self, budget: Budget | LeakyBudget, cost: int = 1) -> Allowance:
        """Raises TooManyRequests when the minute or the day has not that much left.

        What costs more than a whole minute or day takes all of it.
        """
        if isinstance(budget, LeakyBudget):
            return await self._buckets.admit(budget, cost)
        now = int(self._clock())
        minute_ends = now - now % MINUTE + MINUTE
        if budget.a_minute is None:
            return Allowance(None, 0, minute_ends)
        minute = self._window(budget, MINUTE, now)
        price = min(cost, budget.a_minute)
        if not await minute.take(price, budget.a_minute):
            raise _refusal(budget.a_minute, minute.remaining(budget.a_minute), minute.ends_at, now)
        remaining = minute.remaining(budget.a_minute)
        if budget.a_day is not None:
            day = self._window(budget, DAY, now)
            if not await day.take(min(cost, budget.a_day), budget.a_day):
                minute.put_back(price)
                raise _refusal(budget.a_minute, day.remaining(budget.a_day), day.ends_at, now)
            remaining = min(remaining, day.remaining(budget.a_day))
        return Allowance(budget.a_minute, remaining, minute_ends)

    def left(self, budget: Budget | LeakyBudget) -> Allowance:
        """What this process knows to be left; nothing is drawn."""
        if isinstance(budget, LeakyBudget):
            return self._buckets.left(budget)
        now = int(self._clock())
        minute_ends = now - now % MINUTE + MINUTE
        if budget.a_minute is None:
            return Allowance(None, 0, minute_ends)
        remaining = self._window(budget, MINUTE, now).remaining(budget.a_minute)
        if budget.a_day is not None:
            remaining = min(remaining, self._window(budget, DAY, now).remaining(budget.a_day))
        return Allowance(budget.a_minute, remaining, minute_ends)

    def admit_stranger(self, address: str) -> Allowance:
        return self._strangers.admit(address)

    async def close(self) -> None:
        """Give back what was leased and not spent."""
        windows = [*self._windows.values()]
        self._windows.clear()
        now = self._clock()
        for window in windows:
            if now < window.ends_at:
                await window.close()

    def _window(self, budget: Budget, length: int, now: int) -> _Window:
        key = (budget.credential_id, length)
        starts_at = now - now % length
        window = self._windows.get(key)
        if window is None or window.starts_at != starts_at:
            window = self._windows[key] = _Window(self._engine, budget, length, starts_at)
        self._windows.move_to_end(key)
        if len(self._windows) > MOST_CREDENTIALS:
            self._windows.popitem(last=False)
        return window


class Strangers:
    """Addresses that show no valid secret, counted by this process alone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._minute = 0
        self._sent: OrderedDict[str, int] = OrderedDict()

    def admit(self, address: str) -> Allowance:
        now = int(self._clock())
        ends_at = now - now % MINUTE + MINUTE
        if ends_at != self._minute:
            self._minute = ends_at
            self._sent.clear()
        key = _subscriber(address)
        sent = self._sent.get(key, 0)
        if sent >= STRANGERS:
            raise _refusal(STRANGERS, 0, ends_at, now)
        self._sent[key] = sent + 1
        self._sent.move_to_end(key)
        if len(self._sent) > MOST_ADDRESSES:
            self._sent.popitem(last=False)
        return Allowance(STRANGERS, STRANGERS - sent - 1, ends_at)


def _subscriber(address: str) -> str:
    """An IPv6 subscriber has a whole /64 to call from."""
    try:
        if ip_address(address).version == 6:  # noqa: PLR2004
            return str(ip_network((address, 64), strict=False))
    except ValueError:
        return address
    return address


def _refusal(limit: int, remaining: int, resets_at: int, now: int) -> TooManyRequests:
    return TooManyRequests(Allowance(limit, remaining, resets_at, max(resets_at - now, 1)))
