"""What the user can correct comes back as data; everything else is a top-level error."""

from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

import strawberry
from strawberry.utils.str_converters import to_camel_case

from domain.callers import Caller
from domain.kit.aggregate import Aggregate
from domain.kit.errors import DomainError, ErrorCode
from schema.kit.enums import shown
from schema.kit.views import plain
from usecases.messages import translate

shown(ErrorCode)


@strawberry.type(description="Something that you can correct. Switch on `code`, show `message`.")
class UserError:
    code: ErrorCode = plain("What kind of error it is; stable.")
    message: str = plain("What to correct, in the language of Accept-Language.")
    path: list[str] | None = plain("The input field it is about: names, and indices in lists.")

    @classmethod
    def of(cls, error: DomainError, caller: Caller) -> Self:
        message = translate(error.template, caller.locale, error.params)
        return cls(code=error.code, message=message, path=public_path(error) or None)


def public_path(error: DomainError) -> list[str]:
    return [to_camel_case(str(part)) for part in error.path]


@dataclass(frozen=True)
class Outcome:
    """What a mutation resolver returns; payload types are views of it.

    `id` is the record's, null when there is none to show.
    """

    id: UUID | None = None
    record: Aggregate | None = None
    errors: list[UserError] = field(default_factory=list)


@strawberry.type(description="What every mutation answers.")
class Payload:
    errors: list[UserError] = plain("Empty when it was done; otherwise nothing has happened.")


def as_extensions(error: DomainError) -> dict[str, Any]:
    """What a top-level error tells a program about it."""
    path = public_path(error)
    return {"code": error.code.value} | ({"argument": path} if path else {})
