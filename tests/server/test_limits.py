"""How much a credential may send: exactly its limit, however many processes serve it."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.kit.ids import new_id
from domain.organizations import Plan
from server.limits import PLANS, STRANGERS, Budget, Limits
from tests.conftest import World
from tests.server.clocks import Clock
from tests.server.statements import sent_by
from usecases.gate import Allowance, TooManyRequests

MORNING = datetime(2026, 3, 2, 8, 30, 20, tzinfo=UTC)
MINUTE_ENDS = int(datetime(2026, 3, 2, 8, 31, tzinfo=UTC).timestamp())
DAY_ENDS = int(datetime(2026, 3, 3, tzinfo=UTC).timestamp())


@pytest.fixture
def clock() -> Clock:
    return Clock(MORNING)


@pytest.fixture
def limits(engine: AsyncEngine, clock: Clock) -> Limits:
    return Limits(engine, clock=clock)


def budget(
    world: World, a_minute: int | None, a_day: int | None = None, of: UUID | None = None
) -> Budget:
    return Budget(
        organization_id=world.organization.id,
        credential_id=of or new_id(),
        a_minute=a_minute,
        a_day=a_day,
    )


async def admitted(limits: Limits, budget: Budget, cost: int = 1) -> bool:
    try:
        await limits.admit(budget, cost)
    except TooManyRequests:
        return False
    return True


async def rush(all_limits: Iterable[Limits], budget: Budget, times: int) -> int:
    """How many of so many parallel requests to each process are admitted."""
    answers = await asyncio.gather(
        *(admitted(limits, budget) for _ in range(times) for limits in all_limits)
    )
    return sum(answers)


def test_plans_say_how_much() -> None:
    assert PLANS == {
        Plan.BASIC: (60, 1000),
        Plan.PROFESSIONAL: (300, 10_000),
        Plan.ENTERPRISE: (1000, None),
    }


@pytest.mark.parametrize(
    ("requests_per_minute", "expected"), [(None, (60, 1000)), (600, (600, 1000)), (0, (None, None))]
)
def test_a_credential_may_have_a_limit_of_its_own(
    requests_per_minute: int | None, expected: tuple[int | None, int | None]
) -> None:
    found = Budget.of(new_id(), new_id(), Plan.BASIC, requests_per_minute)
    assert (found.a_minute, found.a_day) == expected


async def test_an_allowance_counts_down_to_the_end_of_the_minute(
    limits: Limits, world: World
) -> None:
    three = budget(world, 3)

    allowances = [await limits.admit(three) for _ in range(3)]
    with pytest.raises(TooManyRequests) as refused:
        await limits.admit(three)

    assert allowances == [Allowance(3, left, MINUTE_ENDS) for left in (2, 1, 0)]
    assert refused.value.allowance == Allowance(3, 0, MINUTE_ENDS, retry_after=40)
    assert refused.value.message == "too many requests: try again in 40 seconds"


async def test_the_next_minute_is_a_new_one(limits: Limits, world: World, clock: Clock) -> None:
    two = budget(world, 2)
    assert await rush([limits], two, 5) == 2

    clock.pass_by(39)
    assert not await admitted(limits, two)
    clock.pass_by(1)
    assert await limits.admit(two) == Allowance(2, 1, MINUTE_ENDS + 60)


@pytest.mark.parametrize("limit", [1, 7, 60, 300])
async def test_500_parallel_requests_to_two_processes_get_exactly_the_limit(
    engine: AsyncEngine, world: World, clock: Clock, owner: asyncpg.Connection, limit: int
) -> None:
    processes = [Limits(engine, clock=clock), Limits(engine, clock=clock)]
    shared = budget(world, limit)

    assert await rush(processes, shared, 250) == limit
    assert await rush(processes, shared, 10) == 0
    used = "SELECT used FROM rate_limit_windows WHERE credential_id = $1"
    assert await owner.fetchval(used, shared.credential_id) >= limit


async def test_one_process_never_spends_what_another_has_leased(
    engine: AsyncEngine, world: World, clock: Clock
) -> None:
    shared = budget(world, 80)
    idle, busy = Limits(engine, clock=clock), Limits(engine, clock=clock)
    assert await idle.admit(shared) == Allowance(80, 79, MINUTE_ENDS)

    assert await rush([busy], shared, 100) == 70  # the idle one holds an eighth
    assert await rush([idle], shared, 100) == 9


async def test_what_a_process_has_not_spent_it_gives_back(
    engine: AsyncEngine, world: World, clock: Clock
) -> None:
    shared = budget(world, 80, 1000)
    first, second = Limits(engine, clock=clock), Limits(engine, clock=clock)
    await first.admit(shared)

    await first.close()

    assert await second.admit(shared) == Allowance(80, 78, MINUTE_ENDS)
    assert await rush([second], shared, 100) == 78


async def test_the_day_has_a_limit_too(limits: Limits, world: World, clock: Clock) -> None:
    five_a_day = budget(world, 3, 5)

    assert await rush([limits], five_a_day, 10) == 3
    clock.pass_by(60)
    assert await limits.admit(five_a_day) == Allowance(3, 1, MINUTE_ENDS + 60)
    assert await admitted(limits, five_a_day)
    clock.pass_by(60)
    with pytest.raises(TooManyRequests) as refused:
        await limits.admit(five_a_day)

    until_midnight = DAY_ENDS - int(clock())
    assert refused.value.allowance == Allowance(3, 0, DAY_ENDS, retry_after=until_midnight)
    clock.pass_by(until_midnight)
    assert await limits.admit(five_a_day) == Allowance(3, 2, DAY_ENDS + 60)


async def test_two_processes_share_the_day(engine: AsyncEngine, world: World, clock: Clock) -> None:
    processes = [Limits(engine, clock=clock), Limits(engine, clock=clock)]
    shared = budget(world, 400, 500)

    count = await rush(processes, shared, 250)
    clock.pass_by(60)
    count += await rush(processes, shared, 250)

    assert count == 500


async def test_a_request_that_the_day_refuses_costs_nothing_of_the_minute(
    limits: Limits, world: World
) -> None:
    narrow = budget(world, 10, 1)
    await limits.admit(narrow)
    assert await rush([limits], narrow, 20) == 0

    wide = budget(world, 10, of=narrow.credential_id)
    assert await limits.admit(wide) == Allowance(10, 8, MINUTE_ENDS)


async def test_a_dear_request_takes_more(limits: Limits, world: World) -> None:
    ten = budget(world, 10)

    assert await limits.admit(ten, cost=4) == Allowance(10, 6, MINUTE_ENDS)
    with pytest.raises(TooManyRequests) as refused:
        await limits.admit(ten, cost=7)
    assert refused.value.allowance == Allowance(10, 6, MINUTE_ENDS, retry_after=40)
    assert await limits.admit(ten, cost=6) == Allowance(10, 0, MINUTE_ENDS)


async def test_what_costs_more_than_a_minute_takes_all_of_it(limits: Limits, world: World) -> None:
    ten = budget(world, 10)
    assert await limits.admit(ten, cost=11) == Allowance(10, 0, MINUTE_ENDS)
    assert not await admitted(limits, ten)


async def test_without_a_limit_nothing_is_counted(
    limits: Limits, world: World, engine: AsyncEngine
) -> None:
    lifted = budget(world, None)
    with sent_by(engine) as sent:
        assert await rush([limits], lifted, 500) == 500
    assert sent == []
    assert await limits.admit(lifted) == Allowance(None, 0, MINUTE_ENDS)


async def test_a_limit_that_is_raised_lets_more_through_at_once(
    limits: Limits, world: World
) -> None:
    low = budget(world, 5)
    assert await rush([limits], low, 10) == 5

    high = budget(world, 8, of=low.credential_id)
    assert await rush([limits], high, 10) == 3


async def test_most_requests_write_nothing(
    limits: Limits, world: World, engine: AsyncEngine
) -> None:
    with sent_by(engine) as sent:
        assert await rush([limits], budget(world, 1000), 500) == 500
    leases = [each for each in sent if each.startswith("INSERT INTO rate_limit_windows")]
    assert (len(leases), len(sent)) == (10, 20)

    with sent_by(engine) as sent:
        assert await rush([limits], budget(world, 60, 1000), 60) == 60
    assert len([each for each in sent if each.startswith("INSERT INTO rate_limit_windows")]) == 29


async def test_nothing_is_asked_once_the_minute_is_spent(
    limits: Limits, world: World, engine: AsyncEngine
) -> None:
    five = budget(world, 5)
    await rush([limits], five, 5)
    with sent_by(engine) as sent:
        assert await rush([limits], five, 100) == 0
    assert sent == []


async def test_credentials_have_budgets_of_their_own(
    limits: Limits, world: World, other_world: World
) -> None:
    for mine in (budget(world, 2), budget(world, 2), budget(other_world, 2)):
        assert await rush([limits], mine, 3) == 2


async def test_strangers_are_counted_by_address(limits: Limits, clock: Clock) -> None:
    for left in reversed(range(STRANGERS)):
        assert limits.admit_stranger("192.0.2.1") == Allowance(STRANGERS, left, MINUTE_ENDS)
    with pytest.raises(TooManyRequests) as refused:
        limits.admit_stranger("192.0.2.1")
    assert refused.value.allowance == Allowance(STRANGERS, 0, MINUTE_ENDS, retry_after=40)
    assert limits.admit_stranger("192.0.2.2").remaining == STRANGERS - 1

    clock.pass_by(40)
    assert limits.admit_stranger("192.0.2.1").remaining == STRANGERS - 1


async def test_an_ipv6_network_is_one_stranger(limits: Limits) -> None:
    limits.admit_stranger("2001:db8::1")
    assert limits.admit_stranger("2001:db8::2").remaining == STRANGERS - 2
    assert limits.admit_stranger("2001:db8:0:1::1").remaining == STRANGERS - 1
    assert limits.admit_stranger("no address").remaining == STRANGERS - 1


async def test_a_crowd_of_strangers_takes_bounded_memory(
    limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.limits.MOST_ADDRESSES", 100)
    for number in range(300):
        limits.admit_stranger(f"192.0.{number // 200}.{number % 200}")
    assert len(limits._strangers._sent) == 100


async def test_many_credentials_take_bounded_memory(
    limits: Limits, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.limits.MOST_CREDENTIALS", 10)
    for _ in range(30):
        await limits.admit(budget(world, 5))
    assert len(limits._windows) == 10
