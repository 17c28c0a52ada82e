"""Fields that only the clients know: kept with the record, and echoed in `metadata` (S-A8)."""

from collections import deque
from dataclasses import fields
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import ConfigDict

from domain.kit.errors import RuleBroken
from domain.kit.extras import FIELD
from rest.kit.inputs import Input

DEEPEST = 20
LARGEST = 2**53  # beyond it, not every reader of JSON has the same number


class Extended(Input):
    """What is sent beyond the fields there are is kept. What answers show is not sent, but read."""

    model_config = ConfigDict(extra="allow", frozen=True)

    shown: ClassVar[frozenset[str]]

    metadata: dict[str, Any] | None = None

    @property
    def extras(self) -> dict[str, Any]:
        """By name; a client may also send the `metadata` back that it was given.

        Raises RuleBroken for what is nested too deep to be kept.
        """
        further = {n: v for n, v in (self.model_extra or {}).items() if n not in self.shown}
        sent = {**(self.metadata or {}), **further}
        if _deeper_than(DEEPEST, sent):
            raise RuleBroken(
                "further fields may be nested at most {most} deep", path=(FIELD,), most=DEEPEST
            )
        kept: dict[str, Any] = _plain(sent)
        return kept

    def values(self, **names: str) -> dict[str, Any]:
        """What was sent, under our names, with what else there was."""
        given = {names.get(n, n): value for n, value in self.sent().items() if n != FIELD}
        return {**given, FIELD: self.extras} if self.extras else given


def fields_of(answer: type[Any]) -> frozenset[str]:
    """What an answer shows, so that a client which sends it back has nothing of it kept twice."""
    return frozenset(f.name for f in fields(answer)) - {FIELD}


def _deeper_than(most: int, value: Any) -> bool:
    waiting = deque([(value, 1)])
    while waiting:
        value, depth = waiting.popleft()
        parts = value.values() if isinstance(value, dict) else value
        if isinstance(value, dict | list):
            if depth > most:
                return True
            waiting.extend((part, depth + 1) for part in parts)
    return False


def _plain(value: Any) -> Any:
    """As JSON keeps it for every reader: numbers that are too large become texts."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, Decimal) and abs(value) <= LARGEST:
        return float(value)
    if isinstance(value, Decimal) or (isinstance(value, int) and abs(value) > LARGEST):
        return str(value)
    return value
