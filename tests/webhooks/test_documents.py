"""docs/webhooks.md: its examples run, its tables and numbers are those of the code."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from domain.webhook_endpoints import DISABLED_AFTER, LONGEST_OVERLAP, RETRIES, WebhookForm
from domain.webhook_endpoints.deliveries import JITTER, LONGEST_WAIT
from persistence import tables as t
from persistence.cleaning import KEPT
from persistence.storage import SqlStorage
from schema.kit.ids import to_public
from server.jobs.deliveries import LEASE
from server.webhooks.posting import SECONDS
from tests.conftest import World
from tests.readme.documents import PROJECT, blocks, section
from tests.schema.conftest import run_operation
from tests.webhooks.conftest import Registered, supply
from tests.webhooks.receivers import receiving

TEXT = (PROJECT / "docs" / "webhooks.md").read_text()
UNITS = {"second": 1, "minute": 60, "hour": 3600}


def verifier(number: int) -> Any:
    """The function in one of the Python examples."""
    examples = [block.text for block in blocks(section(TEXT, "Verifying signatures"))]
    names: dict[str, Any] = {}
    exec(examples[number], names)  # noqa: S102 - our own document
    return names["verified"]


@pytest.mark.usefixtures("worker")
async def test_the_examples_verify_what_is_sent_and_nothing_else(
    store: SqlStorage, company: World, register: Registered
) -> None:
    [example] = [block.text for block in blocks(section(TEXT, "What is sent"))]
    async with receiving() as receiver, receiving() as waqti:
        ours = await register(receiver, "supplier.created")
        theirs = await register(waqti, "vendor.created", form=WebhookForm.WAQTI)
        await supply(store, company, "Gulf Paper")
        await receiver.until(lambda: len(receiver.received) == 1)
        await waqti.until(lambda: len(waqti.received) == 1)

    [standard], [other] = receiver.received, waqti.received
    message = verifier(0)(ours.secret, standard.body, standard.headers)
    assert list(message) == list(json.loads(example))
    assert list(message["data"]) == list(json.loads(example)["data"])
    verified = json.loads(verifier(1)(theirs.secret, other.body, other.headers))
    assert list(verified) == ["id", "event", "created_at", "data"]
    assert verified["data"]["name"] == "Gulf Paper"
    with pytest.raises(ValueError, match="not from us"):
        verifier(1)(ours.secret, other.body, other.headers)


async def test_the_operations_are_answered(
    store: SqlStorage, company: World, register: Registered
) -> None:
    operations = [block.text for block in blocks(TEXT) if block.kind == "graphql"]
    async with receiving() as receiver:
        endpoint = await register(receiver, "supplier.created")
    variables = {"id": to_public("whk", endpoint.id), "since": "2026-01-01T00:00:00Z"}

    for operation in operations:
        given = {name: value for name, value in variables.items() if f"${name}:" in operation}
        result = await run_operation(store, company.caller(), operation, given)
        assert result.errors is None
        for payload in result.data.values():
            assert payload.get("errors", []) == []
    assert len(operations) == 3


def test_the_pauses_are_those_that_are_made() -> None:
    rows = re.findall(r"^\| (\d+) \| (\d+) (\w+?)s? \|$", section(TEXT, "Retries"), re.MULTILINE)

    told = [(int(attempt), int(number) * UNITS[unit]) for attempt, number, unit in rows]

    assert told == [(n, pause.total_seconds()) for n, pause in enumerate(RETRIES, start=1)]
    assert (len(RETRIES) + 1, sum(RETRIES, start=timedelta()).days) == (13, 2)
    assert (JITTER, LONGEST_WAIT.days, DISABLED_AFTER.days) == (0.2, 1, 5)


def test_the_numbers_are_those_that_hold() -> None:
    assert f"within {SECONDS:g} seconds" in TEXT
    assert f"leases what it sends for {LEASE.seconds} seconds" in TEXT
    [kept] = [each.period for each in KEPT if each.table is t.webhook_deliveries]
    assert f"kept for {kept.days} days" in TEXT
    assert f"0 to {LONGEST_OVERLAP})" in TEXT
