"""The queue of clocks: what is due, what is at risk, what is late, and how much time is left."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.business_calendars import Weekday
from domain.business_time import AROUND_THE_CLOCK, BusinessHours
from domain.service_definitions import SlaKind, SlaTarget
from domain.service_orders import Priority, ServiceOrder, SlaClock
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.domain.calendars import calendar, hours
from tests.schema.conftest import Ask, public
from tests.service_orders import Served, order, served

MINUTE = timedelta(minutes=1)
NOW = datetime.now(UTC)
QUEUE = """query ($filter: SlaClockFilter, $orderBy: SlaClockOrder, $first: Int, $after: String) {
    slaClocks(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { id }
    }
}"""
EVERYTHING = """{ slaClocks(first: 100) { nodes {
    id measures state targetSeconds time { elapsedSeconds remainingSeconds } startedAt stoppedAt
    dueAt atRisk atRiskAt breached breachedAt paused pauses { since until }
    serviceOrder { number } step { key } calendar { name }
} } }"""


@pytest.fixture
async def to(world: World, storage: SqlStorage) -> Served:
    return await served(world, storage)


def clock(minutes: int = 100, since: int = 60, **values: Any) -> SlaClock:
    """Of so many minutes, which began an hour ago, around the clock."""
    target = SlaTarget(kind=values.pop("measures", SlaKind.RESOLUTION), minutes=minutes)
    by = values.pop("by", AROUND_THE_CLOCK)
    return SlaClock.start(target, Priority.NORMAL, by, NOW - since * MINUTE, **values)


def ended(clock: SlaClock, how: str, ago: int) -> SlaClock:
    """Paused, stopped or cancelled, some minutes ago."""
    getattr(clock, how)(AROUND_THE_CLOCK, NOW - ago * MINUTE)
    return clock


async def running(world: World, storage: SqlStorage, to: Served, *clocks: SlaClock) -> ServiceOrder:
    made = order(world, to, clocks=[*clocks])
    await keep(storage, world.caller(), made)
    return made


def ids(found: Any) -> list[str]:
    return [node["id"] for node in found["slaClocks"]["nodes"]]


async def test_what_is_due_first_comes_first(
    ask: Ask, world: World, storage: SqlStorage, to: Served
) -> None:
    later, first, last = clock(300), clock(30), ended(clock(200), "pause", 10)
    await running(world, storage, to, later, first, last)
    queue = [public(first), public(later), public(last)]

    page = (await ask(QUEUE, first=2))["slaClocks"]
    rest = await ask(QUEUE, after=page["pageInfo"]["endCursor"])
    back = await ask(QUEUE, orderBy={"direction": "DESC"})

    assert [node["id"] for node in page["nodes"]] == queue[:2]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, True)
    assert ids(rest) == queue[2:]
    assert ids(back) == queue[::-1]


async def test_the_queue_is_filtered(
    ask: Ask, world: World, storage: SqlStorage, to: Served
) -> None:
    going = clock(100, measures=SlaKind.FIRST_RESPONSE)
    near, late = clock(70), clock(30)
    late.tell(NOW)
    paused, met = ended(clock(80), "pause", 10), ended(clock(90), "stop", 5)
    too_late = ended(clock(20), "stop", 5)
    await running(world, storage, to, going, near, late, paused, met, too_late)

    async def found(**filter: Any) -> set[str]:
        return {*ids(await ask(QUEUE, filter=filter))}

    def of(*clocks: SlaClock) -> set[str]:
        return {public(each) for each in clocks}

    assert await found(state=["RUNNING"]) == of(going, near)
    assert await found(state=["PAUSED", "MET"]) == of(paused, met)
    assert await found(measures="FIRST_RESPONSE") == of(going)
    assert await found(atRisk=True) == of(near)
    assert await found(atRisk=False) == of(going, late, paused, met, too_late)
    assert await found(breached=True) == of(late, too_late)
    assert await found(breached=False) == of(going, near, paused, met)
    assert await found(dueBefore=(NOW + 20 * MINUTE).isoformat()) == of(near, late, too_late)
    assert await found(atRisk=True, breached=True) == of()


async def test_everybody_has_a_queue_of_what_they_are_to_do(
    ask: Ask, world: World, storage: SqlStorage, to: Served
) -> None:
    made = order(world, to, clocks=[], assignee_id=world.buyer.id)
    made.steps[0].assignee_id = world.approver.id
    whole, step, other = clock(), clock(step_id=made.steps[0].id), clock(step_id=made.steps[1].id)
    made.clocks = [whole, step, other]
    await keep(storage, world.caller(), made)

    async def of(user: Any) -> list[str]:
        return ids(await ask(QUEUE, filter={"assigneeId": public(user)}))

    assert await of(world.buyer) == [public(whole)]
    assert await of(world.approver) == [public(step)]


async def test_a_clock_shows_how_much_business_time_is_left(
    ask: Ask, world: World, storage: SqlStorage, to: Served
) -> None:
    week = hours("00:00", "00:00", *Weekday)
    always = calendar(time_zone="UTC", hours=week)
    await keep(storage, world.caller(), always)
    made = order(world, to, clocks=[])
    going = clock(100, by=BusinessHours(always), step_id=made.steps[0].id)
    done = ended(ended(ended(clock(30), "pause", 40), "resume", 20), "stop", 5)
    made.clocks = [going, done]
    await keep(storage, world.caller(), made)

    earliest = datetime.now(UTC)
    stopped, running = (await ask(EVERYTHING))["slaClocks"]["nodes"]
    latest = datetime.now(UTC)

    assert stopped == {
        "id": public(done),
        "measures": "RESOLUTION",
        "state": "BREACHED_STOPPED",
        "targetSeconds": 1800,
        "time": {"elapsedSeconds": 2100, "remainingSeconds": -300},
        "startedAt": said(-60),
        "stoppedAt": said(-5),
        "dueAt": said(-10),
        "atRisk": False,
        "atRiskAt": said(-16),
        "breached": True,
        "breachedAt": said(-10),
        "paused": False,
        "pauses": [{"since": said(-40), "until": said(-20)}],
        "serviceOrder": {"number": made.number},
        "step": None,
        "calendar": None,
    }
    elapsed = running["time"]["elapsedSeconds"]
    since = NOW - 60 * MINUTE
    assert (earliest - since).total_seconds() - 1 < elapsed <= (latest - since).total_seconds()
    assert running["time"]["remainingSeconds"] == 6000 - elapsed
    assert (running["state"], running["dueAt"], running["stoppedAt"]) == ("RUNNING", said(40), None)
    assert (running["step"], running["calendar"]) == ({"key": "collect"}, {"name": "Head office"})


def said(minutes: int) -> str:
    return (NOW + minutes * MINUTE).replace(tzinfo=None).isoformat() + "Z"


async def test_a_queue_of_many_costs_as_many_statements_as_one_of_few(
    ask: Ask, world: World, storage: SqlStorage, statements: list[str], to: Served
) -> None:
    calendars = [calendar(name=f"Calendar {n}") for n in range(3)]
    await keep(storage, world.caller(), *calendars)

    async def add(number: int) -> None:
        for n in range(number):
            made = order(world, to, clocks=[])
            by = BusinessHours(calendars[n % 3])
            made.clocks = [clock(by=by), clock(by=by, step_id=made.steps[0].id)]
            await keep(storage, world.caller(), made)

    counts = []
    for number in (1, 9):
        await add(number)
        statements.clear()
        found = await ask(EVERYTHING)
        counts.append((len(found["slaClocks"]["nodes"]), len(statements)))

    # Clocks, their orders, steps and calendars, and the calendars again for the time.
    assert counts == [(2, 5), (20, 5)]


async def test_an_order_shows_its_clocks(
    ask: Ask, world: World, storage: SqlStorage, statements: list[str], to: Served
) -> None:
    made = await running(world, storage, to, clock(100), clock(50, since=30))
    await running(world, storage, to, clock())
    statements.clear()

    found = await ask(
        """{ serviceOrders(first: 50) { nodes {
            id clocks { targetSeconds time { elapsedSeconds } } } } }"""
    )

    [clocks] = [
        node["clocks"] for node in found["serviceOrders"]["nodes"] if node["id"] == public(made)
    ]
    assert [each["targetSeconds"] for each in clocks] == [6000, 3000]
    assert len(statements) == 2  # orders and clocks: nothing has to be asked of no calendar
