"""What makes Shoplazza Shoplazza: bases, tokens, answers without an envelope, refusals."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from domain.callers import Channel, Locale
from rest.kit import Asked, Dialect
from rest.shoplazza.document import DESCRIBED
from rest.shoplazza.refusals import refused
from usecases.gate import Allowance


def token(request: Request) -> str | None:
    """Fact P-2."""
    return request.headers.get("access-token", "").strip() or None


def bare(shape: Any, _asked: Asked) -> Any:
    """Fact P-8."""
    return shape


def limit_headers(allowance: Allowance) -> Mapping[str, str]:
    """Nothing is told of a bucket (fact P-12) but when there will be room in it."""
    if allowance.retry_after is None:
        return {}
    return {"Retry-After": str(allowance.retry_after)}


SHOPLAZZA = Dialect(
    name="shoplazza",
    channel=Channel.SHOPLAZZA,
    bases=("/openapi/2022-01", "/shoplazza/openapi/2022-01"),
    locales=(Locale.EN,),
    secret=token,
    succeeded=bare,
    refused=refused,
    headers=limit_headers,
    described=DESCRIBED,
    identified="Request-Id",  # fact P-3
)
