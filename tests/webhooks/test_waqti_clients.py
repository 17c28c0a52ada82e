"""Waqti's clients register an endpoint and get what they asked for (W-65 to W-68)."""

import hmac
from hashlib import sha256

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from domain.callers import Channel
from persistence.storage import SqlStorage
from rest.kit import mount
from rest.waqti import ENDPOINTS, WAQTI
from server.gate import CredentialGate
from tests.conftest import World
from tests.rest.conftest import new_client
from tests.rest.waqti.samples import data, order
from tests.server.gates import issued
from tests.webhooks.receivers import receiving


@pytest.mark.usefixtures("worker")
async def test_w68_what_was_registered_is_delivered_signed_with_the_secret_shown_once(
    store: SqlStorage, company: World, app_engine: AsyncEngine, fresh_database: str
) -> None:
    credential = await issued(store, company, dialect=Channel.WAQTI)
    gate = CredentialGate(app_engine, fresh_database)
    app = Starlette(routes=mount(WAQTI, ENDPOINTS, store, gate))

    async with receiving() as receiver, new_client(app, credential.secret) as client:
        hook = {"url": receiver.url, "events": ["po.approved", "po.created"]}
        secret = data(await client.post("/webhooks", json=hook), 201)["secret"]
        drafted = data(await client.post("/purchase-orders", json=order(company)), 201)
        data(await client.post(f"/purchase-orders/{drafted['id']}/submit"))
        await receiver.until(lambda: len(receiver.received) == 2)
        shown = data(await client.get(f"/purchase-orders/{drafted['id']}"))
        data(await client.post(f"/purchase-orders/{drafted['id']}/cancel"))

    for received in receiver.received:
        time, signature = received.headers["x-waqti-signature"].split(",")
        signed = f"{time.removeprefix('t=')}.{received.body}"
        expected = hmac.new(secret.encode(), signed.encode(), sha256).hexdigest()
        assert (time[:2], signature) == ("t=", f"v1={expected}")
        assert received.headers["x-waqti-delivery"].startswith("whd_")
        assert received.headers["x-waqti-event-id"] == received.message["id"]
    assert [each.headers["x-waqti-event"] for each in receiver.received] == [
        "po.created",
        "po.approved",
    ]
    told = receiver.received[1].message["data"]
    assert {name: told[name] for name in ("id", "po_number", "status")} == {
        name: shown[name] for name in ("id", "po_number", "status")
    }
