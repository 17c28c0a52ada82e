"""Subscriptions through the graph: sold, moved, and what they cover."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from domain.callers import Permission
from domain.customers import Company
from domain.packages import Package
from domain.service_definitions import ServiceDefinition
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.domain import subscriptions as make
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, public
from tests.usecases.services import offered, placed
from tests.usecases.subscriptions import catalogue, sold

WHOLE = """{ status currency package { name } customer { name __typename } pausedAt cancelledAt
  cancellationReason metadata createdBy { name }
  currentPeriod { position price { amount currency } vatRate }
  periods { position allocations { total } }
  allocations { position unlimited total used expired remaining serviceDefinition { name } }
  invoices { packageSubscription { status } }
  entries { totalCount nodes { kind quantity allocation { position } serviceOrder { number } } }
  transitions { name allowed } auditTrail { action } legacyIds { channel } }"""
ONE = f"query ($id: ID!) {{ packageSubscription(id: $id) {WHOLE} }}"
LIST = """query ($filter: PackageSubscriptionFilter, $order: PackageSubscriptionOrder) {
  packageSubscriptions(filter: $filter, orderBy: $order) { totalCount nodes { id } } }"""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shop:
    service: ServiceDefinition
    package: Package
    company: Company

    @property
    def input(self) -> dict[str, Any]:
        return {"packageId": public(self.package), "customerId": public(self.company)}


@pytest.fixture
async def shop(world: World, storage: SqlStorage) -> Shop:
    service, company = await offered(world, storage), make.company()
    package = make.package(make.item(service.id))
    await catalogue(world, storage, package, company)
    return Shop(service, package, company)


async def test_a_subscription_shows_everything_about_itself(
    ask: Ask, do: Ask, world: World, storage: SqlStorage, shop: Shop
) -> None:
    made = await do("packageSubscriptionAssign", shop.input)
    assert made["errors"] == []
    id = made["packageSubscription"]["id"]
    order = await placed(world, storage, shop.service, company_id=shop.company.id)

    shown = (await ask(ONE, id=id))["packageSubscription"]

    assert shown == {
        "status": "ACTIVE",
        "currency": "SAR",
        "package": {"name": "Care"},
        "customer": {"name": "Najd Trading", "__typename": "Company"},
        "pausedAt": None,
        "cancelledAt": None,
        "cancellationReason": None,
        "metadata": {},
        "createdBy": {"name": "Bea Buyer"},
        "currentPeriod": {
            "position": 1,
            "price": {"amount": "500.00", "currency": "SAR"},
            "vatRate": "15",
        },
        "periods": [{"position": 1, "allocations": [{"total": 2}]}],
        "allocations": [
            {
                "position": 1,
                "unlimited": False,
                "total": 2,
                "used": 1,
                "expired": 0,
                "remaining": 1,
                "serviceDefinition": {"name": shop.service.name},
            }
        ],
        "invoices": [{"packageSubscription": {"status": "ACTIVE"}}],
        "entries": {
            "totalCount": 2,
            "nodes": [
                {
                    "kind": "CONSUME",
                    "quantity": 1,
                    "allocation": {"position": 1},
                    "serviceOrder": {"number": order.number},
                },
                {
                    "kind": "GRANT",
                    "quantity": 2,
                    "allocation": {"position": 1},
                    "serviceOrder": None,
                },
            ],
        },
        "transitions": [
            {"name": "pause", "allowed": True},
            {"name": "resume", "allowed": False},
            {"name": "cancel", "allowed": True},
            {"name": "renew", "allowed": False},
        ],
        "auditTrail": [
            {"action": "package_subscription.assigned"},
            {"action": "package_subscription.consumed"},
        ],
        "legacyIds": [{"channel": "SHRKITY"}],
    }


async def test_it_goes_its_way(
    do: Ask, world: World, shop: Shop, owner: asyncpg.Connection
) -> None:
    made = await do("packageSubscriptionAssign", shop.input, "{ id version }")
    id = made["packageSubscription"]["id"]

    async def move(verb: str, **values: Any) -> Any:
        payload = await do(f"packageSubscription{verb}", {"id": id} | values, WHOLE)
        assert payload["errors"] == []
        return payload["packageSubscription"]

    assert (await move("Pause", expectedVersion=1))["status"] == "PAUSED"
    assert (await move("Resume"))["status"] == "ACTIVE"
    await owner.execute(
        "UPDATE package_subscriptions SET ends_at = now() WHERE organization_id = $1",
        world.organization.id,
    )
    renewed = await move("Renew")
    assert (renewed["status"], renewed["currentPeriod"]["position"]) == ("ACTIVE", 2)
    assert [each["position"] for each in renewed["periods"]] == [1, 2]
    assert [each["used"] for each in renewed["allocations"]] == [0]
    cancelled = await move("Cancel", reason="Moved away.")
    assert (cancelled["status"], cancelled["cancellationReason"]) == ("CANCELLED", "Moved away.")
    assert cancelled["entries"]["totalCount"] == 4


async def test_what_has_ended_shows_that_it_can_be_renewed_before_anybody_puts_it_down(
    ask: Ask, world: World, storage: SqlStorage, shop: Shop
) -> None:
    made = await sold(
        world, storage, shop.package, shop.company, datetime.now(UTC) - make.MONTH - DAY
    )

    shown = (await ask(ONE, id=public(made)))["packageSubscription"]

    assert shown["status"] == "ACTIVE"
    assert [each["name"] for each in shown["transitions"] if each["allowed"]] == ["renew"]


async def test_refusals_come_as_data_and_change_nothing(
    do: Ask, world: World, storage: SqlStorage, shop: Shop, owner: asyncpg.Connection
) -> None:
    made = await sold(world, storage, shop.package, shop.company)
    id = public(made)

    async with unchanged(owner, world):
        wrong = await do("packageSubscriptionResume", {"id": id})
        stale = await do("packageSubscriptionPause", {"id": id, "expectedVersion": 7})
        nobody = await do(
            "packageSubscriptionAssign", shop.input | {"customerId": f"com_{'0' * 32}"}
        )
        dry = await do("packageSubscriptionPause", {"id": id}, "{ status }", dryRun=True)

    assert [each["message"] for each in wrong["errors"]] == ["cannot resume while active"]
    assert wrong["errors"][0]["code"] == "INVALID_TRANSITION"
    assert stale["errors"][0]["code"] == "VERSION_CONFLICT"
    assert nobody["errors"] == [
        {
            "code": "VALIDATION",
            "message": "no such customer",
            "path": ["customerId"],
        }
    ]
    assert dry["packageSubscription"] == {"status": "PAUSED"}


async def test_subscriptions_are_filtered_and_sorted(
    ask: Ask, world: World, storage: SqlStorage, shop: Shop
) -> None:
    client, other = make.client(), make.package(make.item(shop.service.id))
    await catalogue(world, storage, client, other)
    now = datetime.now(UTC)
    made = [
        await sold(world, storage, shop.package, shop.company, now),
        await sold(world, storage, other, shop.company, now - 2 * DAY),
        await sold(world, storage, other, client, now - DAY, starts_at=now + DAY),
    ]
    places = {public(each): n for n, each in enumerate(made)}

    async def found(sort: str = "CREATED_AT", **filter: Any) -> list[int]:
        order = {"field": sort, "direction": "ASC"}
        page = (await ask(LIST, filter=filter, order=order))["packageSubscriptions"]
        assert page["totalCount"] == len(page["nodes"])
        return [places[node["id"]] for node in page["nodes"]]

    assert await found() == [1, 2, 0]
    assert await found("ENDS_AT") == [1, 0, 2]
    assert await found(status=["PENDING"]) == [2]
    assert await found(customerId=public(shop.company)) == [1, 0]
    assert await found(customerId=public(client)) == [2]
    assert await found(packageId=public(other)) == [1, 2]
    assert await found(endsFrom=made[0].ends_at.isoformat()) == [2, 0]
    assert await found(endsTo=made[0].ends_at.isoformat()) == [1, 0]


@pytest.mark.parametrize("count", [1, 5])
async def test_a_page_costs_the_same_whatever_is_on_it(
    ask: Ask, world: World, storage: SqlStorage, statements: list[str], shop: Shop, count: int
) -> None:
    for _ in range(count):
        company = make.company()
        await catalogue(world, storage, company)
        await sold(world, storage, shop.package, company)
        await placed(world, storage, shop.service, company_id=company.id)
    statements.clear()

    data = await ask(f"{{ packageSubscriptions {{ totalCount nodes {WHOLE} }} }}")

    assert data["packageSubscriptions"]["totalCount"] == count
    # The page, its count; packages, customers, users; the last periods, all periods, allocations
    # of the last ones, of all, and of entries; services; the ledger, its counts, its orders; audit
    assert len(statements) == 16


async def test_customers_and_packages_show_their_subscriptions(
    ask: Ask, world: World, storage: SqlStorage, shop: Shop, statements: list[str]
) -> None:
    made = await sold(world, storage, shop.package, shop.company)
    statements.clear()

    data = await ask(
        """query ($customer: ID!, $package: ID!) {
          customer(id: $customer) { subscriptions { totalCount nodes { id } } }
          package(id: $package) { subscriptions(first: 1) { nodes { id } } } }""",
        customer=public(shop.company),
        package=public(shop.package),
    )

    assert data["customer"]["subscriptions"] == {"totalCount": 1, "nodes": [{"id": public(made)}]}
    assert data["package"]["subscriptions"]["nodes"] == [{"id": public(made)}]
    assert len(statements) == 5


async def test_an_order_shows_which_subscription_covers_it(
    ask: Ask, world: World, storage: SqlStorage, shop: Shop
) -> None:
    made = await sold(world, storage, shop.package, shop.company)
    order = await placed(world, storage, shop.service, company_id=shop.company.id)
    query = """query ($id: ID!) { serviceOrder(id: $id) { packageSubscription { id }
      subscriptionAllocation { id used } } }"""

    data = await ask(query, id=public(order))

    assert data["serviceOrder"] == {
        "packageSubscription": {"id": public(made)},
        "subscriptionAllocation": {"id": public(made.period.allocations[0]), "used": 1},
    }


async def test_old_ids_lead_to_subscriptions_and_allocations(
    ask: Ask, world: World, storage: SqlStorage, shop: Shop
) -> None:
    made = await sold(world, storage, shop.package, shop.company)
    query = """query ($resource: String!, $id: String!) {
      nodeByLegacyId(channel: SHRKITY, resource: $resource, id: $id) { id } }"""

    whole = await ask(query, resource="subscriptions", id=str(made.shrkity_id))
    allocation = made.period.allocations[0]
    part = await ask(query, resource="allocations", id=str(allocation.shrkity_id))

    assert whole["nodeByLegacyId"] == {"id": public(made)}
    assert part["nodeByLegacyId"] == {"id": public(allocation)}


async def test_another_organizations_are_not_there(
    ask: Ask, other_world: World, storage: SqlStorage, refused: Ask, world: World
) -> None:
    service, company = await offered(other_world, storage), make.company()
    package = make.package(make.item(service.id))
    await catalogue(other_world, storage, package, company)
    made = await sold(other_world, storage, package, company)

    assert (await ask(ONE, id=public(made)))["packageSubscription"] is None
    powerless = world.caller(permissions=frozenset({Permission.PACKAGES_READ}))
    [error] = await refused(LIST, as_=powerless)
    assert error["extensions"]["code"] == "FORBIDDEN"
