"""Subscriptions as Shrkity's clients assign and move them."""

from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx

from domain.customers import Client, Company
from domain.kit.aggregate import Aggregate
from domain.packages import Package
from domain.service_definitions import ServiceDefinition
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.domain import subscriptions as make
from tests.usecases.subscriptions import catalogue


@dataclass(frozen=True)
class Shop:
    service: ServiceDefinition
    other: ServiceDefinition
    package: Package
    company: Company
    client: Client


async def opened(world: World, storage: SqlStorage) -> Shop:
    """A shop with a package of two services, and somebody to buy it."""
    service, other = make.service(), make.service()
    company, client = make.company(), make.client()
    await catalogue(world, storage, service, other, company, client)
    package = make.package(make.item(service.id, 3), make.item(other.id, None))
    await catalogue(world, storage, package)
    return Shop(service, other, package, company, client)


def old(record: Aggregate) -> int:
    """The id that the client knows."""
    id: int = record.shrkity_id  # type: ignore[attr-defined]
    return id


async def assigned(office: httpx.AsyncClient, shop: Shop, **values: Any) -> dict[str, Any]:
    given = {"package_id": old(shop.package), "company_id": old(shop.company)}
    answer = await office.post("/subscriptions", json=given | values)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def moved(office: httpx.AsyncClient, id: int, action: str, **body: Any) -> httpx.Response:
    return await office.post(f"/subscriptions/{id}/{action}", json=body)


async def ended(owner: asyncpg.Connection, world: World) -> None:
    await owner.execute(
        "UPDATE package_subscriptions SET ends_at = now() WHERE organization_id = $1",
        world.organization.id,
    )
