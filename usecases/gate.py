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


class NotLetIn(Unauthenticated):
    """The secret is known, but opens nothing. APIs that tell why tell the kinds of this apart.

    `allowance` is what is left of the credential's limit, on which this does not draw.
    """

    allowance: Allowance | None = None


class Revoked(NotLetIn):
    """It was stopped for good."""


class Expired(NotLetIn):
    """Its time is over."""


class NotActive(NotLetIn):
    """Whom it belongs to has been deactivated."""


class PlanRequired(NotLetIn):
    """The organization's plan does not include the API that it opens (fact S-6)."""


class AddressNotAllowed(NotLetIn):
    """It is pinned to networks, and this request came from elsewhere (fact S-7)."""


class Gate(Protocol):
    async def enter(
        self,
        secret: str | None,
        *,
        channel: Channel,
        address: str,
        request_id: str,
        locale: Locale,
    ) -> Caller:
        """Whom the secret lets in through this channel; GraphQL takes those of every channel.

        `address` is where the request comes from. Raises Unauthenticated; NotLetIn, which is one
        of its kind, when the secret is known, for the first reason that there is (fact S-9).
        """

    async def admit(self, caller: Caller, *, cost: int = 1) -> Allowance:
        """Draw on the credential's budget, which all channels share; or TooManyRequests."""

    async def admit_stranger(self, address: str) -> Allowance:
        """The budget of an address that shows no valid secret (fact W-24); or TooManyRequests."""
