"""From the outbox to deliveries: what each webhook endpoint asks for, in the events' order.

An endpoint's position says how far this has come; it moves in the transaction that writes the
deliveries, under a lock of the endpoint, so that no event is left out or taken twice.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.kit.ids import new_id
from domain.webhook_endpoints import WebhookDeliveryStatus, WebhookEndpoint, WebhookForm
from domain.webhook_endpoints.events import EVERYTHING, PING, sent_as
from persistence import tables as t

AT_ONCE = 1000  # events that one transaction goes through

_e, _d, _o = t.webhook_endpoints, t.webhook_deliveries, t.outbox_events
_PINGED, _REPLAYED = (f"{WebhookEndpoint.kind}.{past}" for past in ("pinged", "replayed"))

Event = Any  # a row of the outbox
Endpoint = Any  # a row of the endpoints

_LAST = select(func.coalesce(func.max(_o.c.position), 0))
# Whoever holds an endpoint brings its position forward, or wakes us when it is done.
_BEHIND = (
    select(_e.c.id, _e.c.events, _e.c.form, _e.c.position, _e.c.number)
    .where(_e.c.is_active, _e.c.position < bindparam("last"))
    .order_by(_e.c.id)
    .with_for_update(key_share=True, skip_locked=True)
)
_EVENT = (_o.c.position, _o.c.id, _o.c.subject_id, _o.c.type)
_EVENTS = (
    select(*_EVENT, _o.c.payload)
    .where(_o.c.position > bindparam("after"), _o.c.position <= bindparam("upto"))
    .order_by(_o.c.position)
)
_AGAIN = (
    select(*_EVENT)
    .where(
        _o.c.at >= bindparam("since"),
        _o.c.at < bindparam("until"),
        _o.c.position < bindparam("before"),
    )
    .order_by(_o.c.position)
)
# The last delivery of an event counts: what arrived in a replay is not dead any more.
_latest = (
    select(_d.c.position, _d.c.status)
    .where(_d.c.endpoint_id == bindparam("endpoint_id"))
    .ext(distinct_on(_d.c.position))
    .order_by(_d.c.position, _d.c.number.desc())
    .subquery()
)
_GIVEN_UP = _AGAIN.join(_latest, _latest.c.position == _o.c.position).where(
    _latest.c.status == WebhookDeliveryStatus.DEAD
)
_ADVANCE = (
    update(_e)
    .where(_e.c.id == bindparam("endpoint_id"))
    .values(position=bindparam("upto"), number=bindparam("last_number"))
)


async def expand(connection: AsyncConnection, now: datetime) -> bool:
    """Write the deliveries that new events ask for; whether there is more to go through."""
    last: int = await connection.scalar(_LAST) or 0
    endpoints = (await connection.execute(_BEHIND, {"last": last})).all()
    if not endpoints:
        return False
    start = min(endpoint.position for endpoint in endpoints)
    upto: int = min(start + AT_ONCE, last)
    events = (await connection.execute(_EVENTS, {"after": start, "upto": upto})).all()
    for endpoint in endpoints:
        if endpoint.position < upto:
            await _deliver(connection, endpoint, events, upto, now)
    return upto < last


async def _deliver(
    connection: AsyncConnection,
    endpoint: Endpoint,
    events: Sequence[Event],
    upto: int,
    now: datetime,
) -> None:
    names = _names(tuple(endpoint.events), endpoint.form)
    rows: list[dict[str, Any]] = []
    for event in events:
        if event.position <= endpoint.position:
            continue
        found: Iterable[Event] = (event,)
        if event.subject_id == endpoint.id and event.type == _REPLAYED:
            found = [event, *await _replayed(connection, endpoint, event)]
        for each in found:
            if (name := _name(each, endpoint, names)) is not None:
                number = endpoint.number + len(rows) + 1
                rows.append(_row(endpoint.id, number, each, name, now))
    if rows:
        await connection.execute(insert(_d), rows)
    moved = {"endpoint_id": endpoint.id, "upto": upto, "last_number": endpoint.number + len(rows)}
    await connection.execute(_ADVANCE, moved)


def _name(event: Event, endpoint: Endpoint, names: dict[str, str]) -> str | None:
    """Under which name an event is sent; None when the endpoint does not ask for it."""
    if event.type == _PINGED:
        return PING if event.subject_id == endpoint.id else None
    everything = event.type if EVERYTHING in endpoint.events else None
    return names.get(event.type, everything)


async def _replayed(
    connection: AsyncConnection, endpoint: Endpoint, event: Event
) -> Sequence[Event]:
    """The earlier events that a replay is about, without pings."""
    details = event.payload["details"]
    values = {name: datetime.fromisoformat(details[name]) for name in ("since", "until")}
    statement = _GIVEN_UP if details["only_dead"] else _AGAIN
    about = {**values, "before": event.position, "endpoint_id": endpoint.id}
    return (await connection.execute(statement, about)).all()


def _row(
    endpoint_id: UUID, number: int, event: Event, name: str, now: datetime
) -> dict[str, object]:
    return {
        "id": new_id(),
        "endpoint_id": endpoint_id,
        "number": number,
        "position": event.position,
        "event_id": event.id,
        "subject_id": event.subject_id,
        "type": name,
        "status": WebhookDeliveryStatus.PENDING,
        "attempt_count": 0,
        "created_at": now,
        "next_attempt_at": now,
    }


@lru_cache(maxsize=1000)
def _names(events: tuple[str, ...], form: WebhookForm) -> dict[str, str]:
    return sent_as(events, short=form is WebhookForm.WAQTI)
