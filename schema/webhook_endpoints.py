"""Webhook endpoints, and what was sent to them."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.callers import Caller, Permission
from domain.webhook_endpoints import WebhookDeliveryStatus, WebhookDisabledReason, WebhookForm
from schema.audit import AuditEntry
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Outcome, Payload
from schema.kit.ids import to_public
from schema.kit.mutations import does, mutations
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import computed, related, related_many
from schema.kit.views import node_of, plain, view_of
from usecases import webhook_endpoints as usecases
from usecases.reads.kit import Page, Whole
from usecases.reads.webhook_endpoints import (
    WebhookAttemptRow,
    WebhookDeliveryRow,
    WebhookEndpointRow,
)

shown(WebhookForm)
shown(WebhookDisabledReason)
shown(WebhookDeliveryStatus)

READ = Permission.WEBHOOK_ENDPOINTS_READ
RESPONSE = "The HTTP status of the answer; null when there was none."
EXCERPT = "The beginning of the answer, up to 2,000 characters."
ERROR = "Why there was no answer: no connection, no certificate, no answer in time, …"
DURATION = "How long it took, in milliseconds."


@view_of(WebhookAttemptRow)
@strawberry.type(description="One try to deliver an event.")
class WebhookAttempt:
    number: int = plain("1, 2, 3, … for each delivery.")
    at: datetime = plain("When it was made.")
    response_status: int | None = plain(RESPONSE)
    response_body: str | None = plain(EXCERPT)
    error: str | None = plain(ERROR)
    duration_ms: int = plain(DURATION)


def event_id_of(row: WebhookDeliveryRow, _caller: Caller) -> str:
    return to_public("evt", row.event_id)


@node_of(WebhookDeliveryRow, "whd", lambda read: read.webhook_deliveries.by_ids, needs=READ)
@strawberry.type(description="An event on its way to a webhook endpoint; kept for 30 days.")
class WebhookDelivery(Node):
    endpoint: Annotated["WebhookEndpoint", strawberry.lazy("schema.webhook_endpoints")] | None = (
        related(
            "endpoint_id", lambda read: read.webhook_endpoints.by_ids, "Where it goes.", needs=READ
        )
    )
    number: int = plain("Counts the endpoint's deliveries, in the order of the events.")
    event_id: str = computed(event_id_of, "The event's id: `webhook-id` in its headers.")
    position: int = plain("The event's place in what happened in the organization.")
    type: str = plain("The event's type, under the name that the endpoint asks for.")
    status: WebhookDeliveryStatus = plain("How far it is.")
    attempt_count: int = plain("How often it was tried.")
    next_attempt_at: datetime | None = plain("When it is tried again, at the earliest.")
    created_at: datetime = plain("When it was made.")
    ended_at: datetime | None = plain("When it arrived or was given up.")
    body: str | None = plain("What is sent; null before the first attempt.")
    response_status: int | None = plain(RESPONSE)
    response_body: str | None = plain(EXCERPT)
    error: str | None = plain(ERROR)
    duration_ms: int | None = plain(DURATION)
    attempts: list[WebhookAttempt] = related_many(
        "id",
        lambda read: read.webhook_deliveries.attempts_by_ids,
        "Every try, in order.",
    )


@view_of(Page[WebhookDeliveryRow])
@strawberry.type(description="A page of deliveries.")
class WebhookDeliveryConnection(Connection[WebhookDelivery]):
    total_count: int = related(
        "listing", lambda read: read.webhook_deliveries.counts, "In the whole list."
    )


@node_of(WebhookEndpointRow, "whk", lambda read: read.webhook_endpoints.by_ids, needs=READ)
@strawberry.type(description="Where events are sent as they happen. Its secrets are never shown.")
class WebhookEndpoint(Node):
    version: int = plain("Goes up with every change; give it back as `expectedVersion`.")
    name: str = plain("What it is for.")
    url: str = plain("Where events are sent.")
    events: list[str] = plain("Which ones, in the names that they were asked for by.")
    form: WebhookForm = plain("How they are shaped and signed.")
    is_active: bool = plain("Whether anything is sent.")
    disabled_reason: WebhookDisabledReason | None = plain(
        "Why it was made inactive by itself: its receiver is gone, or has only failed for days."
    )
    previous_secret_until: datetime | None = plain(
        "Until when the secret before the present one signs, too."
    )
    failure_count: int = plain("Attempts that failed since the last one that succeeded.")
    failing_since: datetime | None = plain("When the first of them failed.")
    last_triggered_at: datetime | None = plain("When something was last sent.")
    deliveries: WebhookDeliveryConnection = related(
        "id",
        lambda read: read.webhook_deliveries.by_endpoint_ids,
        "The delivery log, the newest first.",
        needs=READ,
    )
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that was done to it."
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When it was registered.")
    updated_at: datetime = plain("When it was last changed.")


@view_of(Page[WebhookEndpointRow])
@strawberry.type(description="A page of webhook endpoints.")
class WebhookEndpointConnection(Connection[WebhookEndpoint]):
    total_count: int = related(
        "listing", lambda read: read.webhook_endpoints.counts, "In the whole list."
    )


@strawberry.type
class WebhookEndpointQueries:
    webhook_endpoint: WebhookEndpoint | None = found_by_id("whk", "A webhook endpoint.")
    webhook_endpoints: WebhookEndpointConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.webhook_endpoints.all,
        "The webhook endpoints, oldest first.",
        needs=READ,
    )


def secret_of(outcome: Outcome, _caller: Caller) -> str | None:
    return getattr(outcome.record, "shown_secret", None)


@strawberry.type(description="A webhook endpoint after the mutation.")
class WebhookEndpointPayload(Payload):
    webhook_endpoint: WebhookEndpoint | None = related(
        "id", lambda read: read.webhook_endpoints.by_ids, "The endpoint as it is now."
    )
    secret: str | None = computed(
        secret_of, "Its new secret, shown this once. Null whenever it has not just been made."
    )


@mutations(WebhookEndpointPayload)
class WebhookEndpointMutations:
    webhook_endpoint_create = does(usecases.CreateWebhookEndpoint, prefix="whk")
    webhook_endpoint_update = does(usecases.UpdateWebhookEndpoint)
    webhook_endpoint_delete = does(usecases.DeleteWebhookEndpoint)
    webhook_endpoint_rotate_secret = does(usecases.RotateWebhookEndpointSecret)
    webhook_endpoint_ping = does(usecases.PingWebhookEndpoint)
    webhook_endpoint_replay = does(usecases.ReplayWebhookEndpoint)
