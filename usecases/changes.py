"""The delta feed: which records changed after a cursor, each once on a page, deleted ones too."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from domain.kit.errors import RuleBroken
from usecases.reads import Reads
from usecases.reads.events import EventFilter, EventMark, Marked, Position, RecordKind

MOST_READ = 1000  # events for one page, however many of them are of the same record
MAX_FIRST = 100
_GONE = ".deleted"


class ChangeKind(StrEnum):
    """What became of a record: created, updated or deleted."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    DELETED = "DELETED"


class Change(NamedTuple):
    """A record that changed, by the last of its events on the page."""

    change: ChangeKind
    position: int
    type: str
    kind: RecordKind
    subject_id: UUID
    version: int
    at: datetime

    @property
    def cursor(self) -> str:
        return Position(self.position).cursor


class Changed(NamedTuple):
    """A page of the feed: everything up to and including `position`, of events up to `newest`."""

    edges: list[Change]
    position: int
    newest: int

    @property
    def end_cursor(self) -> str:
        return Position(self.position).cursor

    @property
    def has_next_page(self) -> bool:
        return self.position < self.newest

    @property
    def latest_cursor(self) -> str:
        return Position(self.newest).cursor


async def changes(read: Reads, after: str | None, filter: EventFilter, *, first: int) -> Changed:
    """The next `first` records that changed, in the order of their last change so far."""
    if not 1 <= first <= MAX_FIRST:
        raise RuleBroken("first is between 1 and {most}", path=("first",), most=MAX_FIRST)
    position = Position.at(after).position if after is not None else 0
    return coalesced(await read.events.marks_after(position, filter, most=MOST_READ), first)


def coalesced(marked: Marked, first: int) -> Changed:
    """Each record once: where it was created on the page, it is, whatever followed.

    The page ends before the event that would bring in one record too many.
    """
    last: dict[UUID, EventMark] = {}
    created: set[UUID] = set()
    end = marked.position
    for mark in marked.rows:
        if mark.subject_id not in last and len(last) == first:
            end = mark.position - 1
            break
        last.pop(mark.subject_id, None)
        last[mark.subject_id] = mark
        if mark.sequence == 1:
            created.add(mark.subject_id)
    edges = [_change(mark, created=mark.subject_id in created) for mark in last.values()]
    return Changed(edges, end, marked.newest)


def _change(mark: EventMark, *, created: bool) -> Change:
    kind = ChangeKind.CREATED if created else ChangeKind.UPDATED
    return Change(
        change=ChangeKind.DELETED if mark.type.endswith(_GONE) else kind,
        position=mark.position,
        type=mark.type,
        kind=mark.kind,
        subject_id=mark.subject_id,
        version=mark.version,
        at=mark.at,
    )
