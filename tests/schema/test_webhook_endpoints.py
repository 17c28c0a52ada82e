"""Webhook endpoints in the graph: secrets shown once, the delivery log, who may."""

from typing import Any

import asyncpg

from domain.callers import Permission
from domain.kit.ids import new_id
from domain.webhook_endpoints import WebhookEndpoint
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import actions, unchanged
from tests.schema.conftest import Ask, public

HOOK = {"name": "Ledger", "url": "https://8.8.8.8/hook", "events": ["purchase_order.*"]}
CREATE = """mutation ($input: WebhookEndpointCreateInput!, $dryRun: Boolean) {
  webhookEndpointCreate(input: $input, dryRun: $dryRun) { errors { code path } secret
    webhookEndpoint { id name url events form isActive failureCount disabledReason
      auditTrail { action } legacyIds { channel id } } } }"""
LOG = """query ($id: ID!, $filter: WebhookDeliveryFilter) { webhookEndpoint(id: $id) {
  deliveries(first: 2, filter: $filter) { totalCount pageInfo { hasNextPage }
    nodes { id number eventId type status attemptCount responseStatus error
      endpoint { name } attempts { number responseStatus error durationMs } } } } }"""


async def test_the_secret_is_in_the_answer_that_creates_it_and_nowhere_else(
    ask: Ask, owner: asyncpg.Connection, world: World
) -> None:
    payload = (await ask(CREATE, input=HOOK))["webhookEndpointCreate"]

    secret = await owner.fetchval(
        "SELECT secret FROM webhook_endpoints WHERE organization_id = $1", world.organization.id
    )
    assert payload["secret"] == secret
    shown = payload["webhookEndpoint"]
    assert {name: shown[name] for name in HOOK} == HOOK
    assert (shown["form"], shown["isActive"], shown["failureCount"]) == ("STANDARD", True, 0)
    assert shown["auditTrail"] == [{"action": "webhook_endpoint.created"}]
    assert shown["legacyIds"] == [{"channel": "WAQTI", "id": "1"}]
    for table in ("audit_events", "outbox_events"):
        told = await owner.fetch(
            f"SELECT row::text AS text FROM {table} row WHERE organization_id = $1",  # noqa: S608
            world.organization.id,
        )
        assert not any(secret in row["text"] for row in told)


async def test_everything_that_is_wrong_is_named_and_nothing_happens(
    ask: Ask, owner: asyncpg.Connection, world: World
) -> None:
    wrong = {"name": " ", "url": "https://127.0.0.1/", "events": ["po.approved", "po.lost"]}

    async with unchanged(owner, world):
        payload = (await ask(CREATE, input=wrong))["webhookEndpointCreate"]
        rehearsed = (await ask(CREATE, input=HOOK, dryRun=True))["webhookEndpointCreate"]

    assert [error["path"] for error in payload["errors"]] == [["name"], ["events", "1"], ["url"]]
    assert payload["secret"] is None
    assert rehearsed["errors"] == []


async def test_what_can_be_done_with_an_endpoint(
    do: Ask, save: Save, owner: asyncpg.Connection
) -> None:
    endpoint = make.webhook_endpoint()
    await save(endpoint)
    id = {"id": public(endpoint)}

    renamed = await do("webhookEndpointUpdate", id | {"name": "Other"}, "{ name version }")
    await do("webhookEndpointRotateSecret", id | {"overlapHours": 1})
    await do("webhookEndpointPing", id)
    await do("webhookEndpointReplay", id | {"since": "2026-01-01T00:00:00Z"})
    stale = await do("webhookEndpointUpdate", id | {"name": "X", "expectedVersion": 1}, "{ name }")
    gone = await do("webhookEndpointDelete", id)

    assert renamed["webhookEndpoint"] == {"name": "Other", "version": 2}
    assert [error["code"] for error in stale["errors"]] == ["VERSION_CONFLICT"]
    assert stale["webhookEndpoint"] == {"name": "Other"}
    assert (gone["errors"], gone["webhookEndpoint"]) == ([], None)
    assert await actions(owner, endpoint.id) == [
        f"webhook_endpoint.{past}"
        for past in ("created", "updated", "secret_rotated", "pinged", "replayed", "deleted")
    ]


async def test_the_delivery_log_is_filtered_counted_and_asked_for_at_once(
    ask: Ask, save: Save, owner: asyncpg.Connection, world: World, statements: list[str]
) -> None:
    endpoint = make.webhook_endpoint()
    await save(endpoint)
    for number, status in enumerate(("SUCCEEDED", "DEAD", "DEAD", "DEAD"), start=1):
        await delivered(owner, world, endpoint, number, status)
    statements.clear()

    dead = await ask(LOG, id=public(endpoint), filter={"status": ["DEAD"]})
    asked = len(statements)
    every = await ask(LOG, id=public(endpoint))

    log = dead["webhookEndpoint"]["deliveries"]
    assert (log["totalCount"], log["pageInfo"]["hasNextPage"]) == (3, True)
    assert [node["number"] for node in log["nodes"]] == [4, 3]
    newest = log["nodes"][0]
    assert newest["attempts"] == [
        {"number": 1, "responseStatus": 500, "error": None, "durationMs": 20}
    ]
    assert (newest["endpoint"], newest["status"]) == ({"name": "Ledger"}, "DEAD")
    assert newest["eventId"].startswith("evt_")
    assert every["webhookEndpoint"]["deliveries"]["totalCount"] == 4
    assert asked == 4  # the endpoint, its deliveries, how many, their attempts


async def delivered(
    owner: asyncpg.Connection, world: World, endpoint: WebhookEndpoint, number: int, status: str
) -> None:
    """A delivery that was tried once."""
    ids: tuple[Any, ...] = (world.organization.id, new_id())
    await owner.execute(
        "INSERT INTO webhook_deliveries (organization_id, id, endpoint_id, number, position,"
        " event_id, subject_id, type, status, attempt_count, created_at, ended_at)"
        " VALUES ($1, $2, $3, $4, $4, $2, $2, 'user.created', $5, 1, now(), now())",
        *ids,
        endpoint.id,
        number,
        status,
    )
    await owner.execute(
        "INSERT INTO webhook_attempts (organization_id, id, delivery_id, number, at,"
        " response_status, duration_ms) VALUES ($1, $2, $2, 1, now(), 500, 20)",
        *ids,
    )


async def test_who_may_not_read_events_may_not_have_them_sent(
    ask: Ask, world: World, owner: asyncpg.Connection
) -> None:
    permissions = {Permission.WEBHOOK_ENDPOINTS_WRITE, Permission.SUPPLIERS_READ}
    caller = world.caller(permissions=frozenset(permissions))

    async with unchanged(owner, world):
        for events in (["po.approved"], ["*"]):
            payload = await ask(CREATE, as_=caller, input=HOOK | {"events": events})
            [error] = payload["webhookEndpointCreate"]["errors"]
            assert error["code"] == "FORBIDDEN"
    allowed = await ask(
        CREATE.partition("webhookEndpoint {")[0] + "} }",
        as_=caller,
        input=HOOK | {"events": ["vendor.*"]},
    )
    assert allowed["webhookEndpointCreate"]["errors"] == []


async def test_reading_takes_a_permission(refused: Ask, world: World, save: Save) -> None:
    endpoint = make.webhook_endpoint()
    await save(endpoint)
    caller = world.caller(permissions=frozenset({Permission.WEBHOOK_ENDPOINTS_WRITE}))

    for asked in ("webhookEndpoints { nodes { id } }", f'node(id: "{public(endpoint)}") {{ id }}'):
        [error] = await refused(f"{{ {asked} }}", as_=caller)
        assert error["extensions"]["code"] == "FORBIDDEN"
