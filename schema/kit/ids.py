"""Global ids: a permanent prefix that says what it is, and the UUID's 32 hex digits."""

import re
from uuid import UUID

import strawberry

from domain.kit.errors import NotFound, Path
from usecases.public import to_public

__all__ = ["from_public", "to_public"]

DIGITS = re.compile("[0-9a-f]{32}")


def from_public(id: strawberry.ID, *prefixes: str, path: Path = ("id",)) -> tuple[str, UUID]:
    """The prefix, which must be one of `prefixes`, and the key. Raises NotFound."""
    prefix, _, digits = id.rpartition("_")
    if prefix in prefixes and DIGITS.fullmatch(digits):
        return prefix, UUID(hex=digits)
    raise NotFound("no such id: {id}", path=path, id=id[:64])
