"""The worker tells of clocks whose time runs out, once, however many workers there are."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.business_calendars import BusinessCalendar, SpecialDays, Weekday
from domain.business_time import AROUND_THE_CLOCK, BusinessHours
from domain.service_definitions import SlaKind, SlaTarget
from domain.service_orders import Priority, ServiceOrder, ServiceOrderStatus, SlaClock
from persistence.engines import owner_engine
from persistence.storage import SqlStorage
from server.jobs import Shift
from server.jobs.clocks import CLOCKS
from server.settings import Settings
from tests.conftest import World, keep
from tests.domain.calendars import calendar, hours
from tests.service_orders import Served, order, served
from tests.usecases.orders import done
from usecases.kit import run
from usecases.records import UpdateRecord
from usecases.service_orders import HoldServiceOrder, SetServiceOrderPriority

TOLD = "SELECT action, details FROM audit_events WHERE subject_id = $1 ORDER BY sequence"
TWO_HOURS = timedelta(hours=2)


@pytest.fixture
async def shift(
    database_url: str, engine: AsyncEngine, storage: SqlStorage
) -> AsyncIterator[Shift]:
    past = owner_engine(database_url)
    yield Shift(
        url=database_url,
        owner=past,
        engine=engine,
        storage=storage,
        settings=Settings(_env_file=None),
        stop=asyncio.Event(),
    )
    await past.dispose()


@pytest.fixture
async def to(world: World, storage: SqlStorage) -> Served:
    return await served(world, storage)


def clock(minutes: int, ago: timedelta = TWO_HOURS, **values: Any) -> SlaClock:
    """Of so many minutes around the clock, which began two hours ago."""
    target = SlaTarget(kind=values.pop("measures", SlaKind.RESOLUTION), minutes=minutes)
    by = values.pop("by", AROUND_THE_CLOCK)
    return SlaClock.start(target, Priority.NORMAL, by, datetime.now(UTC) - ago, **values)


async def running(
    world: World, storage: SqlStorage, to: Served, *clocks: SlaClock, **values: Any
) -> ServiceOrder:
    made = order(world, to, clocks=[*clocks], status=ServiceOrderStatus.IN_PROGRESS, **values)
    await keep(storage, world.caller(), made)
    return made


async def told(owner: asyncpg.Connection, order: ServiceOrder) -> list[str]:
    """What was recorded of it after it was placed."""
    rows = await owner.fetch(TOLD, order.id)
    return [row["action"].removeprefix("service_order.") for row in rows][1:]


async def kept(owner: asyncpg.Connection, order: ServiceOrder) -> list[tuple[Any, ...]]:
    query = "SELECT state, due_at, tell_at FROM sla_clocks WHERE order_id = $1 ORDER BY started_at"
    return [tuple(row) for row in await owner.fetch(query, order.id)]


async def test_what_has_time_is_not_told_of(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, shift: Shift, to: Served
) -> None:
    going = clock(151)  # 80 % of it are more than two hours
    placed = await running(world, storage, to, going)

    await CLOCKS.run(shift)

    assert await told(owner, placed) == []
    assert await kept(owner, placed) == [("RUNNING", going.due_at, going.at_risk_at)]


async def test_several_workers_at_once_tell_of_each_clock_once(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, shift: Shift, to: Served
) -> None:
    late, near = [clock(60) for _ in range(10)], [clock(130) for _ in range(10)]
    orders = [await running(world, storage, to, *pair) for pair in zip(late, near, strict=True)]

    await asyncio.gather(CLOCKS.run(shift), CLOCKS.run(shift), CLOCKS.run(shift), CLOCKS.run(shift))
    await CLOCKS.run(shift)

    for placed, breached, at_risk in zip(orders, late, near, strict=True):
        assert sorted(await told(owner, placed)) == ["sla_at_risk", "sla_breached"]
        assert sorted(await kept(owner, placed), key=lambda row: row[1]) == [
            ("BREACHED", breached.due_at, None),
            ("RUNNING", at_risk.due_at, at_risk.due_at),
        ]


async def test_what_is_told_says_which_clock_of_which_step_and_since_when(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, shift: Shift, to: Served
) -> None:
    placed = order(world, to, clocks=[])
    late = clock(60, step_id=placed.steps[1].id, measures=SlaKind.FIRST_RESPONSE)
    placed.clocks = [late]
    await keep(storage, world.caller(), placed)

    await CLOCKS.run(shift)

    assert late.due_at is not None
    row = (await owner.fetch(TOLD, placed.id))[-1]
    assert row["action"] == "service_order.sla_breached"
    assert json.loads(row["details"]) == {
        "clock_id": str(late.id),
        "measures": "FIRST_RESPONSE",
        "step": "file",
        "due_at": late.due_at.isoformat().replace("+00:00", "Z"),
    }


async def test_who_holds_an_order_while_its_time_runs_out_does_not_hide_it(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, shift: Shift, to: Served
) -> None:
    late = [clock(60) for _ in range(10)]
    orders = [await running(world, storage, to, each) for each in late]
    holding = [HoldServiceOrder(id=placed.id, reason="No answer") for placed in orders]

    await asyncio.gather(
        CLOCKS.run(shift),
        *(run(hold, world.caller(), storage) for hold in holding),
        CLOCKS.run(shift),
    )
    await CLOCKS.run(shift)

    pauses = "SELECT jsonb_array_length(pauses) FROM sla_clocks WHERE order_id = $1"
    for placed, breached in zip(orders, late, strict=True):
        assert sorted(await told(owner, placed)) == ["held", "sla_breached"]
        assert await kept(owner, placed) == [("BREACHED", breached.due_at, None)]
        assert await owner.fetchval(pauses, placed.id) == 1


async def test_more_time_and_less_is_told_of_again(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, shift: Shift, to: Served
) -> None:
    placed = await running(world, storage, to, clock(100))
    await CLOCKS.run(shift)
    for priority in (Priority.LOW, Priority.HIGH):
        change = SetServiceOrderPriority(id=placed.id, priority=priority)
        await done(change, world, storage)

    await CLOCKS.run(shift)
    await CLOCKS.run(shift)

    assert await told(owner, placed) == [
        *("sla_breached", "prioritized", "prioritized", "sla_breached")
    ]


# Calendars that change


async def by_calendar(
    world: World, storage: SqlStorage, to: Served
) -> tuple[BusinessCalendar, ServiceOrder, SlaClock]:
    """An order that still has days, by a calendar that is open all week."""
    week = hours("00:00", "00:00", *Weekday)
    open_always = calendar(time_zone="UTC", hours=week)
    await keep(storage, world.caller(), open_always)
    going = clock(7 * 24 * 60, by=BusinessHours(open_always))
    placed = await running(world, storage, to, going, calendar_id=open_always.id)
    return open_always, placed, going


async def change(
    calendar: BusinessCalendar, world: World, storage: SqlStorage, **values: Any
) -> None:
    update = UpdateRecord(kind=BusinessCalendar, id=calendar.id, given=values)
    await run(update, world.caller(), storage)


async def test_clocks_go_by_their_calendar_as_it_is_now(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, shift: Shift, to: Served
) -> None:
    always, placed, going = await by_calendar(world, storage, to)
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    holiday = SpecialDays(name="Holiday", first=tomorrow, last=tomorrow + timedelta(days=1))
    await change(always, world, storage, special_days=[holiday])

    await asyncio.gather(CLOCKS.run(shift), CLOCKS.run(shift), CLOCKS.run(shift))
    await CLOCKS.run(shift)

    assert going.due_at is not None
    assert going.at_risk_at is not None
    two_days = timedelta(days=2)
    assert await told(owner, placed) == ["sla_rescheduled"]
    assert await kept(owner, placed) == [
        ("RUNNING", going.due_at + two_days, going.at_risk_at + two_days)
    ]


async def test_what_does_not_move_a_clock_is_not_told_of(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, shift: Shift, to: Served
) -> None:
    always, placed, going = await by_calendar(world, storage, to)
    await change(always, world, storage, name="Always open")

    await CLOCKS.run(shift)

    version = "SELECT calendar_version FROM sla_clocks WHERE order_id = $1"
    assert await told(owner, placed) == []
    assert await owner.fetchval(version, placed.id) == 2
    assert await kept(owner, placed) == [("RUNNING", going.due_at, going.at_risk_at)]


async def test_it_says_when_there_is_something_to_tell_next(
    storage: SqlStorage, world: World, shift: Shift, to: Served
) -> None:
    await running(world, storage, to, clock(1, timedelta(seconds=40)))

    pause = await CLOCKS.run(shift)

    assert pause is not None
    assert 0 < pause <= 8 + 1  # 80 % of a minute are 48 seconds
