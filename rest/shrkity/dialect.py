"""What makes Shrkity Shrkity: bases, keys, lists with their meta, limits, refusals."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from domain.callers import Channel, Locale
from rest.kit import Asked, Dialect, NumberedPage
from rest.kit.bearers import secret_in
from rest.shrkity.document import DESCRIBED
from rest.shrkity.refusals import refused
from usecases.gate import Allowance

UNLIMITED = 2**31 - 1  # what clients read who look for a number where there is none


def key(request: Request) -> str | None:
    """Fact S-2: in either header; two different ones are none."""
    headers = request.headers
    shown = {each.strip() for each in headers.getlist("x-api-key")}
    shown |= {secret_in(each) or "" for each in headers.getlist("authorization")}
    shown.discard("")
    return shown.pop() if len(shown) == 1 else None


def succeeded(shape: Any, _asked: Asked) -> Any:
    """Facts S-13 and S-14: lists tell where they are, single resources stand alone."""
    if not isinstance(shape, NumberedPage):
        return shape
    return {
        "data": shape.items,
        "meta": {
            "total": shape.total,
            "per_page": shape.size,
            "current_page": shape.number,
            "last_page": shape.last,
            "has_next": shape.number < shape.last,
            "has_previous": shape.number > 1,
        },
    }


def limit_headers(allowance: Allowance) -> Mapping[str, str]:
    """Fact S-15."""
    limited = allowance.limit is not None
    headers = {
        "X-RateLimit-Limit": str(allowance.limit if limited else UNLIMITED),
        "X-RateLimit-Remaining": str(allowance.remaining if limited else UNLIMITED),
    }
    if allowance.retry_after is not None:
        headers["Retry-After"] = str(allowance.retry_after)
    return headers


SHRKITY = Dialect(
    name="shrkity",
    channel=Channel.SHRKITY,
    bases=("/api/v1", "/shrkity/api/v1"),
    locales=(Locale.EN, Locale.AR),
    secret=key,
    succeeded=succeeded,
    refused=refused,
    headers=limit_headers,
    described=DESCRIBED,
    tells=True,
    answers_once=True,
)
