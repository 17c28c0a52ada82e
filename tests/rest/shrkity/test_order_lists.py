"""Fact S-24: the list of orders, and what it is filtered by."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from persistence.storage import SqlStorage
from tests.conftest import World
from tests.rest.shrkity.orders import FIELDS, Desk, desk, old, placed


@pytest.fixture
async def at(world: World, storage: SqlStorage) -> Desk:
    return await desk(world, storage)


async def test_s24_the_list_is_filtered(
    office: httpx.AsyncClient, at: Desk, world: World, storage: SqlStorage
) -> None:
    other = await desk(world, storage, code="LIC", name="Licence renewal")
    first = await placed(office, at, priority="high")
    second = await placed(office, at, company_id=old(at.other))
    third = await placed(office, other)
    await office.post(f"/orders/{third['id']}/cancel")
    today, day = datetime.now(UTC), timedelta(days=1)
    everything = [third["id"], second["id"], first["id"]]
    cases: list[tuple[dict[str, Any], list[int]]] = [
        ({}, everything),
        ({"status": "pending"}, [second["id"], first["id"]]),
        ({"status": "cancelled"}, [third["id"]]),
        ({"company_id": old(at.company)}, [first["id"]]),
        ({"company_id": 999}, []),
        ({"service_definition_id": old(other.service)}, [third["id"]]),
        ({"service_definition_id": 999}, []),
        ({"priority": "high"}, [first["id"]]),
        ({"search": second["number"].lower()}, [second["id"]]),
        ({"search": "licence"}, [third["id"]]),
        ({"search": "oasis"}, [second["id"]]),
        ({"search": "nothing of that"}, []),
        ({"created_from": f"{today - day:%Y-%m-%d}"}, everything),
        ({"created_from": f"{today + 2 * day:%Y-%m-%d}"}, []),
        ({"created_to": f"{today + day:%Y-%m-%d}"}, everything),
        ({"created_to": f"{today - 2 * day:%Y-%m-%d}"}, []),
        ({"created_from": first["created_at"], "created_to": first["created_at"]}, everything),
        ({"status": "pending", "company_id": old(at.other)}, [second["id"]]),
    ]

    for asked, expected in cases:
        answer = await office.get("/orders", params=asked)
        assert answer.status_code == 200, answer.text
        found = [row["id"] for row in answer.json()["data"]]
        if "created_to" in asked and asked["created_to"] == first["created_at"]:
            assert first["id"] in found
        else:
            assert found == expected, asked


async def test_s24_the_list_shows_each_order_in_brief_and_where_it_is(
    office: httpx.AsyncClient, at: Desk
) -> None:
    made = [await placed(office, at) for _ in range(3)]

    answer = (await office.get("/orders", params={"page": 2, "per_page": 2})).json()

    assert answer["data"] == [{name: made[0][name] for name in FIELDS}]
    assert answer["meta"] == {
        "total": 3,
        "per_page": 2,
        "current_page": 2,
        "last_page": 2,
        "has_next": False,
        "has_previous": True,
    }


async def test_s24_what_cannot_be_filtered_by_is_refused(office: httpx.AsyncClient) -> None:
    asked = {"status": "lost", "priority": "asap", "company_id": "x", "created_from": "soon"}

    answer = await office.get("/orders", params=asked)

    assert answer.status_code == 422
    assert answer.json()["errors"] == {
        "status": ["This must be one of pending, in_progress, on_hold, completed, cancelled."],
        "company_id": ["This must be a whole number."],
        "priority": ["This must be one of low, normal, high, urgent."],
        "created_from": ["This is no time: write YYYY-MM-DDThh:mm:ssZ."],
    }


@pytest.mark.parametrize("zone", ["Asia/Riyadh", "America/New_York"])
async def test_s24_days_and_moments_at_either_end_of_time_leave_nothing_out(
    office: httpx.AsyncClient, at: Desk, world: World, owner: asyncpg.Connection, zone: str
) -> None:
    named = "UPDATE organizations SET time_zone = $2 WHERE id = $1"
    await owner.execute(named, world.organization.id, zone)
    made = await placed(office, at)
    first, last = "0001-01-01", "9999-12-31"
    clocks = ["", "T00:00:00Z", "T23:59:59Z", "T00:00:00+14:00", "T23:59:59-14:00"]

    for clock in clocks:
        everything = {"created_from": first + clock, "created_to": last + clock}
        nothing = {"created_from": last + clock, "created_to": first + clock}
        answers = [await office.get("/orders", params=each) for each in (everything, nothing)]
        assert [answer.status_code for answer in answers] == [200, 200], clock
        found = [[row["id"] for row in answer.json()["data"]] for answer in answers]
        assert found == [[made["id"]], []], clock
