"""The audit trail: a hash chain for every record, written with the change it tells of.

An entry's hash is SHA-256 over the previous entry's hash and the entry as canonical JSON
(sorted keys, no spaces), so that no entry can be changed, moved or left out unnoticed.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import any_, bindparam, func, insert, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.types import BigInteger, Text, Uuid

from domain.callers import Caller
from domain.kit.aggregate import Event
from domain.kit.ids import new_id
from persistence import tables as t
from persistence.numbering import counting
from persistence.tables.metadata import as_text, plain

EVENTS = "outbox_events.position"  # the counter of entries and events alike
FIRST = bytes(32)  # what comes before the first entry of a chain
_HASHED = (
    "organization_id",
    "position",
    "subject_kind",
    "subject_id",
    "sequence",
    "action",
    "actor_id",
    "credential_id",
    "channel",
    "request_id",
    "at",
    "changes",
    "details",
)


def chained(previous: bytes, entry: dict[str, Any]) -> bytes:
    canonical = orjson.dumps(
        {name: entry[name] for name in _HASHED},
        default=as_text,
        option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z,
    )
    return sha256(previous + canonical).digest()


_a = t.audit_events
_counted = counting(
    select(bindparam("counter", type_=Text), bindparam("count", type_=BigInteger))
).cte("counted")
_channel = func.unnest(bindparam("channels", type_=ARRAY(Text))).column_valued("channel")
_notified = select(func.count(func.pg_notify(_channel, bindparam("organization", type_=Text))))
_ends = (
    select(_a.c.subject_id, _a.c.sequence, _a.c.hash)
    .ext(distinct_on(_a.c.subject_id))
    .where(_a.c.subject_id == any_(bindparam("subjects", type_=ARRAY(Uuid))))
    .order_by(_a.c.subject_id, _a.c.sequence.desc())
    .subquery("ends")
)
# All that writing needs beforehand in one statement. The records are locked, so their chains
# do not grow while it waits for the counter; listeners are told on commit.
_BEGIN = select(_counted.c.last, _notified.scalar_subquery(), _ends).outerjoin_from(
    _counted, _ends, true()
)


async def write(
    session: AsyncSession, events: Sequence[Event], caller: Caller, channels: Sequence[str]
) -> int:
    """Append the events to the chains of their records; the records are locked.

    Notifies the channels of the organization, and returns the position of the last event.
    """
    values = {
        "counter": EVENTS,
        "count": len(events),
        "channels": [*channels],
        "organization": str(caller.organization_id),
        "subjects": [*{event.subject_id for event in events}],
    }
    newest = (await session.execute(_BEGIN, values)).all()
    last: int = newest[0].last
    ends: dict[UUID, tuple[int, bytes]] = {
        row.subject_id: (row.sequence, row.hash) for row in newest if row.subject_id is not None
    }
    rows = []
    for position, event in enumerate(events, start=last - len(events) + 1):
        sequence, previous = ends.get(event.subject_id, (0, FIRST))
        entry = {
            "id": new_id(),
            "organization_id": caller.organization_id,
            "position": position,
            "subject_kind": event.subject_kind,
            "subject_id": event.subject_id,
            "sequence": sequence + 1,
            "action": event.action,
            "actor_id": caller.user_id,
            "credential_id": caller.credential_id,
            "channel": caller.channel,
            "request_id": caller.request_id,
            "at": event.at,
            "changes": plain(event.changes),
            "details": plain(event.details),
            "previous_hash": previous,
        }
        entry["hash"] = chained(previous, entry)
        ends[event.subject_id] = (sequence + 1, entry["hash"])
        rows.append(entry)
    await session.execute(insert(_a), rows)
    return last


class Broken(NamedTuple):
    """An entry that does not follow from the one before it.

    Where the newest entries of an organization are gone, nothing is left to name: then the
    subject is the organization, and the sequence the position after which they are missing.
    """

    subject_id: UUID
    sequence: int
    reason: str


# A chain that lost its end, or all of it, shows only in the positions: they have no gaps.
_c = t.counters
_before = func.lag(_a.c.position, 1, 0).over(
    partition_by=_a.c.organization_id, order_by=_a.c.position
)
_entries = select(
    _a.c.organization_id,
    _a.c.subject_id,
    _a.c.sequence,
    _a.c.position,
    _before.label("before"),
).subquery()
_r, _o = t.audit_events.alias("resets"), t.organizations
# Sandboxes forget on purpose, and say when they last did.
_forgotten = (
    select(func.coalesce(func.max(_r.c.position), 0))
    .join_from(_r, _o, _o.c.organization_id == _r.c.organization_id)
    .where(
        _r.c.organization_id == _entries.c.organization_id,
        _r.c.subject_id == _o.c.id,
        _r.c.action == "organization.reset",
        _o.c.sandbox.is_not(None),
    )
    .correlate(_entries)
    .scalar_subquery()
)
_GAPS = (
    select(
        _entries.c.subject_id,
        _entries.c.sequence,
        literal("an entry before it is missing, of this or another record"),
    )
    .where(_entries.c.position > _entries.c.before + 1, _entries.c.position > _forgotten)
    .order_by(_entries.c.position)
)
_newest = func.coalesce(func.max(_a.c.position), 0)
_ENDS = (
    select(_c.c.organization_id, _newest, literal("the newest entries are missing"))
    .select_from(_c.outerjoin(_a, _a.c.organization_id == _c.c.organization_id))
    .where(_c.c.name == EVENTS)
    .group_by(_c.c.organization_id, _c.c.last)
    .having(_newest < _c.c.last)
)


async def verify(connection: AsyncConnection) -> tuple[int, list[Broken]]:
    """Check every chain that the connection sees: how many entries, and what is wrong."""
    a = t.audit_events
    entries = await connection.stream(
        select(a).order_by(a.c.organization_id, a.c.subject_id, a.c.sequence)
    )
    count = 0
    broken: list[Broken] = []
    chain: tuple[UUID, UUID] | None = None
    sequence, previous = 0, FIRST
    async for row in entries.mappings():
        count += 1
        if chain != (chain := (row["organization_id"], row["subject_id"])):
            sequence, previous = 0, FIRST
        sequence += 1
        broken += _faults(dict(row), sequence, previous)
        sequence, previous = row["sequence"], row["hash"]
    broken += [
        Broken._make(row) for query in (_GAPS, _ENDS) for row in await connection.execute(query)
    ]
    return count, broken


def _faults(row: dict[str, Any], sequence: int, previous: bytes) -> Iterable[Broken]:
    found = {
        "an entry before it is missing": row["sequence"] != sequence,
        "it does not follow the entry before it": row["previous_hash"] != previous,
        "it was changed": row["hash"] != chained(row["previous_hash"], row),
    }
    return [
        Broken(row["subject_id"], row["sequence"], reason)
        for reason, wrong in found.items()
        if wrong
    ]
