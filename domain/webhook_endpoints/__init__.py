"""Webhook endpoints: where events are sent, signed, until they arrive or are given up."""

from domain.webhook_endpoints.deliveries import (
    DISABLED_AFTER,
    RETRIES,
    WebhookDeliveryStatus,
    next_attempt,
)
from domain.webhook_endpoints.endpoints import (
    LONGEST_OVERLAP,
    WebhookDisabledReason,
    WebhookEndpoint,
    WebhookForm,
)

__all__ = [
    "DISABLED_AFTER",
    "LONGEST_OVERLAP",
    "RETRIES",
    "WebhookDeliveryStatus",
    "WebhookDisabledReason",
    "WebhookEndpoint",
    "WebhookForm",
    "next_attempt",
]
