"""An order that was placed, in organizations with something in every table."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from domain.service_orders import ServiceOrder
from persistence.reads import SqlReads
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.samples_catalogue import Catalogue
from usecases.kit import run
from usecases.reads.applicants import ApplicantKey
from usecases.service_orders import PlaceServiceOrder

Ask = Callable[[SqlReads, ServiceOrder], Awaitable[Any]]


async def placed(world: World, storage: SqlStorage, offered: Catalogue) -> ServiceOrder:
    """For the company that there is, out of the month's allowance."""
    place = PlaceServiceOrder(
        service_definition_id=offered.service.id, company_id=offered.order.customer_id
    )
    order = (await run(place, world.caller(), storage)).record
    assert order is not None
    return order


def applicant(order: ServiceOrder) -> ApplicantKey:
    assert order.customer_id is not None
    return ApplicantKey(order.customer_id, order.worker_id, datetime.now(UTC).date())


OF_THEIRS: dict[str, tuple[Ask, Any]] = {
    "applicants.by_keys": (lambda r, order: r.applicants.by_keys([applicant(order)]), {}),
}
