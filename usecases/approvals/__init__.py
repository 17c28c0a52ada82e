"""Approvals: which way a document goes, who is asked on it, and what time does to it."""

from usecases.approvals.escalating import move_on
from usecases.approvals.routing import (
    check_deputy,
    deputies,
    next_deputies,
    route,
)

__all__ = ["check_deputy", "deputies", "move_on", "next_deputies", "route"]
