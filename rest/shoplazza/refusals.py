"""Errors as Shoplazza's clients read them: what is wrong with the request, or with its token."""

from collections.abc import Mapping

from domain.kit.errors import (
    Busy,
    DomainError,
    Forbidden,
    NotFound,
    RateLimited,
    RuleBroken,
    Unauthenticated,
)
from rest.kit import Asked, Refusal
from rest.kit.bodies import Unreadable
from rest.kit.dialects import UnknownEndpoint
from usecases.gate import NotActive

# Nothing else is ever sent (fact P-11). The last one is for bugs.
STATUSES: Mapping[type[Exception], int] = {
    Unreadable: 400,
    RuleBroken: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    UnknownEndpoint: 404,
    RateLimited: 429,
    Busy: 429,
    Exception: 500,
}
# Whoever has no working token is told so in another place (fact P-10).
_TOKENS: Mapping[type[Exception], str] = {
    NotActive: "store is not active",
    Unauthenticated: "Unauthorized",
}
_SAID: Mapping[int, str] = {
    400: "Bad Request",
    403: "the read_product access scope is needed",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal Server Error",
}


def refused(error: Exception, _asked: Asked) -> Refusal:
    """Facts P-10 and P-11."""
    kinds = type(error).__mro__
    status = next(STATUSES[kind] for kind in kinds if kind in STATUSES)
    token = next((_TOKENS[kind] for kind in kinds if kind in _TOKENS), None)
    body = {"error": token} if token else {"errors": _errors(error, status)}
    return Refusal(status, body, {"Retry-After": "1"} if isinstance(error, Busy) else {})


def _errors(error: Exception, status: int) -> list[str]:
    """Everything that is wrong with the request, each with the name of its parameter."""
    if isinstance(error, RuleBroken):
        return [_sentence(problem) for problem in error.problems]
    return [_SAID[status]]


def _sentence(problem: DomainError) -> str:
    """`this must be 99 or less`, said of `limit`, is `limit must be 99 or less`."""
    parameter = ".".join(map(str, problem.path))
    return f"{parameter} {problem.message.removeprefix('this ')}".strip()
