"""Webhooks as Waqti clients get them."""

from dataclasses import dataclass
from datetime import datetime

from usecases.reads.webhook_endpoints import WebhookEndpointRow


@dataclass(slots=True)
class Webhook:
    """Fact W-67: never with its secret."""

    id: int
    name: str
    url: str
    events: list[str]
    is_active: bool
    failure_count: int
    last_triggered_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, row: WebhookEndpointRow) -> "Webhook":
        return cls(
            row.waqti_id,
            row.name,
            row.url,
            row.events,
            row.is_active,
            row.failure_count,
            row.last_triggered_at,
            row.created_at,
        )


@dataclass(slots=True)
class CreatedWebhook:
    """Fact W-65: the only answer that holds the secret."""

    id: int
    name: str
    url: str
    events: list[str]
    is_active: bool
    secret: str | None
    created_at: datetime

    @classmethod
    def of(cls, row: WebhookEndpointRow, secret: str | None) -> "CreatedWebhook":
        return cls(
            row.waqti_id, row.name, row.url, row.events, row.is_active, secret, row.created_at
        )
