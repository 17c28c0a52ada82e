"""The gate that every request passes, whichever API it came for: who is it, and may it go on?"""

from typing import NamedTuple, Protocol

from domain.callers import Caller, Channel, Locale
from domain.kit.errors import RateLimited, Unauthenticated
from usecases.messages import said


class Allowance(NamedTuple):
    """How much of its limit a credential has left in the current minute, or in its bucket.

    `limit` is None when the credential is not limited. `resets_at` is in Unix seconds, on a whole
    minute (fact W-22), or when the bucket is empty again; `retry_after` in seconds, None while
    there is something left.
    """

    limit: int | None
    remaining: int
    resets_at: int
    retry_after: int | None = None


class TooManyRequests(RateLimited):
    """Over the limit of the minute or the day; the allowance says until when."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__(
            said("too many requests: try again in {seconds} seconds"),
            seconds=allowance.retry_after,
        )
        self.allowance = allowance


class NotActive(Unauthenticated):
    """The secret is right, but whom it belongs to has been deactivated."""


class Gate(Protocol):
    async def enter(
        self, secret: str | None, *, channel: Channel, request_id: str, locale: Locale
    ) -> Caller:
        """Whom the secret lets in through this channel; GraphQL takes those of every channel.

        Raises Unauthenticated: unknown, revoked and expired secrets look alike. NotActive, which
        is one of its kind, says that the secret is none of these but its user is not active.
        """

    async def admit(self, caller: Caller, *, cost: int = 1) -> Allowance:
        """Draw on the credential's budget, which all channels share; or TooManyRequests."""

    async def admit_stranger(self, address: str) -> Allowance:
        """The budget of an address that shows no valid secret (fact W-24); or TooManyRequests."""
