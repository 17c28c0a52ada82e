"""What Shoplazza's OpenAPI document says beside its endpoints."""

from typing import Any

from rest.kit import Described

_TEXT: dict[str, Any] = {"type": "string"}


def enveloped(shape: dict[str, Any], _paged: bool) -> dict[str, Any]:  # noqa: FBT001 - a fact
    """Fact P-8."""
    return shape


DESCRIBED = Described(
    title="Shoplazza",
    version="2022-01",
    security={"accessToken": {"type": "apiKey", "in": "header", "name": "Access-Token"}},
    enveloped=enveloped,
    error={  # facts P-10 and P-11
        "type": "object",
        "oneOf": [{"required": ["error"]}, {"required": ["errors"]}],
        "properties": {"error": _TEXT, "errors": {"type": "array", "items": _TEXT}},
    },
    statuses={
        400: "A parameter is not valid.",
        401: "The token is missing, unknown, revoked or expired.",
        403: "The token has not the scope that is needed.",
        429: "Too many requests.",
        500: "The server could not answer.",
    },
)
