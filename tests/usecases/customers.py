"""Customers as tests need them: a client, their company, a worker of it."""

from typing import Any, NamedTuple

from domain.customers import Client, Company
from domain.workers import Worker
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep


class Customers(NamedTuple):
    client: Client
    company: Company
    worker: Worker


async def customers(world: World, storage: SqlStorage, **values: Any) -> Customers:
    """Kept; `values` are the company's."""
    client = make.client()
    company = make.company(**({"client_id": client.id} | values))
    worker = make.worker(company.id)
    await keep(storage, world.caller(), client)
    await keep(storage, world.caller(), company)
    await keep(storage, world.caller(), worker)
    return Customers(client, company, worker)
