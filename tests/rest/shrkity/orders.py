"""What orders are placed for: a service, a company with a worker; all under Shrkity's ids."""

from dataclasses import dataclass
from typing import Any

import httpx

from domain.customers import Company
from domain.kit.aggregate import Aggregate
from domain.service_definitions import ServiceDefinition
from domain.workers import Worker
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.usecases.customers import customers
from tests.usecases.services import offered

# What lists show of each.
FIELDS = [
    *("id", "number", "status", "priority", "service_definition_id", "company_id"),
    *("company_employee_id", "service", "company", "client", "company_employee", "assignee"),
    *("total", "currency", "created_at", "updated_at", "started_at", "completed_at"),
    *("cancelled_at", "metadata"),
]


@dataclass(frozen=True)
class Desk:
    """`other` is a company that has nothing to do with the first one."""

    service: ServiceDefinition
    company: Company
    worker: Worker
    other: Company

    def order(self, **values: Any) -> dict[str, Any]:
        """The body of the documents' first call."""
        return {
            "service_definition_id": old(self.service),
            "company_id": old(self.company),
        } | values


async def desk(world: World, storage: SqlStorage, **of_service: Any) -> Desk:
    """A service of 100.00 with 15 percent, done for companies in three steps."""
    given = {"code": "VISA", "requires_company": True}
    service = await offered(world, storage, **(given | of_service))
    ours = await customers(world, storage, name="Palm Trading")
    other = await customers(world, storage, name="Oasis Foods")
    return Desk(service, ours.company, ours.worker, other.company)


def old(record: Aggregate) -> int:
    """The id that the client knows."""
    id: int = record.shrkity_id  # type: ignore[attr-defined]
    return id


async def placed(office: httpx.AsyncClient, desk: Desk, **values: Any) -> dict[str, Any]:
    answer = await office.post("/orders", json=desk.order(**values))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made
