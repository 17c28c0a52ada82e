"""The worker lets quotations expire after their last day, once, however many workers there are."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from domain.quotations import Quotation
from server.jobs import Shift
from server.jobs.quotations import QUOTATIONS
from tests.conftest import World, new_world
from tests.persistence.contents import entries, unchanged
from tests.server.shifts import on_shift
from tests.usecases.selling import accepted, buyer, quoted, sent

TODAY = datetime.now(ZoneInfo("Asia/Riyadh")).date()
DAY = timedelta(days=1)
EXPIRED = """SELECT number FROM quotations
  WHERE organization_id = $1 AND status = 'EXPIRED' AND decided_at IS NOT NULL ORDER BY number"""


@pytest.fixture
async def shift(fresh_database: str) -> AsyncIterator[Shift]:
    async with on_shift(fresh_database) as shift:
        yield shift


@pytest.fixture
async def past(fresh_database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(fresh_database)
    yield connection
    await connection.close()


@pytest.fixture
async def seller(shift: Shift) -> World:
    return await new_world(shift.storage)


async def lapsed(past: asyncpg.Connection, *quotations: Quotation) -> list[str]:
    """Their last day was yesterday; their numbers."""
    change = "UPDATE quotations SET valid_until = $2 WHERE id = $1"
    for each in quotations:
        await past.execute(change, each.id, TODAY - DAY)
    return [each.number for each in quotations]


async def expired(past: asyncpg.Connection, world: World) -> list[str]:
    return [row["number"] for row in await past.fetch(EXPIRED, world.organization.id)]


async def test_several_workers_at_once_let_each_go_once(
    shift: Shift, seller: World, past: asyncpg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    other = await new_world(shift.storage)
    over = {}
    for world in (seller, other):
        customer = await buyer(world, shift.storage)
        over[world] = [await sent(world, shift.storage, customer) for _ in range(10)]
        await lapsed(past, *over[world])

    with caplog.at_level(logging.WARNING, "server.jobs.rounds"):
        pauses = await asyncio.gather(*(QUOTATIONS.run(shift) for _ in range(3)))

    assert pauses == [None, None, None]
    assert caplog.messages == []  # whoever comes second has nothing to complain of
    for world, quotations in over.items():
        assert await expired(past, world) == [each.number for each in quotations]
        for each in quotations:
            told = [row["action"].partition(".")[2] for row in await entries(past, each.id)]
            assert told == ["created", "sent", "expired"]


async def test_only_what_was_sent_and_is_over_goes(
    shift: Shift, seller: World, past: asyncpg.Connection
) -> None:
    customer = await buyer(seller, shift.storage)
    await sent(seller, shift.storage, customer, valid_until=TODAY)
    await sent(seller, shift.storage, customer)
    await lapsed(
        past,
        await quoted(seller, shift.storage, customer),
        await accepted(seller, shift.storage, customer),
    )

    async with unchanged(past, seller):
        assert await QUOTATIONS.run(shift) is None


async def test_the_last_day_ends_where_the_organization_is(
    shift: Shift, seller: World, past: asyncpg.Connection
) -> None:
    """Nowhere on earth is it as early as twelve hours west of Greenwich."""
    [number] = await lapsed(
        past, await sent(seller, shift.storage, await buyer(seller, shift.storage))
    )
    day = "UPDATE quotations SET valid_until = $1"
    move = "UPDATE organizations SET time_zone = $1"
    await past.execute(day, datetime.now(ZoneInfo("Etc/GMT+12")).date())
    await past.execute(move, "Etc/GMT+12")
    async with unchanged(past, seller):
        assert await QUOTATIONS.run(shift) is None

    await past.execute(move, "Etc/GMT-14")  # where it is a later day by now, at any time
    assert await QUOTATIONS.run(shift) is None

    assert await expired(past, seller) == [number]


async def test_a_worker_whose_clock_is_fast_lets_nothing_go(
    shift: Shift, seller: World, past: asyncpg.Connection
) -> None:
    await sent(seller, shift.storage, await buyer(seller, shift.storage), valid_until=TODAY + DAY)
    ahead = replace(shift, now=lambda: shift.now() + 10 * DAY)

    async with unchanged(past, seller):
        assert await QUOTATIONS.run(ahead) is None
