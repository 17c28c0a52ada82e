"""Rounds do what is due in every organization, whatever is refused, until they are to stop."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from domain.departments import Department
from server.jobs import Shift
from server.jobs.rounds import Due, rounds
from tests.conftest import World, new_world
from tests.persistence.contents import unchanged
from tests.server.shifts import on_shift
from usecases.ports import UnitOfWork
from usecases.reads import Reads
from usecases.reads.kit import Whole
from usecases.records import CreateRecord

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CODES = """SELECT code FROM departments WHERE organization_id = $1 AND code LIKE 'R%'
  ORDER BY code"""
Asked = Callable[[Reads, datetime], Awaitable[Due]]


@pytest.fixture
async def shift(fresh_database: str) -> AsyncIterator[Shift]:
    async with on_shift(fresh_database) as shift:
        yield replace(shift, now=lambda: NOW)


@pytest.fixture
async def past(fresh_database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(fresh_database)
    yield connection
    await connection.close()


@pytest.fixture
async def worlds(shift: Shift) -> list[World]:
    return [await new_world(shift.storage) for _ in range(2)]


def creating(code: str) -> CreateRecord[Department]:
    """Something that is done; without a code, something that is refused."""
    return CreateRecord(kind=Department, given={"code": code, "name": "Made on a round"})


@dataclass(frozen=True, kw_only=True)
class Last(CreateRecord[Department]):
    """The worker is told to end while this is done."""

    shift: Shift

    async def execute(self, uow: UnitOfWork) -> Department:
        self.shift.stop.set()
        made: Department = await super().execute(uow)
        return made


def always(*codes: str, more: bool = False, next_at: datetime | None = None) -> Asked:
    async def due(_read: Reads, _now: datetime) -> Due:
        return Due([creating(code) for code in codes], more=more, next_at=next_at)

    return due


async def made(past: asyncpg.Connection, world: World) -> list[str]:
    return [row["code"] for row in await past.fetch(CODES, world.organization.id)]


async def test_each_organization_is_asked_for_itself_and_at_the_shifts_time(
    shift: Shift, worlds: list[World], past: asyncpg.Connection
) -> None:
    asked = []

    async def due(read: Reads, now: datetime) -> Due:
        own = (await read.organizations.own([Whole.ORGANIZATION]))[Whole.ORGANIZATION]
        asked.append((own.id, now))
        return Due([creating(f"R-{own.id.hex[-12:]}")])

    assert await rounds("testing", every=60, due=due).run(shift) is None

    assert sorted(asked) == sorted((world.organization.id, NOW) for world in worlds)
    for world in worlds:
        assert await made(past, world) == [f"R-{world.organization.id.hex[-12:]}"]


async def test_one_that_is_refused_stops_no_other(
    shift: Shift,
    worlds: list[World],
    past: asyncpg.Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    job = rounds("testing", every=60, due=always("R1", "", "R1", "R2"))

    with caplog.at_level(logging.WARNING, "server.jobs.rounds"):
        assert await job.run(shift) is None

    for world in worlds:
        assert await made(past, world) == ["R1", "R2"]
    refusals = [record.getMessage() for record in caplog.records]
    assert len(refusals) == 2 * len(worlds)
    assert all(said.startswith("testing: CreateRecord(") for said in refusals)


async def test_it_stops_between_two(
    shift: Shift, worlds: list[World], past: asyncpg.Connection
) -> None:
    async def due(_read: Reads, _now: datetime) -> Due:
        last = Last(kind=Department, given={"code": "R2", "name": "The last one"}, shift=shift)
        return Due([creating("R1"), last, creating("R3")], more=True)

    assert await rounds("testing", every=60, due=due).run(shift) is None

    assert sorted([await made(past, world) for world in worlds]) == [[], ["R1", "R2"]]


async def test_nothing_is_begun_after_the_end(
    shift: Shift, worlds: list[World], past: asyncpg.Connection
) -> None:
    shift.stop.set()

    async with unchanged(past, worlds[0]), unchanged(past, worlds[1]):
        assert await rounds("testing", every=60, due=always("R1")).run(shift) is None


async def test_what_is_left_over_is_done_a_second_later(shift: Shift, worlds: list[World]) -> None:
    assert len(worlds) == 2
    assert await rounds("testing", every=60, due=always("R1", "R2", more=True)).run(shift) == 1.0
    # Nothing of it could be done: no hurry to be refused again.
    assert await rounds("testing", every=60, due=always("R1", "R2", more=True)).run(shift) is None


@pytest.mark.parametrize(("seconds", "pause"), [(40, 40.0), (0.2, 1.0), (-9, 1.0)])
async def test_it_comes_back_when_the_next_one_is_due(
    shift: Shift, worlds: list[World], seconds: float, pause: float
) -> None:
    assert len(worlds) == 2
    at = NOW + timedelta(seconds=seconds)

    assert await rounds("testing", every=60, due=always("R1", next_at=at)).run(shift) == pause


async def test_the_first_organization_that_has_something_to_do_says_when(
    shift: Shift, worlds: list[World]
) -> None:
    seconds = {worlds[0].organization.id: 50, worlds[1].organization.id: 30}

    async def due(read: Reads, now: datetime) -> Due:
        own = (await read.organizations.own([Whole.ORGANIZATION]))[Whole.ORGANIZATION]
        return Due([], next_at=now + timedelta(seconds=seconds[own.id]))

    assert await rounds("testing", every=60, due=due).run(shift) == 30.0
