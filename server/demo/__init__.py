"""Demo organizations: something to explore on the first start."""

from server.demo.seedings import seed_if_empty

__all__ = ["seed_if_empty"]
