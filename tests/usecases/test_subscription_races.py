"""Many at once, on connections of their own: no unit is taken twice, and none is lost."""

from asyncio import Event, gather
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domain.kit.errors import IllegalMove
from domain.package_subscriptions import PackageSubscription
from domain.service_definitions import ServiceDefinition
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.domain import subscriptions as make
from tests.persistence.contents import actions
from tests.usecases.services import offered
from tests.usecases.subscriptions import balances, catalogue, sold
from usecases.kit import run
from usecases.package_subscriptions import (
    AdvancePackageSubscription,
    CancelPackageSubscription,
    PausePackageSubscription,
    RenewPackageSubscription,
)
from usecases.service_orders import CancelServiceOrder, PlaceServiceOrder

ROUNDS = 50
AT_ONCE = 6


def kinds(outcomes: Iterable[Any]) -> dict[str, int]:
    names = [type(outcome).__name__ for outcome in outcomes]
    return {name: names.count(name) for name in sorted({*names})}


@pytest.fixture
async def service(world: World, storage: SqlStorage) -> ServiceDefinition:
    return await offered(world, storage)


async def bought(
    world: World, storage: SqlStorage, service: ServiceDefinition, units: int
) -> PackageSubscription:
    """By a company that nobody knows yet."""
    package, company = make.package(make.item(service.id, units)), make.company()
    await catalogue(world, storage, package, company)
    return await sold(world, storage, package, company)


def placing(service: ServiceDefinition, of: PackageSubscription) -> PlaceServiceOrder:
    return PlaceServiceOrder(service_definition_id=service.id, company_id=of.customer_id)


async def ended(owner: asyncpg.Connection, of: PackageSubscription) -> None:
    await owner.execute("UPDATE package_subscriptions SET ends_at = now() WHERE id = $1", of.id)


async def test_the_last_units_are_taken_once_and_the_others_pay(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, service: ServiceDefinition
) -> None:
    for n in range(ROUNDS):
        units = 1 + n % 3
        subscription = await bought(world, storage, service, units)
        place = placing(service, subscription)

        outcomes = await gather(
            *(run(place, world.caller(), storage) for _ in range(AT_ONCE)), return_exceptions=True
        )

        assert kinds(outcomes) == {"Done": AT_ONCE}
        assert await balances(owner, subscription) == [(units, units, 0)]
        totals = await owner.fetch(
            "SELECT total, allocation_id IS NOT NULL AS covered FROM service_orders"
            " WHERE customer_id = $1 ORDER BY total",
            subscription.customer_id,
        )
        assert [(row["total"], row["covered"]) for row in totals] == [
            *[(Decimal(0), True)] * units,
            *[(Decimal(115), False)] * (AT_ONCE - units),
        ]


async def test_what_is_given_back_while_others_take_is_never_there_twice(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, service: ServiceDefinition
) -> None:
    for _ in range(ROUNDS):
        subscription = await bought(world, storage, service, 2)
        place = placing(service, subscription)
        orders = [(await run(place, world.caller(), storage)).id for _ in range(2)]

        outcomes = await gather(
            *(run(CancelServiceOrder(id=id), world.caller(), storage) for id in orders),
            *(run(place, world.caller(), storage) for _ in range(3)),
            return_exceptions=True,
        )

        assert kinds(outcomes) == {"Done": 5}
        [(total, used, expired)] = await balances(owner, subscription)
        assert (total, expired) == (2, 0)
        held = await owner.fetchval(
            "SELECT count(*) FROM service_orders WHERE customer_id = $1"
            " AND allocation_id IS NOT NULL AND status <> 'CANCELLED'",
            subscription.customer_id,
        )
        assert held == used <= 2


async def test_what_is_paused_covers_nothing_from_then_on(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, service: ServiceDefinition
) -> None:
    """One after the other takes a unit; somewhere in between it is paused."""
    for _ in range(ROUNDS):
        subscription = await bought(world, storage, service, 9)
        place, placed = placing(service, subscription), Event()

        async def several(place: PlaceServiceOrder, placed: Event) -> list[bool]:
            covered = []
            for _ in range(4):
                order = (await run(place, world.caller(), storage)).record
                assert order is not None
                covered.append(order.allocation_id is not None)
                placed.set()
            return covered

        async def pause(id: UUID, placed: Event) -> None:
            await placed.wait()
            await run(PausePackageSubscription(id=id), world.caller(), storage)

        first, second, _ = await gather(
            several(place, placed), several(place, placed), pause(subscription.id, placed)
        )

        taken = [*first, *second].count(True)
        past = [action.partition(".")[2] for action in await actions(owner, subscription.id)]
        assert past == ["assigned", *["consumed"] * taken, "paused"]
        for covered in (first, second):
            assert covered == sorted(covered, reverse=True)  # once it is paused, no more
        assert await balances(owner, subscription) == [(9, taken, 0)]


async def test_it_is_renewed_once(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, service: ServiceDefinition
) -> None:
    for _ in range(ROUNDS):
        subscription = await bought(world, storage, service, 2)
        await ended(owner, subscription)
        renew = RenewPackageSubscription(id=subscription.id)

        outcomes = await gather(
            *(run(renew, world.caller(), storage) for _ in range(3)), return_exceptions=True
        )

        assert kinds(outcomes) == {"Done": 1, "IllegalMove": 2}
        said = {str(outcome) for outcome in outcomes if isinstance(outcome, IllegalMove)}
        assert said == {"cannot renew while ACTIVE"}
        assert await balances(owner, subscription) == [(2, 0, 2), (2, 0, 0)]
        query = "SELECT count(*) FROM sales_invoices WHERE subscription_id = $1"
        assert await owner.fetchval(query, subscription.id) == 1


async def test_whatever_comes_at_once_with_its_end_the_ledger_adds_up(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, service: ServiceDefinition
) -> None:
    for _ in range(ROUNDS):
        subscription = await bought(world, storage, service, 3)
        place = placing(service, subscription)
        order = (await run(place, world.caller(), storage)).id

        outcomes = await gather(
            run(CancelPackageSubscription(id=subscription.id), world.caller(), storage),
            run(AdvancePackageSubscription(id=subscription.id), world.caller(), storage),
            run(CancelServiceOrder(id=order), world.caller(), storage),
            run(place, world.caller(), storage),
            return_exceptions=True,
        )

        assert kinds(outcomes) == {"Done": 4}
        [(total, used, expired)] = await balances(owner, subscription)
        assert total == used + expired == 3
        assert used in {0, 1}


async def test_a_client_and_their_companies_use_what_is_the_clients_without_waiting_in_a_circle(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, service: ServiceDefinition
) -> None:
    client, package = make.client(), make.package(make.item(service.id, 5))
    await catalogue(world, storage, client, package)
    companies = [make.company(client_id=client.id) for _ in range(3)]
    await catalogue(world, storage, *companies)
    subscriptions = [
        await sold(world, storage, package, customer) for customer in (client, *companies) * 2
    ]
    places: list[PlaceServiceOrder] = [
        *[PlaceServiceOrder(service_definition_id=service.id, client_id=client.id)] * 6,
        *(
            PlaceServiceOrder(service_definition_id=service.id, company_id=company.id)
            for company in companies * 12
        ),
    ]

    outcomes = await gather(
        *(run(place, world.caller(), storage) for place in places), return_exceptions=True
    )

    assert kinds(outcomes) == {"Done": 42}
    used = [(await balances(owner, each))[0][1] for each in subscriptions]
    # Each company uses its own ten; of the client's ten, the client and the companies all.
    assert sum(used) == 40
