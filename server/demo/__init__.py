"""Demo organizations: something to explore on the first start."""

from server.demo.seedings import replay, seed_if_empty

__all__ = ["replay", "seed_if_empty"]
