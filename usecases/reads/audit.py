"""The audit trail: who did what to a record, when, and through which door."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from domain.callers import Channel


class AuditEntryRow(NamedTuple):
    """`hash` covers the entry and the hash of the one before it."""

    id: UUID
    subject_id: UUID
    sequence: int
    action: str
    actor_id: UUID
    channel: Channel
    request_id: str
    at: datetime
    changes: dict[str, Any]
    details: dict[str, Any]
    hash: bytes


class AuditEntries(Protocol):
    async def by_subject_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[AuditEntryRow]]: ...
