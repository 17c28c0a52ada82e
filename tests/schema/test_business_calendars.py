"""Business calendars in the graph: hours, holidays, and the organization's own."""

from typing import Any

import asyncpg

from domain.callers import Permission
from tests.conftest import Save, World
from tests.domain.calendars import calendar
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, mutating, public

SHOWN = """{ id version name timeZone archived
    hours { weekday opens closes } specialDays { name first last hours { opens closes } } }"""
CREATE, UPDATE = "businessCalendarCreate", "businessCalendarUpdate"
GIVEN: dict[str, Any] = {
    "name": "Lisbon",
    "timeZone": "Europe/Lisbon",
    "hours": [
        {"weekday": "MONDAY", "opens": "09:00", "closes": "13:00"},
        {"weekday": "MONDAY", "opens": "14:00", "closes": "18:00"},
        {"weekday": "FRIDAY", "opens": "20:00", "closes": "00:00"},
    ],
    "specialDays": [
        {"name": "Liberty Day", "first": "2026-04-25", "last": "2026-04-25"},
        {
            "name": "Carnival",
            "first": "2026-02-16",
            "last": "2026-02-17",
            "hours": [{"opens": "09:00", "closes": "12:00:30"}],
        },
    ],
}


async def test_a_calendar_is_created_and_changed(do: Ask) -> None:
    created = (await do(CREATE, GIVEN, SHOWN))["businessCalendar"]

    assert created == {
        "id": created["id"],
        "version": 1,
        "name": "Lisbon",
        "timeZone": "Europe/Lisbon",
        "archived": False,
        "hours": [
            {"weekday": "MONDAY", "opens": "09:00:00", "closes": "13:00:00"},
            {"weekday": "MONDAY", "opens": "14:00:00", "closes": "18:00:00"},
            {"weekday": "FRIDAY", "opens": "20:00:00", "closes": "00:00:00"},
        ],
        "specialDays": [
            {"name": "Liberty Day", "first": "2026-04-25", "last": "2026-04-25", "hours": []},
            {
                "name": "Carnival",
                "first": "2026-02-16",
                "last": "2026-02-17",
                "hours": [{"opens": "09:00:00", "closes": "12:00:30"}],
            },
        ],
    }

    given = {"id": created["id"], "expectedVersion": 1, "specialDays": []}
    changed = (await do(UPDATE, given, SHOWN))["businessCalendar"]

    assert changed == created | {"version": 2, "specialDays": []}


async def test_what_makes_no_sense_is_said_where_it_stands(
    ask: Ask, owner: asyncpg.Connection, world: World
) -> None:
    week = [{"weekday": "MONDAY", "opens": "17:00", "closes": "09:00"}]

    async with unchanged(owner, world):
        payload = (
            await ask(mutating(CREATE, SHOWN), input=GIVEN | {"hours": week, "timeZone": "Lisbon"})
        )["businessCalendarCreate"]

    assert payload["businessCalendar"] is None
    assert [(error["message"], error["path"]) for error in payload["errors"]] == [
        ("Lisbon is no time zone", ["timeZone"]),
        ("this closes before it opens", ["hours", "0", "closes"]),
    ]


async def test_a_time_of_day_has_no_offset(refused: Ask) -> None:
    week = [{"weekday": "MONDAY", "opens": "09:00+03:00", "closes": "17:00"}]

    [error] = await refused(mutating(CREATE), input=GIVEN | {"hours": week})

    assert "a time of day without an offset, like 09:30" in error["message"]


async def test_an_organization_goes_by_its_calendar(
    ask: Ask, do: Ask, save: Save, world: World
) -> None:
    ours = calendar()
    await save(ours)
    own = {"id": public(world.organization), "calendarId": public(ours)}

    changed = await do("organizationUpdate", own, "{ calendar { id name } }")

    assert changed["organization"] == {"calendar": {"id": public(ours), "name": "Head office"}}
    listed = await ask("{ businessCalendars { totalCount nodes { id } } }")
    assert listed["businessCalendars"] == {"totalCount": 1, "nodes": [{"id": public(ours)}]}


async def test_a_calendar_takes_the_permission_to_read_it(
    refused: Ask, save: Save, world: World
) -> None:
    ours = calendar()
    await save(ours)
    blind = world.caller(permissions=frozenset(Permission) - {Permission.CALENDARS_READ})

    [error] = await refused(
        "query ($id: ID!) { businessCalendar(id: $id) { name } }", as_=blind, id=public(ours)
    )

    assert error["extensions"]["code"] == "FORBIDDEN"
