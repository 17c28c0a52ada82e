"""How a delivery is signed: Standard Webhooks 1.0.0, or as Waqti did it (fact W-68)."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from standardwebhooks import Webhook

from domain.webhook_endpoints import WebhookForm
from persistence.deliveries import Claimed
from usecases.public import to_public

EVENT = "evt"
DELIVERY = "whd"


def secrets_of(claimed: Claimed, now: datetime) -> list[str]:
    """The endpoint's secret, and the one before it until the overlap is over."""
    until = claimed.previous_secret_until
    if claimed.previous_secret is None or until is None or until <= now:
        return [claimed.secret]
    return [claimed.secret, claimed.previous_secret]


def headers_of(claimed: Claimed, body: str, now: datetime) -> Mapping[str, str]:
    """What proves that a body is ours, signed at `now` with every secret that is valid."""
    event = to_public(EVENT, claimed.event_id)
    secrets = secrets_of(claimed, now)
    seconds = str(int(now.timestamp()))
    if claimed.form is WebhookForm.STANDARD:
        signed = [Webhook(secret).sign(event, now, body) for secret in secrets]
        return {
            "webhook-id": event,
            "webhook-timestamp": seconds,
            "webhook-signature": " ".join(signed),
        }
    signed = [f"v1={_digest(secret, f'{seconds}.{body}')}" for secret in secrets]
    return {
        "X-Waqti-Signature": ",".join([f"t={seconds}", *signed]),
        "X-Waqti-Event": claimed.type,
        "X-Waqti-Delivery": to_public(DELIVERY, claimed.id),
        "X-Waqti-Event-Id": event,
    }


def _digest(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), sha256).hexdigest()
