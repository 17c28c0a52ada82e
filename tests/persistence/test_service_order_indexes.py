"""Every filter and ordering of service orders has an index, and so has what belongs to one."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from domain.kit.ids import new_id
from domain.service_orders import Priority, ServiceOrderStatus
from persistence.reads.service_orders import (
    BY_QUOTATION,
    ORDERS,
    PRICE_LINES_BY_ORDER,
    STEPS_BY_IDS,
    STEPS_BY_ORDER,
)
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.persistence.plans import (
    DATED,
    EARLY,
    LATE,
    MANY,
    MOMENT,
    NEW,
    SOME,
    Ordered,
    Plans,
    among_many,
    tried,
)
from tests.service_orders import coupon, order, redemption, served
from usecases.reads.kit import Direction
from usecases.reads.service_orders import ServiceOrderFilter, ServiceOrderSort

NAMED = NEW | DATED | {"name": "name || ' ' || n", "code": "'S-' || n"}
OF_ORDER = NEW | {"order_id": "gen_random_uuid()"}
VARIED: dict[str, dict[str, str]] = {
    "service_definitions": NAMED,
    "customers": NAMED,
    "workers": NAMED,
    "service_orders": NEW
    | DATED
    | {
        "number": "'SO-2025-' || n",
        "status": "(ARRAY['PENDING', 'COMPLETED'])[1 + n % 2]",
        "priority": "(ARRAY['NORMAL', 'HIGH'])[1 + n % 2]",
        "total": "n",
        "service_definition_id": "md5(n::text)::uuid",
        "customer_id": "md5(n::text)::uuid",
        "worker_id": "md5(n::text)::uuid",
        "assignee_id": "md5(n::text)::uuid",
        "quotation_line_id": "md5(n::text)::uuid",
    },
    "quotation_lines": NEW | {"quotation_id": "gen_random_uuid()"},
    "service_order_steps": OF_ORDER,
    "service_order_price_lines": OF_ORDER,
    "coupon_redemptions": OF_ORDER,
    "sla_clocks": OF_ORDER | {"due_at": "now() + n * interval '1 minute'"},
}


async def placed(world: World, storage: SqlStorage) -> None:
    to, applied = await served(world, storage), coupon()
    await keep(storage, world.caller(), applied)
    ours = order(world, to)
    ours.redemptions = [redemption(applied, ours)]
    await keep(storage, world.caller(), ours)


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator[Plans]:
    async with among_many(database_url, VARIED, placed) as plans:
        yield plans


EVERYTHING = ServiceOrderFilter()
ORDERINGS: list[Ordered] = [
    Ordered(ORDERS, EVERYTHING, ServiceOrderSort.CREATED_AT, (MOMENT, SOME)),
    Ordered(ORDERS, EVERYTHING, ServiceOrderSort.UPDATED_AT, (MOMENT, SOME)),
    Ordered(ORDERS, EVERYTHING, ServiceOrderSort.NUMBER, ("SO-2025-7",), "numbered"),
    Ordered(
        ORDERS,
        EVERYTHING,
        ServiceOrderSort.PRIORITY,
        (2, MOMENT, SOME),
        "urgency_created_at_id",
    ),
    Ordered(ORDERS, EVERYTHING, ServiceOrderSort.TOTAL, (Decimal(7), SOME)),
]


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize("ordered", ORDERINGS)
async def test_an_ordering_is_read_from_its_index_and_goes_on_at_a_cursor(
    plans: Plans, ordered: Ordered, way: Direction
) -> None:
    await plans.check_ordering(ordered, way)


def test_every_ordering_is_tried() -> None:
    assert {ordered.sort for ordered in ORDERINGS} == {*ServiceOrderSort}


FILTERS: list[tuple[ServiceOrderFilter, list[str]]] = [
    (
        ServiceOrderFilter(status=(ServiceOrderStatus.ON_HOLD,)),
        ["service_orders_status_created_at_id"],
    ),
    (ServiceOrderFilter(customer_id=SOME), ["service_orders_customer_id_created_at_id"]),
    (ServiceOrderFilter(worker_id=SOME), ["service_orders_worker_id_created_at_id"]),
    (
        ServiceOrderFilter(service_definition_id=SOME),
        ["service_orders_service_definition_id_created_at_id"],
    ),
    (ServiceOrderFilter(priority=(Priority.URGENT,)), ["service_orders_priority_created_at_id"]),
    (ServiceOrderFilter(assignee_id=SOME), ["service_orders_assignee_id_created_at_id"]),
    (ServiceOrderFilter(overdue=True), ["sla_clocks_due_at_id"]),
    (ServiceOrderFilter(created_from=LATE), ["service_orders_created_at_id"]),
    (ServiceOrderFilter(created_before=EARLY), ["service_orders_created_at_id"]),
    (
        ServiceOrderFilter(search="so-2025-1777"),
        [
            "service_orders_searched",
            "service_definitions_searched",
            "customers_searched",
            "workers_searched",
            "service_orders_service_definition_id_created_at_id",
            "service_orders_customer_id_created_at_id",
            "service_orders_worker_id_created_at_id",
        ],
    ),
]


@pytest.mark.parametrize(("filter", "indexes"), FILTERS)
async def test_a_filter_has_its_index(
    plans: Plans, filter: ServiceOrderFilter, indexes: list[str]
) -> None:
    plan = await plans.of(ORDERS, filter, ServiceOrderSort.CREATED_AT, n=MANY)

    assert [index for index in indexes if f'"ix_{index}"' not in plan] == []
    assert '"Seq Scan"' not in plan


def test_every_filter_is_tried() -> None:
    assert tried(FILTERS) == {*ServiceOrderFilter.__dataclass_fields__}


@pytest.mark.parametrize(
    "parent", ["customer_id", "worker_id", "service_definition_id", "assignee_id"]
)
async def test_a_page_for_each_parent_is_read_from_its_index(plans: Plans, parent: str) -> None:
    plan = await plans.of_parents(ORDERS, parent, ServiceOrderSort.CREATED_AT)

    assert '"Seq Scan"' not in plan
    assert f'"ix_service_orders_{parent}_created_at_id"' in plan


@pytest.mark.parametrize(
    "statement",
    [BY_QUOTATION, ORDERS.by_ids, STEPS_BY_IDS, STEPS_BY_ORDER, PRICE_LINES_BY_ORDER],
)
async def test_what_belongs_to_a_record_is_read_from_an_index(plans: Plans, statement: Any) -> None:
    assert '"Seq Scan"' not in await plans.explained(statement, {"ids": [SOME, new_id()]})
