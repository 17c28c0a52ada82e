"""Webhook endpoints: registered with a secret that is shown once, tried out, replayed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from domain.callers import Caller, Permission
from domain.kit import checks
from domain.kit.errors import RuleBroken, raise_first
from domain.kit.given import UNSET, Maybe, given
from domain.webhook_endpoints import WebhookDisabledReason, WebhookEndpoint, WebhookForm
from domain.webhook_endpoints.endpoints import problems
from domain.webhook_endpoints.events import EVENTS, read
from usecases.kit import ExpectedVersion, UseCase
from usecases.network import Network
from usecases.ports import UnitOfWork

WRITE = Permission.WEBHOOK_ENDPOINTS_WRITE
EndpointId = Annotated[UUID, WebhookEndpoint, "The webhook endpoint."]
NAMES = (
    "Types of events (`purchase_order.approved`), everything of a kind (`purchase_order.*`), or "
    "`*`; Waqti's names (`po.approved`, `vendor.updated`) will do, and are what is then sent."
)


async def _last_position(uow: UnitOfWork) -> int:
    id = uow.caller.organization_id
    return (await uow.reads.webhook_endpoints.last_positions([id])).get(id, 0)


async def _check(values: dict[str, Any], network: Network) -> None:
    found: list[RuleBroken] = problems(values)
    if "url" in values and (problem := await network.check(values["url"])) is not None:
        found.append(problem)
    raise_first(found)


# Kinds whose records take another permission than that of their plural.
_READ = {
    "organization": None,
    "role": Permission.USERS_READ,
    "business_calendar": Permission.CALENDARS_READ,
    "service_order": Permission.ORDERS_READ,
    "service_definition": Permission.SERVICES_READ,
    "package_subscription": Permission.SUBSCRIPTIONS_READ,
    "company": Permission.COMPANIES_READ,
    "worker": Permission.COMPANIES_READ,
    "connection_request": Permission.CONNECTIONS_READ,
    "compliance_document_type": Permission.DOCUMENTS_READ,
    "compliance_document": Permission.DOCUMENTS_READ,
    "sales_invoice": Permission.INVOICES_READ,
}


def needed_to_read(kind: str) -> Permission | None:
    """What permission a kind of record takes; None where everybody may read it."""
    return _READ[kind] if kind in _READ else Permission(f"{kind}s:read")


def _check_readable(events: Iterable[str], caller: Caller) -> None:
    """Nobody has sent what they may not read; or Forbidden."""
    asked = [read(name) for name in events]
    kinds = {
        kind
        for each in asked
        if each is not None
        for kind in (EVENTS if each.kind is None else (each.kind,))
    }
    for kind in sorted(kinds):
        needed = needed_to_read(kind)
        if needed is not None:
            caller.require(needed)


@dataclass(frozen=True, kw_only=True)
class CreateWebhookEndpoint(UseCase[WebhookEndpoint]):
    """Have events sent to a URL from now on. The secret is in this answer and never again."""

    requires = WRITE

    name: Annotated[str, "What it is for, so that you know it again; up to 100 characters."]
    url: Annotated[str, "Where to send them: https, on the public internet, up to 500 characters."]
    events: Annotated[list[str], NAMES]
    form: Annotated[WebhookForm, "How they are shaped and signed."] = WebhookForm.STANDARD
    is_active: Annotated[bool, "Whether to begin at once."] = True

    async def check_outside(self, network: Network) -> None:
        await _check(vars(self), network)

    async def execute(self, uow: UnitOfWork) -> WebhookEndpoint:
        _check_readable(self.events, uow.caller)
        position = await _last_position(uow)
        endpoint = WebhookEndpoint.register(vars(self), uow.now, position=position)
        uow.records(WebhookEndpoint).add(endpoint)
        return endpoint


@dataclass(frozen=True, kw_only=True)
class UpdateWebhookEndpoint(UseCase[WebhookEndpoint]):
    """Change an endpoint. What is left out stays.

    Made active again, it gets what happens from now on; replay what it missed.
    """

    requires = WRITE

    id: EndpointId
    expected_version: ExpectedVersion = None
    name: Annotated[Maybe[str], "What it is for."] = UNSET
    url: Annotated[Maybe[str], "Where to send events."] = UNSET
    events: Annotated[Maybe[list[str]], NAMES] = UNSET
    is_active: Annotated[Maybe[bool], "Whether anything is sent."] = UNSET

    async def check_outside(self, network: Network) -> None:
        values = self._given()
        raise_first(checks.emptied(values, values))
        await _check(values, network)

    async def execute(self, uow: UnitOfWork) -> WebhookEndpoint:
        endpoint = await uow.records(WebhookEndpoint).get(self.id, expected=self.expected_version)
        values = self._given()
        if self.is_active is True or "url" in values or "events" in values:
            _check_readable(values.get("events", endpoint.events), uow.caller)
        endpoint.update(values, uow.now, position=await _last_position(uow))
        return endpoint

    def _given(self) -> dict[str, Any]:
        names = ("name", "url", "events", "is_active")
        return given({name: getattr(self, name) for name in names})


@dataclass(frozen=True, kw_only=True)
class DeleteWebhookEndpoint(UseCase[WebhookEndpoint]):
    """Delete an endpoint with its delivery log; what is under way may still arrive."""

    requires = WRITE

    id: EndpointId
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> WebhookEndpoint:
        endpoints = uow.records(WebhookEndpoint)
        endpoint = await endpoints.get(self.id, expected=self.expected_version)
        endpoint.delete(uow.now)
        await endpoints.remove(endpoint)
        return endpoint


@dataclass(frozen=True, kw_only=True)
class RotateWebhookEndpointSecret(UseCase[WebhookEndpoint]):
    """Give an endpoint a new secret, which is in this answer and never again.

    Until the overlap is over, everything is signed with both.
    """

    requires = WRITE

    id: EndpointId
    expected_version: ExpectedVersion = None
    overlap_hours: Annotated[int, "How long the old secret still signs: 0 to 168 hours."] = 24

    async def execute(self, uow: UnitOfWork) -> WebhookEndpoint:
        endpoint = await uow.records(WebhookEndpoint).get(self.id, expected=self.expected_version)
        endpoint.rotate_secret(timedelta(hours=self.overlap_hours), uow.now)
        return endpoint


@dataclass(frozen=True, kw_only=True)
class PingWebhookEndpoint(UseCase[WebhookEndpoint]):
    """Send a `ping` event as any other is sent; the delivery log says how it went."""

    requires = WRITE

    id: EndpointId
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> WebhookEndpoint:
        endpoint = await uow.records(WebhookEndpoint).get(self.id, expected=self.expected_version)
        endpoint.ping(uow.now)
        return endpoint


@dataclass(frozen=True, kw_only=True)
class ReplayWebhookEndpoint(UseCase[WebhookEndpoint]):
    """Send the events of a time again, each as a delivery of its own.

    Either those whose deliveries were given up, or everything that the endpoint asks for, whether
    it was sent or not.
    """

    requires = WRITE

    id: EndpointId
    expected_version: ExpectedVersion = None
    since: Annotated[datetime, "The first moment."]
    until: Annotated[datetime | None, "The moment after the last one; now when left out."] = None
    only_dead: Annotated[bool, "Only what was given up, not everything."] = True

    async def execute(self, uow: UnitOfWork) -> WebhookEndpoint:
        endpoint = await uow.records(WebhookEndpoint).get(self.id, expected=self.expected_version)
        until = self.until or uow.now
        endpoint.replay(self.since, until, uow.now, only_dead=self.only_dead)
        return endpoint


@dataclass(frozen=True, kw_only=True)
class DisableWebhookEndpoint(UseCase[WebhookEndpoint]):
    """Send nothing more to an endpoint that is gone, or has only failed for days."""

    requires = WRITE

    id: EndpointId
    reason: Annotated[WebhookDisabledReason, "Why."]

    async def execute(self, uow: UnitOfWork) -> WebhookEndpoint:
        endpoint = await uow.records(WebhookEndpoint).get(self.id)
        endpoint.disable(self.reason, uow.now)
        return endpoint
