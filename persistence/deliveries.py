"""Deliveries of events to webhook endpoints: leased, sent by whoever holds the lease, and settled.

Every function works in a transaction of one organization. Whoever holds a lease alone sends the
delivery; a lease that ran out is anybody's, and whoever held it may settle nothing any more.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    all_,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Integer, Uuid

from domain.kit.ids import new_id
from domain.webhook_endpoints import WebhookDeliveryStatus, WebhookForm
from domain.webhook_endpoints.deliveries import OPEN
from persistence import tables as t
from persistence.tables.metadata import Moment

_e, _d, _o, _a = t.webhook_endpoints, t.webhook_deliveries, t.outbox_events, t.webhook_attempts
_earlier = _d.alias("earlier")


class Claimed(NamedTuple):
    """A delivery with its event, and where it goes. `lease` is the claim."""

    id: UUID
    endpoint_id: UUID
    lease: UUID
    type: str
    attempt_count: int
    body: str | None
    url: str
    form: WebhookForm
    secret: str
    previous_secret: str | None
    previous_secret_until: datetime | None
    event_id: UUID
    position: int
    event_type: str
    subject_kind: str
    subject_id: UUID
    version: int
    at: datetime
    payload: Mapping[str, Any]


class Attempt(NamedTuple):
    """What came of sending once: an answer, or an error."""

    at: datetime
    duration_ms: int
    status: int | None = None
    body: str | None = None
    error: str | None = None


class Settled(NamedTuple):
    """Since when the endpoint has only failed."""

    failing_since: datetime | None


# Written out in the text: only so the indexes of what is open are used.
_WORDS: BindParameter[Any] = bindparam("open", [*OPEN], expanding=True, literal_execute=True)


def _open(table: Any) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = table.c.status.in_(_WORDS)
    return condition


_BLOCKED = (
    select(_earlier.c.id)
    .where(
        _earlier.c.organization_id == _d.c.organization_id,
        _earlier.c.endpoint_id == _d.c.endpoint_id,
        _earlier.c.subject_id == _d.c.subject_id,
        _earlier.c.number < _d.c.number,
        _open(_earlier),
    )
    .exists()
)
_CLAIMABLE = (
    select(_d.c.organization_id, _d.c.id)
    .join(_e, and_(_e.c.organization_id == _d.c.organization_id, _e.c.id == _d.c.endpoint_id))
    .where(
        _e.c.is_active,
        _open(_d),
        _d.c.next_attempt_at <= bindparam("now"),
        or_(_d.c.leased_until.is_(None), _d.c.leased_until <= bindparam("now")),
        _d.c.endpoint_id != all_(bindparam("busy", type_=ARRAY(Uuid))),
        ~_BLOCKED,
    )
    .order_by(_d.c.next_attempt_at, _d.c.number)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(of=_d, skip_locked=True)
    .cte("claimable")
)
_of_event = {"event_type": _o.c.type, "event_id": _o.c.id}
_CLAIM = (
    update(_d)
    .where(
        _d.c.organization_id == _CLAIMABLE.c.organization_id,
        _d.c.id == _CLAIMABLE.c.id,
        _e.c.organization_id == _d.c.organization_id,
        _e.c.id == _d.c.endpoint_id,
        _o.c.organization_id == _d.c.organization_id,
        _o.c.position == _d.c.position,
    )
    .values(lease=bindparam("new_lease"), leased_until=bindparam("lease_ends"))
    .returning(
        *(
            _of_event[name].label(name)
            if name in _of_event
            else next(table.c[name] for table in (_d, _o, _e) if name in table.c)
            for name in Claimed._fields
        )
    )
)


async def claim(
    connection: AsyncConnection,
    now: datetime,
    lease: timedelta,
    *,
    most: int,
    busy: Collection[UUID] = (),
) -> list[Claimed]:
    """Deliveries that are due, the longest waiting first; `busy` endpoints are left out.

    One of a subject waits until those before it have arrived or been given up.
    """
    values = {"now": now, "busy": [*busy], "most": most}
    values |= {"new_lease": new_id(), "lease_ends": now + lease}
    return [Claimed(*row) for row in await connection.execute(_CLAIM, values)]


_NEXT = select(
    func.least(
        select(func.min(_d.c.next_attempt_at))
        .where(_open(_d), _d.c.next_attempt_at > bindparam("now"))
        .scalar_subquery(),
        select(func.min(_d.c.leased_until))
        .where(_d.c.leased_until > bindparam("now"))
        .scalar_subquery(),
    )
)


async def next_due(connection: AsyncConnection, now: datetime) -> datetime | None:
    """When another attempt is due or another worker's lease ends, after now."""
    found: datetime | None = await connection.scalar(_NEXT, {"now": now})
    return found


_ANSWER = (
    *("status", "next_attempt_at", "ended_at", "body"),
    *("response_status", "response_body", "error", "duration_ms"),
)
_SETTLE = (
    update(_d)
    .where(_d.c.id == bindparam("delivery_id"), _d.c.lease == bindparam("held"))
    .values(
        lease=None,
        leased_until=None,
        attempt_count=_d.c.attempt_count + 1,
        **{name: bindparam(f"new_{name}", type_=_d.c[name].type) for name in _ANSWER},
    )
    .returning(_d.c.attempt_count)
)
_ENDPOINT = update(_e).where(_e.c.id == bindparam("endpoint_id"))
_SUCCEEDED = _ENDPOINT.values(
    last_triggered_at=bindparam("at"), failure_count=0, failing_since=None
).returning(_e.c.failing_since)
_FAILED = _ENDPOINT.values(
    last_triggered_at=bindparam("at"),
    failure_count=_e.c.failure_count + 1,
    failing_since=func.coalesce(_e.c.failing_since, bindparam("at", type_=Moment)),
).returning(_e.c.failing_since)


async def settle(
    connection: AsyncConnection,
    claimed: Claimed,
    attempt: Attempt,
    *,
    status: WebhookDeliveryStatus,
    next_attempt_at: datetime | None,
    body: str,
) -> Settled | None:
    """Write down what came of an attempt; None when the lease is somebody else's by now.

    The endpoint is locked first, as by whoever deletes it with its deliveries.
    """
    succeeded = status is WebhookDeliveryStatus.SUCCEEDED
    touched = {"endpoint_id": claimed.endpoint_id, "at": attempt.at}
    endpoint = (await connection.execute(_SUCCEEDED if succeeded else _FAILED, touched)).first()
    values = {
        "status": status,
        "next_attempt_at": next_attempt_at,
        "ended_at": None if status in OPEN else attempt.at,
        "body": body,
        "response_status": attempt.status,
        "response_body": attempt.body,
        "error": attempt.error,
        "duration_ms": attempt.duration_ms,
    }
    held = {"delivery_id": claimed.id, "held": claimed.lease}
    number = await connection.scalar(
        _SETTLE, held | {f"new_{name}": value for name, value in values.items()}
    )
    if endpoint is None or number is None:
        await connection.rollback()
        return None
    answer = {name: values[name] for name in ("response_status", "response_body", "error")}
    logged = answer | {"duration_ms": attempt.duration_ms, "at": attempt.at, "number": number}
    await connection.execute(insert(_a), logged | {"id": new_id(), "delivery_id": claimed.id})
    return Settled(endpoint.failing_since)
