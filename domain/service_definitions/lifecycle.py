"""The lifecycle of service definitions: drafted, published, archived."""

from enum import StrEnum
from typing import Any

from domain.callers import Caller, Permission
from domain.kit.errors import RuleBroken
from domain.kit.lifecycle import Lifecycle, Move


class ServiceStatus(StrEnum):
    """Only a PUBLISHED service can be ordered."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    ARCHIVED = "ARCHIVED"


def has_steps(facts: Any, _by: Caller | None = None) -> RuleBroken | None:
    """There is nothing to do for an order of a service without steps."""
    if facts.steps:
        return None
    return RuleBroken("a published service needs at least one step", path=("steps",))


def has_both_names(facts: Any, _by: Caller | None = None) -> RuleBroken | None:
    """Customers read English or Arabic."""
    if facts.name_ar and facts.name_ar.strip():
        return None
    return RuleBroken("a published service needs a name in Arabic, too", path=("name_ar",))


_S, _WRITE = ServiceStatus, Permission.SERVICES_WRITE

LIFECYCLE = Lifecycle(
    initial=_S.DRAFT,
    moves=[
        Move("update", {_S.DRAFT, _S.PUBLISHED}, needs=_WRITE),
        Move("publish", {_S.DRAFT}, _S.PUBLISHED, needs=_WRITE, guards=(has_steps, has_both_names)),
        Move("unpublish", {_S.PUBLISHED}, _S.DRAFT, needs=_WRITE),
        Move("archive", {_S.DRAFT, _S.PUBLISHED}, _S.ARCHIVED, needs=_WRITE),
        Move("restore", {_S.ARCHIVED}, _S.DRAFT, needs=_WRITE),
    ],
)
