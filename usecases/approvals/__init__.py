"""Approvals: which way a document goes, and who is asked on it."""

from usecases.approvals.routing import route

__all__ = ["route"]
