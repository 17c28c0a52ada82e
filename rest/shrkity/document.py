"""What Shrkity's OpenAPI document says beside its endpoints: fact S-18."""

from typing import Any

from rest.kit import Described
from rest.shrkity.refusals import KINDS, SCOPE

_META: dict[str, Any] = {
    "total": {"type": "integer"},
    "per_page": {"type": "integer"},
    "current_page": {"type": "integer"},
    "last_page": {"type": "integer"},
    "has_next": {"type": "boolean"},
    "has_previous": {"type": "boolean"},
}
_CODES = sorted({kind.code for kind in (SCOPE, *KINDS.values()) if kind.code is not None})


def enveloped(shape: dict[str, Any], paged: bool) -> dict[str, Any]:  # noqa: FBT001 - a fact
    """Facts S-13 and S-14."""
    if not paged:
        return shape
    meta = {"type": "object", "required": [*_META], "properties": _META}
    return {
        "type": "object",
        "required": ["data", "meta"],
        "properties": {"data": {"type": "array", "items": shape}, "meta": meta},
    }


DESCRIBED = Described(
    title="Shrkity",
    version="v1",
    security={
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "`Authorization: Bearer shk_live_…`",
        },
        "apiKey": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
    },
    enveloped=enveloped,
    error={
        "type": "object",
        "required": ["message"],
        "properties": {
            "message": {"type": "string", "description": "For people to read."},
            "code": {"type": "string", "enum": _CODES, "description": "For programs to go by."},
            "required_scope": {"type": "string", "description": "The scope that is missing."},
            "errors": {
                "type": "object",
                "description": "What is wrong with each field.",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
        },
    },
    statuses={
        401: "The key is missing, malformed, unknown, revoked or expired.",
        403: "The plan, the address or the key's scopes do not allow it.",
        404: "There is no such resource.",
        409: "Its state does not allow it, or the same request is still being answered.",
        422: "What was sent is not valid; the message says what to fix.",
        429: "Too many requests.",
        500: "The server could not answer.",
    },
)
