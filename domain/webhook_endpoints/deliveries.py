"""How a delivery ends, and how long it is tried: for three days, less and less often."""

from datetime import datetime, timedelta
from enum import StrEnum


class WebhookDeliveryStatus(StrEnum):
    """PENDING before the first attempt, RETRYING between two, then SUCCEEDED or DEAD."""

    PENDING = "PENDING"
    RETRYING = "RETRYING"
    SUCCEEDED = "SUCCEEDED"
    DEAD = "DEAD"


OPEN = (WebhookDeliveryStatus.PENDING, WebhookDeliveryStatus.RETRYING)

# How long after a failed attempt the next one follows; after the last of them it is given up.
RETRIES = (
    *(timedelta(seconds=seconds) for seconds in (2, 5, 15)),
    *(timedelta(minutes=minutes) for minutes in (1, 5, 30)),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 12, 18, 24)),
)
JITTER = 0.2  # up to that much sooner or later, so that not all come back at once
LONGEST_WAIT = timedelta(days=1)  # that a receiver can ask for
DISABLED_AFTER = timedelta(days=5)  # of nothing but failures


def next_attempt(
    attempts: int, at: datetime, *, chance: float, wanted: timedelta | None = None
) -> datetime | None:
    """When to try again after so many failed attempts; None when it is given up.

    `chance`, between 0 and 1, says where in the jitter; `wanted` is how long the receiver asks
    to be left alone.
    """
    if attempts > len(RETRIES):
        return None
    pause = RETRIES[attempts - 1] * (1 + JITTER * (2 * chance - 1))
    return at + max(pause, min(wanted or pause, LONGEST_WAIT))
