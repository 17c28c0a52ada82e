"""The secret that a request shows in its Authorization header."""

from starlette.requests import Request


def bearer(request: Request) -> str | None:
    """What follows `Authorization: Bearer`, if anything does."""
    return secret_in(request.headers.get("authorization", ""))


def secret_in(authorization: str) -> str | None:
    """The same, of the header's value."""
    scheme, _, secret = authorization.partition(" ")
    return secret.strip() or None if scheme.lower() == "bearer" else None
