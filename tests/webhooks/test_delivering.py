"""Events reach the endpoints that ask for them, signed, and in order."""

import pytest

from domain.suppliers import Supplier
from persistence.storage import SqlStorage
from schema.kit.ids import to_public
from tests.conftest import World
from tests.webhooks.conftest import Registered
from tests.webhooks.receivers import receiving
from usecases.kit import run
from usecases.records import CreateRecord


@pytest.mark.usefixtures("worker")
async def test_an_event_arrives_signed(
    store: SqlStorage, company: World, register: Registered
) -> None:
    async with receiving() as receiver:
        endpoint = await register(receiver, "supplier.*")
        given = {"name": "Gulf Paper"}
        done = await run(CreateRecord(kind=Supplier, given=given), company.caller(), store)
        await receiver.until(lambda: len(receiver.received) == 1)

    [received] = receiver.received
    message = received.verified(endpoint.secret)
    assert (received.path, message["type"]) == ("/hook", "supplier.created")
    assert message["id"] == received.headers["webhook-id"]
    assert message["data"]["id"] == to_public("sup", done.id)
    assert message["data"]["changes"] == [{"field": "name", "before": None, "after": "Gulf Paper"}]
