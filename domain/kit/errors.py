"""What can go wrong, as facts a caller can act on.

    DomainError
    ├── RuleBroken           VALIDATION            the input, or what it leads to, breaks a rule
    ├── NotFound             NOT_FOUND             no such record in this organization
    ├── IllegalMove          INVALID_TRANSITION    not from this status
    ├── VersionConflict      VERSION_CONFLICT      somebody else changed it first
    ├── Unauthenticated      UNAUTHENTICATED       no credential, or none that is valid
    ├── Forbidden            FORBIDDEN             known, but not allowed
    ├── BudgetExceeded       BUDGET_EXCEEDED       more than is left of a budget that blocks
    ├── LimitReached         LIMIT_REACHED         more than the plan allows in a month
    ├── RateLimited          RATE_LIMITED          too many requests for the plan
    ├── IdempotencyMismatch  IDEMPOTENCY_MISMATCH  the key was used for another request
    ├── IdempotencyInFlight  IDEMPOTENCY_IN_FLIGHT the key's first request is not done yet
    └── Busy                 BUSY                  another request holds what this one needs

Messages are English templates with parameters; the edges translate them. An error may carry
further ones, so that whoever answers can name everything that is wrong at once.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, ClassVar

Path = tuple[str | int, ...]


class ErrorCode(StrEnum):
    """What kind of error it is: for programs to switch on."""

    VALIDATION = "VALIDATION"
    NOT_FOUND = "NOT_FOUND"
    INVALID_TRANSITION = "INVALID_TRANSITION"
    VERSION_CONFLICT = "VERSION_CONFLICT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    BUDGET_EXCEEDED = "BUDGET_EXCEEDED"
    LIMIT_REACHED = "LIMIT_REACHED"
    RATE_LIMITED = "RATE_LIMITED"
    IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH"
    IDEMPOTENCY_IN_FLIGHT = "IDEMPOTENCY_IN_FLIGHT"
    BUSY = "BUSY"


class DomainError(Exception):
    """One fact: a template, its parameters, and the path of the input field it is about."""

    code: ClassVar[ErrorCode]

    def __init__(self, template: str, *, path: Path = (), **params: Any) -> None:
        super().__init__(template)
        self.template = template
        self.params = params
        self.path = path
        self.others: tuple[DomainError, ...] = ()

    @property
    def message(self) -> str:
        return self.template.format(**self.params)

    @property
    def problems(self) -> "tuple[DomainError, ...]":
        """This error and whatever else was found with it."""
        return (self, *self.others)

    def __str__(self) -> str:
        return self.message


class RuleBroken(DomainError):
    code = ErrorCode.VALIDATION


class NotFound(DomainError):
    code = ErrorCode.NOT_FOUND


class IllegalMove(DomainError):
    code = ErrorCode.INVALID_TRANSITION


class VersionConflict(DomainError):
    code = ErrorCode.VERSION_CONFLICT


class Unauthenticated(DomainError):
    code = ErrorCode.UNAUTHENTICATED


class Forbidden(DomainError):
    code = ErrorCode.FORBIDDEN


class BudgetExceeded(DomainError):
    code = ErrorCode.BUDGET_EXCEEDED


class LimitReached(DomainError):
    code = ErrorCode.LIMIT_REACHED


class RateLimited(DomainError):
    code = ErrorCode.RATE_LIMITED


class IdempotencyMismatch(DomainError):
    code = ErrorCode.IDEMPOTENCY_MISMATCH


class IdempotencyInFlight(DomainError):
    code = ErrorCode.IDEMPOTENCY_IN_FLIGHT


class Busy(DomainError):
    code = ErrorCode.BUSY


def raise_first(found: Sequence[DomainError]) -> None:
    """Raise the first error, carrying the rest; nothing when there is none."""
    if found:
        first, *rest = found
        first.others = tuple(rest)
        raise first
