"""Every filter and ordering of service orders has an index, and so has what belongs to one."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.kit.ids import new_id
from domain.service_orders import Priority, ServiceOrderStatus
from persistence.engines import application_engine
from persistence.reads.service_orders import (
    BY_QUOTATION,
    ORDERS,
    PRICE_LINES_BY_ORDER,
    STEPS_BY_IDS,
    STEPS_BY_ORDER,
)
from persistence.storage import SqlStorage
from tests.conftest import keep, new_world
from tests.persistence.test_indexes import COPY, MANY, MOMENT, SOME, Plans
from tests.service_orders import coupon, order, redemption, served
from usecases.reads.kit import Direction
from usecases.reads.service_orders import ServiceOrderFilter, ServiceOrderSort

SHARED = {"id": "gen_random_uuid()", "shrkity_id": "shrkity_id + n"}
DATED = SHARED | {
    "created_at": "created_at + n * interval '1 minute'",
    "updated_at": "updated_at + n * interval '1 minute'",
}
NAMED = DATED | {"wisedat_id": "wisedat_id + n", "name": "name || ' ' || n", "code": "'S-' || n"}
OF_ORDER = SHARED | {"order_id": "gen_random_uuid()"}
VARIED: dict[str, dict[str, str]] = {
    "service_definitions": NAMED,
    "customers": NAMED,
    "workers": NAMED,
    "service_orders": DATED
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
    "quotation_lines": SHARED | {"quotation_id": "gen_random_uuid()"},
    "service_order_steps": OF_ORDER,
    "service_order_price_lines": OF_ORDER,
    "coupon_redemptions": OF_ORDER,
    "sla_clocks": OF_ORDER | {"due_at": "now() + n * interval '1 minute'"},
}


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator[Plans]:
    engine = application_engine(database_url, pool_size=1)
    storage = SqlStorage(engine)
    world = await new_world(storage)
    to, applied = await served(world, storage), coupon()
    await keep(storage, world.caller(), applied)
    placed = order(world, to)
    placed.redemptions = [redemption(applied, placed)]
    await keep(storage, world.caller(), placed)
    await engine.dispose()
    connection = await asyncpg.connect(database_url)
    transaction = connection.transaction()
    await transaction.start()  # rolled back: other tests find their tables as they were
    await connection.execute("SET LOCAL session_replication_role = replica")  # anybody will do
    for table, varied in VARIED.items():
        columns = await connection.fetch(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = $1 AND is_generated = 'NEVER'",
            table,
        )
        names = [row[0] for row in columns]
        values = ", ".join(varied.get(name, name) for name in names)
        copy = COPY.format(table=table, columns=", ".join(names), values=values)
        where = f" WHERE organization_id = '{world.organization.id}'"
        await connection.execute(copy.rstrip() + where, MANY)
        await connection.execute(f"ANALYZE {table}")
    await connection.execute(
        "SELECT gin_clean_pending_list(indexrelid) FROM pg_index JOIN pg_class ON oid = indexrelid"
        " WHERE relam = (SELECT oid FROM pg_am WHERE amname = 'gin')"
    )
    await connection.execute("SET LOCAL ROLE backoffice_app; SET LOCAL enable_seqscan = off")
    enter = "SELECT set_config('app.organization', $1, true)"
    await connection.execute(enter, str(world.organization.id))
    yield Plans(connection, world)
    await transaction.rollback()
    await connection.close()


ORDERINGS: list[tuple[ServiceOrderSort, str, tuple[Any, ...]]] = [
    (ServiceOrderSort.CREATED_AT, "created_at_id", (MOMENT, SOME)),
    (ServiceOrderSort.UPDATED_AT, "updated_at_id", (MOMENT, SOME)),
    (ServiceOrderSort.NUMBER, "numbered", ("SO-2025-7",)),
    (ServiceOrderSort.PRIORITY, "urgency_created_at_id", (2, MOMENT, SOME)),
    (ServiceOrderSort.TOTAL, "total_id", (Decimal(7), SOME)),
]


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize(("sort", "index", "key"), ORDERINGS)
async def test_an_ordering_is_read_from_its_index_and_goes_on_at_a_cursor(
    plans: Plans, sort: ServiceOrderSort, index: str, key: tuple[Any, ...], way: Direction
) -> None:
    everything = ServiceOrderFilter()
    first = await plans.of(ORDERS, everything, sort, way=way)
    following = await plans.of(ORDERS, everything, sort, way=way, after=True, key=key)

    for plan in (first, following):
        assert '"Seq Scan"' not in plan
        assert '"Sort"' not in plan
        assert f'"ix_service_orders_{index}"' in plan
    conditions = re.findall(r'"Index Cond": "(.*?)"[,}]', following)
    name = ORDERS.orderings[sort].columns[0].name
    assert len([each for each in conditions if name in each]) == 1


def test_every_ordering_is_tried() -> None:
    assert {sort for sort, _, _ in ORDERINGS} == {*ServiceOrderSort}


EARLY, LATE = datetime(2000, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
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
    given = {n for f, _ in FILTERS for n, v in vars(f).items() if v is not None}

    assert given == {*ServiceOrderFilter.__dataclass_fields__}


@pytest.mark.parametrize(
    "parent", ["customer_id", "worker_id", "service_definition_id", "assignee_id"]
)
async def test_a_page_for_each_parent_is_read_from_its_index(plans: Plans, parent: str) -> None:
    statement = ORDERS._listed_by(
        parent, (), ServiceOrderSort.CREATED_AT, Direction.DESC, after=False
    )

    plan = await plans.explained(statement, {"n": 21, "ids": [SOME, new_id()]})

    assert '"Seq Scan"' not in plan
    assert f'"ix_service_orders_{parent}_created_at_id"' in plan


@pytest.mark.parametrize(
    "statement",
    [BY_QUOTATION, ORDERS.by_ids, STEPS_BY_IDS, STEPS_BY_ORDER, PRICE_LINES_BY_ORDER],
)
async def test_what_belongs_to_a_record_is_read_from_an_index(plans: Plans, statement: Any) -> None:
    assert '"Seq Scan"' not in await plans.explained(statement, {"ids": [SOME, new_id()]})
