"""The worker begins and ends subscriptions in time, once, however many workers there are."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from domain.package_subscriptions import PackageSubscription
from persistence.storage import SqlStorage
from server.jobs import Shift
from server.jobs.subscriptions import SUBSCRIPTIONS
from tests.conftest import World, new_world
from tests.domain import subscriptions as make
from tests.persistence.contents import actions, unchanged
from tests.server.shifts import on_shift
from tests.usecases.subscriptions import balances, catalogue, sold

DAY = timedelta(days=1)


@pytest.fixture
async def shift(fresh_database: str) -> AsyncIterator[Shift]:
    async with on_shift(fresh_database) as shift:
        yield shift


@pytest.fixture
async def past(fresh_database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(fresh_database)
    yield connection
    await connection.close()


class Shop:
    """A world with a company that buys one package again and again."""

    def __init__(self, world: World, storage: SqlStorage) -> None:
        self.world, self.storage = world, storage
        self.service, self.company = make.service(), make.company()
        self.package = make.package(make.item(self.service.id))

    async def sold(self, at: datetime, starts_at: datetime | None = None) -> PackageSubscription:
        return await sold(
            self.world, self.storage, self.package, self.company, at, starts_at=starts_at
        )


@pytest.fixture
async def shop(shift: Shift) -> Shop:
    made = Shop(await new_world(shift.storage), shift.storage)
    await catalogue(made.world, shift.storage, made.service, made.company)
    await catalogue(made.world, shift.storage, made.package)
    return made


def now() -> datetime:
    return datetime.now(UTC)


async def told(past: asyncpg.Connection, of: PackageSubscription) -> list[str]:
    return [action.partition(".")[2] for action in await actions(past, of.id)]


async def test_several_workers_at_once_begin_and_end_each_once(
    shift: Shift, shop: Shop, past: asyncpg.Connection
) -> None:
    over = [await shop.sold(now() - make.MONTH - DAY) for _ in range(8)]
    begun = [await shop.sold(now() - 2 * DAY, now() - DAY) for _ in range(8)]
    both = await shop.sold(now() - 3 * make.MONTH, now() - 2 * make.MONTH)

    pauses = await asyncio.gather(*(SUBSCRIPTIONS.run(shift) for _ in range(3)))

    assert pauses == [None, None, None]
    for subscription in over:
        assert await told(past, subscription) == ["assigned", "expired"]
        assert await balances(past, subscription) == [(2, 0, 2)]
    for subscription in begun:
        assert await told(past, subscription) == ["assigned", "begun"]
    assert await told(past, both) == ["assigned", "begun", "expired"]


async def test_what_is_not_due_stays(shift: Shift, shop: Shop, past: asyncpg.Connection) -> None:
    await shop.sold(now())
    await shop.sold(now(), now() + DAY)
    for status in ("PAUSED", "CANCELLED", "EXPIRED"):
        other = await shop.sold(now() - make.MONTH - DAY)
        await past.execute(
            "UPDATE package_subscriptions SET status = $2 WHERE id = $1", other.id, status
        )

    async with unchanged(past, shop.world):
        assert await SUBSCRIPTIONS.run(shift) is None


async def test_it_comes_back_when_the_next_one_is_due(
    shift: Shift, shop: Shop, past: asyncpg.Connection
) -> None:
    ending = await shop.sold(now() - make.MONTH + timedelta(seconds=40))
    await shop.sold(now(), now() + timedelta(seconds=50))
    over = await shop.sold(now() - make.MONTH - DAY)

    pause = await SUBSCRIPTIONS.run(shift)

    assert pause is not None
    assert 30 < pause <= 40
    assert await told(past, ending) == ["assigned"]
    assert await told(past, over) == ["assigned", "expired"]


async def test_it_stops_between_two(shift: Shift, shop: Shop, past: asyncpg.Connection) -> None:
    await shop.sold(now() - make.MONTH - DAY)
    shift.stop.set()

    async with unchanged(past, shop.world):
        assert await SUBSCRIPTIONS.run(shift) is None
