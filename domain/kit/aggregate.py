"""Aggregates change through named methods, and every change records an event.

An event is both the audit entry and the outbox message: one fact, told once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from domain.kit.errors import NotFound, Path, VersionConflict
from domain.kit.ids import new_id

Changes = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, kw_only=True)
class Event:
    """`changes` holds, for each field that changed, its value before and after."""

    action: str  # "purchase_order.approved": stable, public
    subject_kind: str
    subject_id: UUID
    at: datetime
    changes: Changes = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True, eq=False)
class Aggregate:
    """A record that is loaded, locked, changed and saved as one.

    `kind` prefixes its events, `prefix` its public ids: both are permanent.
    """

    kind: ClassVar[str]
    prefix: ClassVar[str]

    id: UUID = field(default_factory=new_id)
    version: int = 1
    created_at: datetime
    updated_at: datetime

    @classmethod
    def founded(cls, at: datetime, **values: Any) -> Self:
        return cls(created_at=at, updated_at=at, **values)

    @classmethod
    def missing(cls, id: UUID, path: Path = ("id",)) -> NotFound:
        """There is none with this id, or not in the caller's organization."""
        return NotFound("no such record: {id}", path=path, id=f"{cls.prefix}_{id.hex}")

    def expect(self, version: int | None) -> None:
        """Raise VersionConflict when the caller last saw another version."""
        if version is not None and version != self.version:
            raise VersionConflict(
                "somebody else changed this: you saw version {seen}, it is now {now}",
                path=("expected_version",),
                seen=version,
                now=self.version,
            )

    def _record(
        self, past: str, at: datetime, changes: Changes | None = None, **details: Any
    ) -> None:
        self.updated_at = at
        self._pending.append(
            Event(
                action=f"{self.kind}.{past}",
                subject_kind=self.kind,
                subject_id=self.id,
                at=at,
                changes=changes or {},
                details=details,
            )
        )

    def _set(self, values: Mapping[str, Any]) -> Changes:
        """Assign what differs and say what that changed."""
        changes = {n: (getattr(self, n), v) for n, v in values.items() if getattr(self, n) != v}
        for name, (_, value) in changes.items():
            setattr(self, name, value)
        return changes

    def pull_events(self) -> list[Event]:
        events = list(self._pending)
        self._pending.clear()
        return events

    @property
    def untold(self) -> bool:
        """Whether something has happened to it that nobody has pulled yet."""
        return bool(self._pending)

    @property
    def _pending(self) -> list[Event]:
        # Created on first use: rows loaded from the database never run __init__.
        pending: list[Event] = self.__dict__.setdefault("_pending_events", [])
        return pending
