"""The gate that every request passes, for all the APIs: who is it, and may it go on?"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from domain.callers import Caller, Channel, Locale
from persistence.credentials import KnownCredential
from server.auth import Authenticator, Clock
from server.buckets import LeakyBudget
from server.limits import Budget, Limits
from usecases.gate import Allowance


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

    async def __aenter__(self) -> Self:
        await self.authenticator.__aenter__()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.authenticator.__aexit__(*exception)
        await self._limits.close()

    async def enter(
        self, secret: str | None, *, channel: Channel, request_id: str, locale: Locale
    ) -> Caller:
        """Whom the secret lets in through this channel; or Unauthenticated."""
        known = await self.authenticator.credential(secret, channel)
        return CredentialHolder(
            organization_id=known.organization_id,
            user_id=known.user_id,
            credential_id=known.id,
            channel=channel,
            permissions=known.permissions,
            request_id=request_id,
            locale=locale,
            budget=_budget(known),
        )

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
    return Budget.of(known.organization_id, known.id, known.plan, own)
