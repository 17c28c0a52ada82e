"""What Waqti's OpenAPI document says beside its endpoints."""

from typing import Any

from rest.kit import Described
from rest.waqti.refusals import CODES

_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [*properties], "properties": properties}


def _whole(*names: str) -> dict[str, Any]:
    return _object(**{name: {"type": "integer"} for name in names})


def _urls(*names: str) -> dict[str, Any]:
    return _object(**{name: {"type": ["string", "null"]} for name in names})


def enveloped(shape: dict[str, Any], paged: bool) -> dict[str, Any]:  # noqa: FBT001 - a fact
    """Facts W-11 and W-12."""
    if not paged:
        return _object(data=shape, meta=_object(timestamp=_TIME))
    return _object(
        data={"type": "array", "items": shape},
        meta=_whole("current_page", "last_page", "per_page", "total"),
        links=_urls("first", "last", "next", "prev"),
    )


DESCRIBED = Described(
    title="Waqti",
    version="v1",
    security={"bearer": {"type": "http", "scheme": "bearer"}},
    enveloped=enveloped,
    error=_object(
        error=_object(
            code={"type": "string", "enum": sorted({code for _, code in CODES.values()})},
            message={"type": "string"},
            details={
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
        ),
        meta=_object(timestamp=_TIME, request_id={"type": "string"}),
    ),
    statuses={
        400: "The body is no JSON object.",
        401: "The token is missing, unknown, revoked or expired.",
        403: "The token or its user may not do this.",
        404: "There is no such record.",
        422: "What was sent is not valid, or not possible now.",
        429: "Too many requests.",
        500: "The server could not answer.",
    },
)
