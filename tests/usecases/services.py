"""Services, customers and service orders in a database, at some point of their way."""

from typing import Any

from domain.customers import Client, Company
from domain.kit.ids import new_id
from domain.service_definitions import ServiceDefinition, ServiceStatus
from domain.service_orders import ServiceOrder, ServiceOrderStep
from domain.workers import Worker
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.domain.services import SERVICE
from tests.make import NOON
from tests.usecases.orders import done
from usecases.service_orders import (
    PlaceServiceOrder,
)


def service(**values: Any) -> ServiceDefinition:
    """A published one of 100.00 with 15 percent, done in two steps."""
    made = ServiceDefinition.create(SERVICE | {"code": new_id().hex} | values, NOON)
    made.status = ServiceStatus.PUBLISHED
    return made


def company(**values: Any) -> Company:
    return Company.create({"name": "Falcon Trading"} | values, NOON)


def client(**values: Any) -> Client:
    return Client.create({"name": "Noura"} | values, NOON)


def worker(of: Company, **values: Any) -> Worker:
    return Worker.create({"company_id": of.id, "name": "Ravi"} | values, NOON)


async def offered(world: World, storage: SqlStorage, **values: Any) -> ServiceDefinition:
    made = service(**values)
    await keep(storage, world.caller(), made)
    return made


async def placed(
    world: World, storage: SqlStorage, of: ServiceDefinition | None = None, **values: Any
) -> ServiceOrder:
    """An order of a service, for nobody in particular unless somebody is named."""
    what = of or await offered(world, storage)
    place = PlaceServiceOrder(service_definition_id=what.id, **values)
    return await done(place, world, storage)


def step_of(order: ServiceOrder, key: str) -> ServiceOrderStep:
    [step] = [step for step in order.steps if step.key == key]
    return step
