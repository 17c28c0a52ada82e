"""Facts S-47 to S-51: subscriptions, paused, resumed, cancelled and renewed."""

from datetime import datetime, timedelta

import asyncpg
import httpx
import pytest

from persistence.storage import SqlStorage
from tests.conftest import World
from tests.domain import subscriptions as make
from tests.persistence.contents import unchanged
from tests.rest.shrkity.conftest import Login
from tests.rest.shrkity.subscriptions import Shop, assigned, ended, moved, old, opened
from tests.usecases.subscriptions import catalogue, sold


@pytest.fixture
async def shop(world: World, storage: SqlStorage) -> Shop:
    return await opened(world, storage)


async def test_s_47_s_48_s_51_it_is_paused_and_resumed(
    office: httpx.AsyncClient, shop: Shop, owner: asyncpg.Connection, world: World
) -> None:
    made = await assigned(office, shop)

    paused = await moved(office, made["id"], "pause")
    assert (paused.status_code, paused.json()["status"]) == (200, "paused")
    assert paused.json()["paused_at"] is not None
    await owner.execute(
        "UPDATE package_subscriptions SET paused_at = paused_at - interval '2 days'"
        " WHERE organization_id = $1",
        world.organization.id,
    )
    resumed = await moved(office, made["id"], "resume")
    assert (resumed.status_code, resumed.json()["status"]) == (200, "active")
    assert resumed.json()["paused_at"] is None
    before, after = (datetime.fromisoformat(each["ends_at"]) for each in (made, resumed.json()))
    assert timedelta(days=2) <= after - before < timedelta(days=2, minutes=1)


async def test_s_49_it_is_cancelled(office: httpx.AsyncClient, shop: Shop) -> None:
    made = await assigned(office, shop)

    cancelled = await office.post(f"/subscriptions/{made['id']}/cancel")

    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert [each["remaining"] for each in cancelled.json()["allocations"]] == [0, None]


async def test_s_50_s_51_it_is_renewed(
    office: httpx.AsyncClient, shop: Shop, owner: asyncpg.Connection, world: World
) -> None:
    made = await assigned(office, shop)
    await ended(owner, world)

    renewed = await moved(office, made["id"], "renew")

    assert (renewed.status_code, renewed.json()["status"]) == (200, "active")
    assert renewed.json()["allocations"][0]["remaining"] == 3
    assert renewed.json()["allocations"][0]["id"] != made["allocations"][0]["id"]


@pytest.mark.parametrize(
    ("first", "action"),
    [
        (None, "resume"),
        (None, "renew"),
        ("pause", "pause"),
        ("pause", "renew"),
        ("cancel", "pause"),
        ("cancel", "resume"),
        ("cancel", "cancel"),
        ("cancel", "renew"),
    ],
)
async def test_s_50_a_wrong_state_is_409(
    login: Login,
    world: World,
    shop: Shop,
    owner: asyncpg.Connection,
    first: str | None,
    action: str,
) -> None:
    unlimited = await login(world, limit=0)
    id = (await assigned(unlimited, shop))["id"]
    if first is not None:
        await moved(unlimited, id, first)

    async with unchanged(owner, world):
        answer = await moved(unlimited, id, action)

    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_state")


async def test_s_50_only_renewable_packages_are_renewed(
    office: httpx.AsyncClient,
    world: World,
    storage: SqlStorage,
    shop: Shop,
    owner: asyncpg.Connection,
) -> None:
    package = make.package(make.item(shop.service.id), renewable=False)
    await catalogue(world, storage, package)
    made = await sold(world, storage, package, shop.company)
    await ended(owner, world)

    answer = await moved(office, old(made), "renew")

    assert answer.status_code == 409
    assert answer.json() == {
        "message": "This package cannot be renewed.",
        "code": "invalid_state",
    }
