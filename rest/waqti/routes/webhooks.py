"""Webhooks: facts W-65 to W-67."""

from typing import Any
from urllib.parse import urlsplit

from domain.callers import Permission
from domain.webhook_endpoints import WebhookEndpoint, WebhookForm
from rest.kit import Call, Endpoint, NumberedPage
from rest.kit.calls import the
from rest.kit.inputs import Nothing
from rest.kit.pages import numbered
from rest.waqti.wire import inputs
from rest.waqti.wire import webhooks as wire
from usecases.reads.kit import Search
from usecases.reads.webhook_endpoints import NewestFirst
from usecases.webhook_endpoints import (
    CreateWebhookEndpoint,
    DeleteWebhookEndpoint,
    UpdateWebhookEndpoint,
)

LONGEST_NAME = 100


async def index(call: Call[inputs.Webhooks]) -> NumberedPage[wire.Webhook]:
    given = call.given
    rows, total = await numbered(
        call.read.webhook_endpoints,
        Search(given.search),
        NewestFirst(direction=given.order),
        number=given.page,
        size=given.size,
    )
    items = [*map(wire.Webhook.of, rows)]
    return NumberedPage(items=items, number=given.page, size=given.size, total=total)


async def create(call: Call[inputs.Webhook]) -> wire.CreatedWebhook:
    """Without a name it is called by its host."""
    given = call.given
    done = await call.run(
        CreateWebhookEndpoint(
            name=given.name or _host(given.url),
            url=given.url,
            events=given.events,
            form=WebhookForm.WAQTI,
            is_active=given.is_active,
        )
    )
    row = the(await call.read.webhook_endpoints.by_ids([done.id]), done.id)
    return wire.CreatedWebhook.of(row, done.record.shown_secret if done.record else None)


async def show(call: Call[Nothing]) -> wire.Webhook:
    id = await call.id(WebhookEndpoint.kind)
    return wire.Webhook.of(the(await call.read.webhook_endpoints.by_ids([id]), id))


async def update(call: Call[inputs.WebhookUpdate]) -> wire.Webhook:
    id = await call.id(WebhookEndpoint.kind)
    await call.run(UpdateWebhookEndpoint(id=id, **call.given.sent()))
    return wire.Webhook.of(the(await call.read.webhook_endpoints.by_ids([id]), id))


async def delete(call: Call[Nothing]) -> None:
    await call.run(DeleteWebhookEndpoint(id=await call.id(WebhookEndpoint.kind)))


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or url)[:LONGEST_NAME]
    except ValueError:  # no URL at all, as the use case will say
        return url[:LONGEST_NAME]


READ = Permission.WEBHOOK_ENDPOINTS_READ
ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/webhooks", index, inputs.Webhooks, needs=READ),
    Endpoint("POST", "/webhooks", create, inputs.Webhook, status=201),
    Endpoint("GET", "/webhooks/{id}", show, Nothing, needs=READ),
    Endpoint("PUT", "/webhooks/{id}", update, inputs.WebhookUpdate),
    Endpoint("DELETE", "/webhooks/{id}", delete, Nothing, status=204),
]
