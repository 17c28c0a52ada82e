"""What a delivery says: the event as the graph tells it, or in Waqti's words."""

from typing import Any

import orjson

from domain.webhook_endpoints import WebhookForm
from persistence.deliveries import Claimed
from rest.waqti import events
from server.webhooks.signatures import EVENT
from usecases.public import camel, prefix_of, public, to_public
from usecases.reads import Reads


def standard(claimed: Claimed) -> str:
    """The event alone, the same whenever it is sent."""
    return orjson.dumps(
        {
            "id": to_public(EVENT, claimed.event_id),
            "type": claimed.type,
            "timestamp": claimed.at,
            "position": claimed.position,
            "data": data_of(claimed),
        },
        option=orjson.OPT_UTC_Z,
    ).decode()


async def in_form(claimed: Claimed, read: Reads) -> str:
    """In the form that the endpoint asks for.

    Waqti's shows the record as it is when it is first sent, where Waqti has a resource for it;
    otherwise, and once the record is gone, what the other form says.
    """
    if claimed.form is WebhookForm.STANDARD:
        return standard(claimed)
    record = await events.resource(read, claimed.subject_kind, claimed.subject_id)
    return events.message(
        id=to_public(EVENT, claimed.event_id),
        event=claimed.type,
        at=claimed.at,
        data=data_of(claimed) if record is None else record,
    )


def data_of(claimed: Claimed) -> dict[str, Any]:
    """What happened to which record: its id, its version then, and what the audit trail says."""
    changes = claimed.payload["changes"]
    return {
        "id": to_public(prefix_of(claimed.subject_kind), claimed.subject_id),
        "version": claimed.version,
        "changes": [
            {"field": camel(name), "before": public(before, name), "after": public(after, name)}
            for name, (before, after) in changes.items()
        ],
        "details": public(claimed.payload["details"]),
    }
