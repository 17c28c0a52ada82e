"""The gate that every request passes, for all the APIs: who is it, and may it go on?"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from domain.callers import Caller, Channel, Locale
from domain.networks import is_within
from domain.organizations import ServicePlan
from persistence.credentials import KnownCredential
from server.auth import Authenticator, Clock
from server.buckets import LeakyBudget
from server.limits import Budget, Limits
from usecases.gate import (
    AddressNotAllowed,
    Allowance,
    Expired,
    NotActive,
    NotLetIn,
    PlanRequired,
    Revoked,
)

SERVED = {ServicePlan.SCALE, ServicePlan.ENTERPRISE}  # whom Shrkity's API is open to (fact S-6)


@dataclass(frozen=True, kw_only=True)
class CredentialHolder(Caller):
    """A caller who came through the gate, with what it may send."""

    budget: Budget | LeakyBudget


class CredentialGate:
    """Implements usecases.gate.Gate. As a context manager it hears of changes as they happen.

    `url` is the database's, for a connection of its own; the engine is the application's.
    `changed` is told in which organization somebody's rights may have; None is in all of them.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        url: str,
        *,
        clock: Clock = time.time,
        changed: Callable[[UUID | None], object] = lambda _: None,
    ) -> None:
        self.authenticator = Authenticator(engine, url, clock=clock, forgot=changed)
        self._limits = Limits(engine, clock=clock)
        self._clock = clock

    async def __aenter__(self) -> Self:
        await self.authenticator.__aenter__()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.authenticator.__aexit__(*exception)
        await self._limits.close()

    async def enter(
        self,
        secret: str | None,
        *,
        channel: Channel,
        address: str,
        request_id: str,
        locale: Locale,
    ) -> Caller:
        """Whom the secret lets in through this channel; or Unauthenticated."""
        known = await self.authenticator.credential(secret, channel)
        budget = _budget(known)
        if (why_not := self._why_not(known, channel, address)) is not None:
            refusal = why_not("a valid credential is needed")
            refusal.allowance = self._limits.left(budget)
            raise refusal
        return CredentialHolder(
            organization_id=known.organization_id,
            user_id=known.user_id,
            credential_id=known.id,
            channel=channel,
            permissions=known.permissions,
            request_id=request_id,
            locale=locale,
            budget=budget,
        )

    def _why_not(
        self, known: KnownCredential, channel: Channel, address: str
    ) -> type[NotLetIn] | None:
        """The first reason, in the order of fact S-9."""
        if known.revoked_at is not None:
            return Revoked
        now = datetime.fromtimestamp(self._clock(), UTC)
        if known.expires_at is not None and known.expires_at <= now:
            return Expired
        if not known.active:
            return NotActive
        if channel is Channel.SHRKITY and known.service_plan not in SERVED:
            return PlanRequired
        if known.networks and not is_within(address, known.networks):
            return AddressNotAllowed
        return None

    async def admit(self, caller: Caller, *, cost: int = 1) -> Allowance:
        """Draw on the credential's budget; or TooManyRequests. `caller` came through `enter`."""
        if not isinstance(caller, CredentialHolder):
            raise TypeError("this caller did not come through the gate")
        return await self._limits.admit(caller.budget, cost)

    async def admit_stranger(self, address: str) -> Allowance:
        """Draw on the budget of an address without a valid secret; or TooManyRequests."""
        return self._limits.admit_stranger(address)


def _budget(known: KnownCredential) -> Budget | LeakyBudget:
    """Whichever API it is used for: a credential has one budget, of the kind its own API has."""
    own = known.requests_per_minute
    if known.channel is Channel.SHOPLAZZA:
        return LeakyBudget.of(known.organization_id, known.id, own)
    if known.channel is Channel.SHRKITY:
        return Budget.of_shrkity(known.organization_id, known.id, own)
    return Budget.of(known.organization_id, known.id, known.plan, own)
