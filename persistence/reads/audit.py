"""The audit trail of records."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from persistence import tables as t
from persistence.reads.kit import Snapshot, grouped, one_of, select_row
from usecases.reads.audit import AuditEntryRow

_a = t.audit_events
BY_SUBJECT = (
    select_row(AuditEntryRow, _a)
    .where(one_of(_a.c.subject_id))
    .order_by(_a.c.subject_id, _a.c.sequence)
)


class SqlAuditEntries:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_subject_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[AuditEntryRow]]:
        rows = await self._snapshot.rows(AuditEntryRow, BY_SUBJECT, ids=[*ids])
        return grouped(rows, by="subject_id")
