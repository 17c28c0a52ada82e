"""Errors as Shrkity clients read them: a message, a code to branch on, and the missing scope."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from domain.callers import Locale
from domain.kit.errors import (
    BudgetExceeded,
    Busy,
    DomainError,
    Forbidden,
    IdempotencyInFlight,
    IdempotencyMismatch,
    IllegalMove,
    LimitReached,
    NotFound,
    Path,
    RateLimited,
    RuleBroken,
    Unauthenticated,
    VersionConflict,
)
from rest.kit import Asked, Refusal
from rest.kit.bodies import Unreadable
from rest.kit.dialects import UnknownEndpoint
from rest.shrkity.wire import words
from usecases.gate import AddressNotAllowed, Expired, PlanRequired, Revoked
from usecases.messages import said, translate


class Kind(NamedTuple):
    status: int
    code: str | None = None
    message: str | None = None  # instead of the error's own


_NOT_FOUND = Kind(404, message=said("The requested resource was not found."))
_INVALID = "validation_failed"
_STATE = "invalid_state"

# Nothing else is ever sent (facts S-5 to S-8, S-11, S-12, S-17). The last one is for bugs.
KINDS: Mapping[type[Exception], Kind] = {
    Unauthenticated: Kind(401, "invalid_api_key", said("The API key is missing or invalid.")),
    Revoked: Kind(401, "revoked_api_key", said("The API key has been revoked.")),
    Expired: Kind(401, "expired_api_key", said("The API key has expired.")),
    PlanRequired: Kind(
        403, "plan_required", said("The workspace's current plan does not include API access.")
    ),
    AddressNotAllowed: Kind(
        403, "ip_not_allowed", said("The API key may not be used from this IP address.")
    ),
    Forbidden: Kind(403, "forbidden"),
    NotFound: _NOT_FOUND,
    UnknownEndpoint: _NOT_FOUND,
    IllegalMove: Kind(409, _STATE),
    VersionConflict: Kind(409, _STATE),
    IdempotencyInFlight: Kind(409, "idempotency_in_progress"),
    IdempotencyMismatch: Kind(422, "idempotency_key_reused"),
    RuleBroken: Kind(422, _INVALID),
    Unreadable: Kind(422, _INVALID),
    LimitReached: Kind(422, "limit_reached"),
    BudgetExceeded: Kind(422, "budget_exceeded"),
    RateLimited: Kind(429, "rate_limited"),
    Busy: Kind(429, "busy"),
    Exception: Kind(500, message=said("The server could not answer this request.")),
}
SCOPE = Kind(403, "insufficient_scope", said("The API key does not have the required scope."))
_RETRY: Mapping[type[Exception], Mapping[str, str]] = {Busy: {"Retry-After": "1"}}


def refused(error: Exception, asked: Asked) -> Refusal:
    """Facts S-11 and S-12."""
    kind = next(kind for kind in type(error).__mro__ if kind in KINDS)
    scope = error.params.get("permission") if isinstance(error, Forbidden) else None
    status, code, message = KINDS[kind] if scope is None else SCOPE
    body: dict[str, Any] = {"message": _message(error, message, asked.locale)}
    if code is not None:
        body["code"] = code
    if scope is not None:
        body["required_scope"] = scope
    if isinstance(error, RuleBroken) and (errors := _errors(error, asked.locale)):
        body["errors"] = errors
    return Refusal(status, body, _RETRY.get(kind, {}))


def _message(error: Exception, known: str | None, locale: Locale) -> str:
    if known is not None:
        return translate(known, locale)
    if isinstance(error, RuleBroken):
        return _sentence("; ".join(_about(problem, locale) for problem in error.problems))
    if isinstance(error, DomainError | Unreadable):
        return _sentence(translate(error.template, locale, error.params))
    raise TypeError(type(error))


def _about(problem: DomainError, locale: Locale) -> str:
    """What is wrong with which field: `discount_value: this must be greater than 0`."""
    text = translate(problem.template, locale, problem.params).removesuffix(".")
    field = _field(problem.path)
    return f"{field}: {text}" if field else text


def _errors(error: RuleBroken, locale: Locale) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for problem in error.problems:
        if field := _field(problem.path):
            text = translate(problem.template, locale, problem.params)
            errors.setdefault(field, []).append(_sentence(text))
    return errors


def _field(path: Path) -> str:
    """A path in their words: `items.0.quantity`."""
    named = (words.FIELDS.get(step, str(step)) for step in path)
    return ".".join(name for name in named if name is not None)


def _sentence(text: str) -> str:
    """A field's name stays as clients write it."""
    begun = text if ":" in text.split(" ", 1)[0] else f"{text[:1].upper()}{text[1:]}"
    return f"{begun.removesuffix('.')}."
