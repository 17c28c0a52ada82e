"""Approvals: which way a document goes, who is asked on it, and what time does to it."""

from usecases.approvals.escalating import move_on
from usecases.approvals.routing import (
    delegate,
    deputies,
    next_deputies,
    route,
)

__all__ = ["delegate", "deputies", "move_on", "next_deputies", "route"]
