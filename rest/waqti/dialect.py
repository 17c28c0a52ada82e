"""What makes Waqti Waqti: bases, tokens, envelopes, rate limit headers, refusals."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from domain.callers import Channel, Locale
from rest.kit import Asked, Dialect, NumberedPage, links
from rest.kit.bearers import bearer
from rest.waqti.document import DESCRIBED
from rest.waqti.refusals import refused
from usecases.gate import Allowance

UNLIMITED = 2**31 - 1  # what clients read who look for a number where there is none


def succeeded(shape: Any, asked: Asked) -> dict[str, Any]:
    """Facts W-11 and W-12."""
    if isinstance(shape, NumberedPage):
        return {
            "data": shape.items,
            "meta": {
                "current_page": shape.number,
                "last_page": shape.last,
                "per_page": shape.size,
                "total": shape.total,
            },
            "links": links(shape, asked),
        }
    return {"data": shape, "meta": {"timestamp": datetime.now(UTC)}}


def limit_headers(allowance: Allowance) -> Mapping[str, str]:
    """Facts W-22 and W-23."""
    limited = allowance.limit is not None
    headers = {
        "X-RateLimit-Limit": str(allowance.limit if limited else UNLIMITED),
        "X-RateLimit-Remaining": str(allowance.remaining if limited else UNLIMITED),
        "X-RateLimit-Reset": str(allowance.resets_at),
    }
    if allowance.retry_after is not None:
        headers["Retry-After"] = str(allowance.retry_after)
    return headers


WAQTI = Dialect(
    name="waqti",
    channel=Channel.WAQTI,
    bases=("/v1", "/waqti/v1"),
    locales=(Locale.EN, Locale.AR),
    secret=bearer,  # fact W-2
    succeeded=succeeded,
    refused=refused,
    headers=limit_headers,
    described=DESCRIBED,
)
