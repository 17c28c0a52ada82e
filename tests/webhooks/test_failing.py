"""Deliveries that do not arrive: tried again, given up, sent again when asked."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.suppliers import Supplier
from domain.webhook_endpoints import WebhookDeliveryStatus, WebhookEndpoint
from domain.webhook_endpoints.deliveries import RETRIES
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.webhooks.conftest import Registered, supply, working
from tests.webhooks.receivers import Received, Receiver, receiving
from usecases.kit import run
from usecases.records import UpdateRecord
from usecases.webhook_endpoints import ReplayWebhookEndpoint

DELIVERIES = "SELECT * FROM webhook_deliveries ORDER BY number"


async def until(owner: asyncpg.Connection, condition: str) -> None:
    """Wait until a query says yes."""
    async with asyncio.timeout(30):
        while not await owner.fetchval(condition):
            continue


@pytest.mark.usefixtures("worker")
async def test_a_receiver_that_is_gone_is_not_asked_again(
    store: SqlStorage, company: World, register: Registered, owner_of_fresh: asyncpg.Connection
) -> None:
    async with receiving(lambda _r, _e: 410) as receiver:
        await register(receiver, "supplier.*")
        await supply(store, company, "A")
        await until(owner_of_fresh, "SELECT NOT is_active FROM webhook_endpoints")
        await supply(store, company, "B")

    state = await owner_of_fresh.fetchrow("SELECT * FROM webhook_endpoints")
    [delivery] = await owner_of_fresh.fetch(DELIVERIES)
    assert state["disabled_reason"] == "GONE"
    assert (delivery["status"], delivery["attempt_count"]) == ("DEAD", 1)
    query = "SELECT channel FROM audit_events WHERE action = 'webhook_endpoint.disabled'"
    assert await owner_of_fresh.fetchval(query) == "SYSTEM"
    assert len(receiver.received) == 1


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n", 302, None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", None, "RemoteProtocolError"),
        (b"200 this is no HTTP\r\n\r\n", None, "RemoteProtocolError"),
    ],
    ids=["redirect", "cut off", "nonsense"],
)
async def test_only_a_whole_answer_between_200_and_299_counts(
    store: SqlStorage,
    company: World,
    register: Registered,
    owner_of_fresh: asyncpg.Connection,
    answer: bytes,
    status: int | None,
    error: str | None,
) -> None:
    def once(receiver: Receiver, _received: Received) -> int | bytes:
        return 200 if receiver.received else answer

    async with receiving(once, closing=True) as receiver:
        await register(receiver, "supplier.*")
        await supply(store, company, "A")
        await receiver.until(lambda: len(receiver.received) == 2)

    first = await owner_of_fresh.fetchrow("SELECT * FROM webhook_attempts WHERE number = 1")
    assert first["response_status"] == status
    assert (first["error"] or "").partition(":")[0] == (error or "")
    assert [each.path for each in receiver.received] == ["/hook", "/hook"]


async def test_what_is_given_up_lets_the_next_of_its_subject_through_and_can_be_replayed(
    store: SqlStorage,
    company: World,
    register: Registered,
    owner_of_fresh: asyncpg.Connection,
    fresh_database: str,
    app_engine: AsyncEngine,
    tmp_path: Path,
) -> None:
    since = datetime.now(UTC)
    async with receiving() as receiver:
        endpoint = await register(receiver, "supplier.*")
        receiver.answer = lambda _r, e: 500 if '"supplier.created"' in e.body else 200
        id = await supply(store, company, "A")
        update = UpdateRecord(kind=Supplier, id=id, given={"name": "B"})
        await run(update, company.caller(), store)
        async with working(fresh_database, app_engine, tmp_path):
            await receiver.until(lambda: len(receiver.received) == 1)
            await last_chance(owner_of_fresh)
            await receiver.until(lambda: len(receiver.accepted) == 1)
            assert [each.message["type"] for each in receiver.received] == [
                *("supplier.created", "supplier.created", "supplier.updated")
            ]
            receiver.answer = lambda _r, _e: 200
            await run(replay(endpoint, since, only_dead=True), company.caller(), store)
            await receiver.until(lambda: len(receiver.received) == 4)
            await until(
                owner_of_fresh,
                "SELECT bool_and(ended_at > '-infinity') FROM"
                " webhook_deliveries WHERE ended_at IS NOT NULL HAVING count(*) = 3",
            )
            # What has arrived meanwhile is not dead any more.
            await run(replay(endpoint, since, only_dead=True), company.caller(), store)
            await run(replay(endpoint, since, only_dead=False), company.caller(), store)
            await receiver.until(lambda: len(receiver.received) == 6)

    first, *_, again, both, other = [each.message for each in receiver.received]
    assert first == again == both
    assert other["type"] == "supplier.updated"
    rows = await owner_of_fresh.fetch(DELIVERIES)
    assert [row["status"] for row in rows] == ["DEAD", *["SUCCEEDED"] * 4]
    assert rows[0]["attempt_count"] == len(RETRIES) + 1


async def last_chance(owner: asyncpg.Connection) -> None:
    """As if all attempts but one had been made: they take three days."""
    await until(owner, "SELECT true FROM webhook_deliveries WHERE status = 'RETRYING'")
    await owner.execute(
        "UPDATE webhook_deliveries SET attempt_count = $1 WHERE status = 'RETRYING'", len(RETRIES)
    )


def replay(endpoint: WebhookEndpoint, since: datetime, *, only_dead: bool) -> ReplayWebhookEndpoint:
    return ReplayWebhookEndpoint(id=endpoint.id, since=since, only_dead=only_dead)


@pytest.mark.usefixtures("worker")
async def test_an_endpoint_that_has_only_failed_for_days_is_disabled(
    store: SqlStorage, company: World, register: Registered, owner_of_fresh: asyncpg.Connection
) -> None:
    async with receiving(lambda _r, _e: 500) as receiver:
        await register(receiver, "supplier.*")
        await owner_of_fresh.execute(
            "UPDATE webhook_endpoints SET failing_since = $1, failure_count = 70",
            datetime.now(UTC) - timedelta(days=5, seconds=1),
        )
        await supply(store, company, "A")
        await until(owner_of_fresh, "SELECT NOT is_active FROM webhook_endpoints")

    state = await owner_of_fresh.fetchrow("SELECT * FROM webhook_endpoints")
    assert (state["disabled_reason"], state["failure_count"]) == ("FAILING", 71)
    [delivery] = await owner_of_fresh.fetch(DELIVERIES)
    assert delivery["status"] == WebhookDeliveryStatus.RETRYING


@pytest.mark.usefixtures("worker")
async def test_a_receiver_is_left_alone_for_as_long_as_it_asks(
    store: SqlStorage, company: World, register: Registered, owner_of_fresh: asyncpg.Connection
) -> None:
    busy = b"HTTP/1.1 429 Slow\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n"
    async with receiving(lambda _r, _e: busy) as receiver:
        await register(receiver, "supplier.*")
        await supply(store, company, "A")
        await until(owner_of_fresh, "SELECT true FROM webhook_deliveries WHERE attempt_count = 1")

    [row] = await owner_of_fresh.fetch(DELIVERIES)
    wait: Any = row["next_attempt_at"] - datetime.now(UTC)
    assert timedelta(minutes=59) < wait <= timedelta(hours=1)


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    "wish",
    [
        b"Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        b"Fri, 31 Dec 9999 23:59:59 -2359",
        b"Mon, 01 Jan 2020 00:00:00 +99999999999999999999",
        b"soon",
    ],
)
async def test_a_receiver_that_asks_for_a_moment_that_never_comes_is_asked_again_as_ever(
    store: SqlStorage,
    company: World,
    register: Registered,
    owner_of_fresh: asyncpg.Connection,
    wish: bytes,
) -> None:
    answer = b"HTTP/1.1 503 Busy\r\nRetry-After: %b\r\nContent-Length: 0\r\n\r\n" % wish
    async with receiving(lambda r, _e: 200 if r.received else answer) as receiver:
        await register(receiver, "supplier.*")
        await supply(store, company, "A")
        await receiver.until(lambda: len(receiver.received) == 2)
        await until(owner_of_fresh, "SELECT true FROM webhook_deliveries WHERE attempt_count = 2")

    first = await owner_of_fresh.fetchrow("SELECT * FROM webhook_attempts WHERE number = 1")
    assert (first["response_status"], first["error"]) == (503, None)
