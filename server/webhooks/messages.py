"""What a delivery says: the event as the graph tells it, or in Waqti's words."""

from typing import Any

import orjson

from persistence.deliveries import Claimed
from server.webhooks.signatures import EVENT
from usecases.public import camel, prefix_of, public, to_public


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
