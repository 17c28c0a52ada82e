"""Leaky buckets: never more than the bucket holds and leaks, however many processes lease."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.callers import Channel
from domain.kit.ids import new_id
from persistence.storage import SqlStorage
from server.buckets import APP, STORE, Buckets, Leak, LeakyBudget
from server.gate import CredentialGate
from tests import make
from tests.conftest import World
from tests.server.clocks import Clock
from tests.server.gates import enter, issued
from tests.server.statements import sent_by
from usecases.gate import Allowance, TooManyRequests

NOON = int(make.NOON.timestamp())


@pytest.fixture
def clock() -> Clock:
    return Clock(make.NOON)


@pytest.fixture
def buckets(engine: AsyncEngine, clock: Clock) -> Buckets:
    return Buckets(engine, clock)


def budget(world: World, *leaks: Leak) -> LeakyBudget:
    """A bucket for each of the leaks, of holders that nobody else has."""
    holders = [(new_id(), leak) for leak in leaks]
    return LeakyBudget(organization_id=world.organization.id, leaks=tuple(holders))


async def admitted(buckets: Buckets, budget: LeakyBudget, cost: int = 1) -> bool:
    try:
        await buckets.admit(budget, cost)
    except TooManyRequests:
        return False
    return True


async def rush(processes: Sequence[Buckets], budget: LeakyBudget, times: int) -> int:
    """How many of so many parallel requests to each process are admitted."""
    answers = await asyncio.gather(
        *(admitted(buckets, budget) for _ in range(times) for buckets in processes)
    )
    return sum(answers)


@pytest.mark.parametrize(
    ("a_minute", "app"),
    [(None, APP), (120, Leak(40, 2.0)), (60, Leak(20, 1.0)), (1, Leak(1, 1 / 60))],
)
def test_a_limit_of_its_own_makes_a_bucket_in_proportion(a_minute: int | None, app: Leak) -> None:
    organization_id, credential_id = new_id(), new_id()

    found = LeakyBudget.of(organization_id, credential_id, a_minute)

    assert found.leaks == ((credential_id, app), (organization_id, STORE))


def test_nought_lifts_the_stores_limit_too() -> None:
    assert LeakyBudget.of(new_id(), new_id(), 0).leaks == ()


async def test_an_allowance_tells_the_room_and_when_the_bucket_is_empty(
    buckets: Buckets, world: World
) -> None:
    three = budget(world, Leak(3, 0.5))

    allowances = [await buckets.admit(three, 1) for _ in range(3)]
    with pytest.raises(TooManyRequests) as refused:
        await buckets.admit(three, 1)

    assert allowances == [Allowance(3, 3 - n, NOON + 2 * n) for n in (1, 2, 3)]
    assert refused.value.allowance == Allowance(3, 0, NOON + 6, retry_after=2)
    assert refused.value.message == "too many requests: try again in 2 seconds"


@pytest.mark.parametrize("size", [1, 7, 40, 300])
async def test_500_parallel_requests_to_two_processes_get_exactly_the_bucket(
    engine: AsyncEngine, world: World, clock: Clock, size: int
) -> None:
    processes = [Buckets(engine, clock), Buckets(engine, clock)]
    shared = budget(world, Leak(size, 2.0))

    assert await rush(processes, shared, 250) == size
    assert await rush(processes, shared, 10) == 0


async def test_what_a_process_saves_up_it_does_not_spend_on_top(
    engine: AsyncEngine, world: World, clock: Clock
) -> None:
    """An idle process holds a lease; the bucket empties; together they get one bucket."""
    shared = budget(world, Leak(80, 2.0))
    idle, busy = Buckets(engine, clock), Buckets(engine, clock)
    await idle.admit(shared, 1)  # it has leased twenty

    clock.pass_by(3600)

    assert await rush([busy], shared, 100) + await rush([idle], shared, 100) == 80


async def test_what_one_process_found_full_another_may_not_fill(
    engine: AsyncEngine, world: World, clock: Clock
) -> None:
    shared = budget(world, Leak(10, 1.0))
    first, second = Buckets(engine, clock), Buckets(engine, clock)
    assert await rush([first], shared, 20) == 10
    assert await rush([second], shared, 20) == 0

    clock.pass_by(4)

    assert await rush([second], shared, 20) == 4
    assert await rush([first], shared, 20) == 0


async def test_a_clock_that_is_behind_does_not_turn_time_back(
    engine: AsyncEngine, world: World, clock: Clock
) -> None:
    shared = budget(world, Leak(10, 1.0))
    behind = Buckets(engine, Clock(make.NOON - timedelta(seconds=60)))
    ahead = Buckets(engine, clock)
    assert await rush([ahead], shared, 20) == 10

    assert await rush([behind], shared, 20) == 0
    clock.pass_by(2)
    assert await rush([behind, ahead], shared, 20) == 2


async def test_the_wider_bucket_refuses_without_a_cost_to_the_narrower(
    buckets: Buckets, world: World
) -> None:
    both = budget(world, Leak(10, 1.0), Leak(4, 1.0))
    assert await rush([buckets], both, 20) == 4

    narrow = LeakyBudget(organization_id=both.organization_id, leaks=both.leaks[:1])
    assert (await buckets.admit(narrow, 1)).remaining == 5
    assert await rush([buckets], narrow, 20) == 5


async def test_a_dear_request_takes_more_or_nothing(
    buckets: Buckets, world: World, clock: Clock
) -> None:
    ten = budget(world, Leak(10, 1.0))

    assert (await buckets.admit(ten, 8)).remaining == 2
    with pytest.raises(TooManyRequests) as refused:
        await buckets.admit(ten, 5)
    assert refused.value.allowance == Allowance(10, 2, NOON + 8, retry_after=3)
    clock.pass_by(3)
    assert (await buckets.admit(ten, 5)).remaining == 0


async def test_what_costs_more_than_a_bucket_takes_all_of_it(
    buckets: Buckets, world: World
) -> None:
    ten = budget(world, Leak(10, 1.0))

    assert (await buckets.admit(ten, 11)).remaining == 0
    assert not await admitted(buckets, ten)


async def test_without_a_limit_nothing_is_counted(
    buckets: Buckets, world: World, engine: AsyncEngine
) -> None:
    lifted = budget(world)
    with sent_by(engine) as sent:
        assert await rush([buckets], lifted, 500) == 500
    assert sent == []
    assert (await buckets.admit(lifted, 1)).limit is None


async def test_most_requests_of_a_burst_write_nothing_and_those_refused_never(
    buckets: Buckets, world: World, engine: AsyncEngine
) -> None:
    forty = budget(world, Leak(40, 2.0))
    with sent_by(engine) as sent:
        assert await rush([buckets], forty, 40) == 40
    assert len([each for each in sent if each.startswith("INSERT INTO rate_limit")]) == 14

    with sent_by(engine) as sent:
        assert await rush([buckets], forty, 1000) == 0
    assert sent == []


async def test_many_holders_take_bounded_memory(
    buckets: Buckets, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.buckets.MOST_BUCKETS", 10)
    for _ in range(30):
        await buckets.admit(budget(world, Leak(5, 1.0)), 1)
    assert len(buckets._buckets) == 10


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32), processes=st.integers(1, 3))
async def test_whatever_the_pace_never_more_than_one_bucket_would_let_through(
    engine: AsyncEngine, world: World, seed: int, processes: int
) -> None:
    """Each admission is put into a bucket of the test's own, which must never overflow."""
    random = Random(seed)  # noqa: S311 - for tests
    clock, leak = Clock(make.NOON), Leak(12, 2.0)
    shared = budget(world, leak)
    all_buckets = [Buckets(engine, clock) for _ in range(processes)]
    level = 0.0
    for _ in range(40):
        passed = random.choice([0.0, 0.0, 0.1, 0.5, 1.3, 20.0])
        clock.pass_by(passed)
        level = max(level - passed * leak.per_second, 0.0)
        cost = random.choice([1, 1, 1, 2, 5])
        if await admitted(random.choice(all_buckets), shared, cost):
            level += cost
        assert level <= leak.size + 1e-6


async def test_in_real_time_two_processes_keep_to_the_rate(
    engine: AsyncEngine, world: World
) -> None:
    leak = Leak(10, 40.0)
    shared = budget(world, leak)
    processes = [Buckets(engine, time.time) for _ in range(2)]
    began = time.time()

    count = 0
    while time.time() - began < 1:
        count += await rush(processes, shared, 5)

    assert count <= leak.size + leak.per_second * (time.time() - began)
    assert count >= leak.size + leak.per_second * 0.5


async def test_a_token_of_shoplazza_draws_on_its_buckets_in_the_graph_too(
    engine: AsyncEngine, database_url: str, storage: SqlStorage, world: World, clock: Clock
) -> None:
    secret = (await issued(storage, world, dialect=Channel.SHOPLAZZA)).secret
    gate = CredentialGate(engine, database_url, clock=clock)

    old = await enter(gate, secret, Channel.SHOPLAZZA)
    graph = await enter(gate, secret, Channel.GRAPHQL)

    assert (await gate.admit(old)).remaining == 39
    assert (await gate.admit(graph, cost=9)).remaining == 30
    assert (await gate.admit(old)).limit == 40
