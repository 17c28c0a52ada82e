"""The secret that a request shows in its Authorization header."""

from starlette.requests import Request


def bearer(request: Request) -> str | None:
    """What follows `Authorization: Bearer`, if anything does."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() or None if scheme.lower() == "bearer" else None
