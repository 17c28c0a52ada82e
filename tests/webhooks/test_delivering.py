"""Events reach the endpoints that ask for them, signed, and in order."""

import hmac
import json
from hashlib import sha256
from uuid import UUID

import asyncpg
import pytest

from domain.suppliers import Supplier
from domain.webhook_endpoints import WebhookForm
from persistence.storage import SqlStorage
from schema.kit.ids import to_public
from tests.conftest import World
from tests.usecases.services import placed, worked_on
from tests.webhooks.conftest import Registered, supply
from tests.webhooks.receivers import Received, Receiver, receiving
from usecases.kit import run
from usecases.purchase_orders import CreatePurchaseOrder, SubmitPurchaseOrder
from usecases.records import UpdateRecord
from usecases.webhook_endpoints import (
    PingWebhookEndpoint,
    RotateWebhookEndpointSecret,
    UpdateWebhookEndpoint,
)

pytestmark = pytest.mark.usefixtures("worker")


def digest(secret: str, received: Received, seconds: str) -> str:
    """As Waqti's clients compute it (fact W-68)."""
    return hmac.new(secret.encode(), f"{seconds}.{received.body}".encode(), sha256).hexdigest()


async def test_an_event_arrives_signed(
    store: SqlStorage, company: World, register: Registered
) -> None:
    async with receiving() as receiver:
        endpoint = await register(receiver, "supplier.*")
        id = await supply(store, company, "Gulf Paper")
        await receiver.until(lambda: len(receiver.received) == 1)

    [received] = receiver.received
    message = received.verified(endpoint.secret)
    assert (received.path, received.headers["content-type"]) == ("/hook", "application/json")
    assert message["id"] == received.headers["webhook-id"]
    assert list(message) == ["id", "type", "timestamp", "position", "data"]
    assert message["type"] == "supplier.created"
    assert message["data"] == {
        "id": to_public("sup", id),
        "version": 1,
        "changes": [{"field": "name", "before": None, "after": "Gulf Paper"}],
        "details": {},
    }


async def test_what_becomes_of_service_orders_arrives_in_order(
    store: SqlStorage, company: World, register: Registered
) -> None:
    async with receiving() as receiver:
        await register(receiver, "service_order.*", "sales_invoice.issued")
        order = await placed(company, store)
        await worked_on(company, store, order, "collect", "submit")
        await receiver.until(lambda: len(receiver.received) == 8)

    found = [(each.message["type"], each.message["data"]["id"]) for each in receiver.received]
    id = to_public("so", order.id)
    assert [type for type, subject in found if subject == id] == [
        "service_order.placed",
        "service_order.started",
        "service_order.step_started",
        "service_order.step_completed",
        "service_order.step_started",
        "service_order.step_completed",
        "service_order.completed",
    ]
    assert [type for type, subject in found if subject != id] == ["sales_invoice.issued"]


async def test_what_is_not_asked_for_is_not_sent(
    store: SqlStorage, company: World, register: Registered
) -> None:
    async with receiving() as receiver:
        await register(receiver, "supplier.updated")
        id = await supply(store, company, "Gulf Paper")
        update = UpdateRecord(kind=Supplier, id=id, given={"name": "Gulf Papers"})
        await run(update, company.caller(), store)
        await receiver.until(lambda: len(receiver.received) == 1)

    assert [each.message["type"] for each in receiver.received] == ["supplier.updated"]


async def test_w68_waqti_deliveries_are_signed_and_hold_the_resource(
    store: SqlStorage, company: World, register: Registered
) -> None:
    async with receiving() as receiver:
        endpoint = await register(receiver, "po.approved", form=WebhookForm.WAQTI)
        order = await run(CreatePurchaseOrder(**company.draft()), company.caller(), store)
        await run(SubmitPurchaseOrder(id=order.id), company.caller(), store)
        await receiver.until(lambda: len(receiver.received) == 1)

    [received] = receiver.received
    time, signature = received.headers["x-waqti-signature"].split(",")
    assert signature == f"v1={digest(endpoint.secret, received, time.removeprefix('t='))}"
    assert received.headers["x-waqti-event"] == "po.approved"
    assert received.headers["x-waqti-delivery"].startswith("whd_")
    message = received.message
    assert list(message) == ["id", "event", "created_at", "data"]
    assert (message["id"], message["event"]) == (
        received.headers["x-waqti-event-id"],
        "po.approved",
    )
    assert (message["data"]["id"], message["data"]["status"]) == (1, "approved")
    assert '"total_amount":23.00,' in received.body


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("po.created", "po.created"),
        ("purchase_order.created", "purchase_order.created"),
        ("po.*", "po.created"),
        ("purchase_order.*", "purchase_order.created"),
        ("*", "po.created"),
    ],
)
async def test_w66_events_go_out_under_the_name_that_was_registered(
    store: SqlStorage, company: World, register: Registered, asked: str, sent: str
) -> None:
    async with receiving() as receiver:
        await register(receiver, asked, form=WebhookForm.WAQTI)
        await run(CreatePurchaseOrder(**company.draft()), company.caller(), store)
        await receiver.until(lambda: sent in {e.message["event"] for e in receiver.received})

    assert sent in {each.headers["x-waqti-event"] for each in receiver.received}


async def test_a_ping_takes_the_same_way(
    store: SqlStorage, company: World, register: Registered
) -> None:
    async with receiving() as receiver, receiving() as other:
        endpoint = await register(receiver, "supplier.created")
        await register(other, "*")
        await run(PingWebhookEndpoint(id=endpoint.id), company.caller(), store)
        await receiver.until(lambda: len(receiver.received) == 1)

    message = receiver.received[0].verified(endpoint.secret)
    assert message["type"] == "ping"
    assert message["data"]["id"] == to_public("whk", endpoint.id)
    assert "ping" not in {each.message["type"] for each in other.received}


async def test_both_secrets_sign_until_the_overlap_is_over(
    store: SqlStorage, company: World, register: Registered, owner_of_fresh: asyncpg.Connection
) -> None:
    async with receiving() as receiver:
        endpoint = await register(receiver, "supplier.created")
        old = endpoint.secret
        rotate = RotateWebhookEndpointSecret(id=endpoint.id, overlap_hours=1)
        rotated = (await run(rotate, company.caller(), store)).record
        assert rotated is not None
        new = rotated.secret
        await supply(store, company, "A")
        await receiver.until(lambda: len(receiver.received) == 1)
        await owner_of_fresh.execute("UPDATE webhook_endpoints SET previous_secret_until = now()")
        await supply(store, company, "B")
        await receiver.until(lambda: len(receiver.received) == 2)

    during, after = receiver.received
    assert old != new
    assert during.verified(old) == during.verified(new)
    assert after.verified(new)
    assert len(after.headers["webhook-signature"].split()) == 1


async def test_inactive_endpoints_get_nothing_and_go_on_from_when_they_are_active(
    store: SqlStorage, company: World, register: Registered
) -> None:
    async with receiving() as receiver:
        endpoint = await register(receiver, "supplier.created", is_active=False)
        await supply(store, company, "Missed")
        activate = UpdateWebhookEndpoint(id=endpoint.id, is_active=True)
        await run(activate, company.caller(), store)
        await supply(store, company, "Heard of")
        await receiver.until(lambda: len(receiver.received) == 1)

    [received] = receiver.received
    assert received.message["data"]["changes"][0]["after"] == "Heard of"


async def test_a_receiver_that_fails_half_the_time_gets_everything_in_order_of_each_subject(
    store: SqlStorage, company: World, register: Registered
) -> None:
    tried: dict[str, int] = {}

    def every_second_time(_receiver: Receiver, received: Received) -> int:
        id = received.headers["webhook-id"]
        tried[id] = tried.get(id, 0) + 1
        return 500 if tried[id] == 1 else 200

    async with receiving(every_second_time) as receiver:
        await register(receiver, "supplier.*")
        ids = [await supply(store, company, f"Supplier {n}") for n in range(10)]
        for number in range(2):
            for id in ids:
                given = {"name": f"{id} {number}"}
                update = UpdateRecord(kind=Supplier, id=id, given=given)
                await run(update, company.caller(), store)
        await receiver.until(lambda: len(receiver.accepted) == 30, seconds=60)

    assert in_order(receiver) == {to_public("sup", id): [1, 2, 3] for id in ids}
    assert len(receiver.received) == 60


def in_order(receiver: Receiver) -> dict[str, list[int]]:
    """The versions of each subject, in the order in which they were accepted."""
    versions: dict[str, list[int]] = {}
    for each in receiver.accepted:
        data = json.loads(each.body)["data"]
        versions.setdefault(data["id"], []).append(data["version"])
    return versions


async def test_the_log_knows_every_attempt(
    store: SqlStorage, company: World, register: Registered, owner_of_fresh: asyncpg.Connection
) -> None:
    answers: list[int | bytes] = [b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy", 200]

    async with receiving(lambda _r, _e: answers.pop(0)) as receiver:
        endpoint = await register(receiver, "supplier.created")
        await supply(store, company, "Gulf Paper")
        await receiver.until(lambda: len(receiver.received) == 2)
        row = await settled(owner_of_fresh, endpoint.id)

    attempts = await owner_of_fresh.fetch("SELECT * FROM webhook_attempts ORDER BY number")
    assert [(a["number"], a["response_status"], a["response_body"]) for a in attempts] == [
        (1, 503, "busy"),
        (2, 200, ""),
    ]
    assert (row["status"], row["attempt_count"], row["response_status"]) == ("SUCCEEDED", 2, 200)
    assert json.loads(row["body"])["type"] == "supplier.created"
    state = await owner_of_fresh.fetchrow("SELECT * FROM webhook_endpoints")
    assert (state["failure_count"], state["failing_since"]) == (0, None)
    assert state["last_triggered_at"] is not None


async def settled(owner: asyncpg.Connection, endpoint_id: UUID) -> asyncpg.Record:
    """The last delivery of an endpoint, once it has ended."""
    query = "SELECT * FROM webhook_deliveries WHERE endpoint_id = $1 ORDER BY number DESC LIMIT 1"
    while (row := await owner.fetchrow(query, endpoint_id))["ended_at"] is None:
        continue
    return row
