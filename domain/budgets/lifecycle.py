"""The lifecycle of budgets, and what happens when one would be exceeded (fact W-77)."""

from enum import StrEnum

from domain.callers import Permission
from domain.kit.lifecycle import Lifecycle, Move


class BudgetStatus(StrEnum):
    """Only an ACTIVE budget takes new reservations; what it holds already goes on its way."""

    DRAFT = "DRAFT"
    ACTIVE = "ACTIVE"
    FROZEN = "FROZEN"
    CLOSED = "CLOSED"


class BudgetPolicy(StrEnum):
    """What an order meets that needs more than is left.

    OFF: nothing, it is only counted. WARN: `budgetImpact` says so. BLOCK: it is refused.
    """

    OFF = "OFF"
    WARN = "WARN"
    BLOCK = "BLOCK"


_S, _WRITE = BudgetStatus, Permission.BUDGETS_WRITE

LIFECYCLE = Lifecycle(
    initial=_S.DRAFT,
    moves=[
        Move("update", {_S.DRAFT, _S.ACTIVE, _S.FROZEN}, needs=_WRITE),
        Move("activate", {_S.DRAFT}, _S.ACTIVE, needs=_WRITE),
        Move("freeze", {_S.ACTIVE}, _S.FROZEN, needs=_WRITE),
        Move("unfreeze", {_S.FROZEN}, _S.ACTIVE, needs=_WRITE),
        Move("close", {_S.DRAFT, _S.ACTIVE, _S.FROZEN}, _S.CLOSED, needs=_WRITE),
    ],
)
