"""Every filter and ordering of goods receipts has an index, and so has what scores a supplier."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.goods_receipts import GoodsReceiptStatus, NewGoodsReceiptLine
from domain.kit.ids import new_id
from persistence.engines import application_engine
from persistence.reads.deliveries import DELIVERIES
from persistence.reads.goods_receipts import BY_ORDER, LINES_BY_RECEIPT, RECEIPTS
from persistence.storage import SqlStorage
from tests.conftest import new_world
from tests.persistence.test_indexes import COPY, MANY, Plans
from usecases.goods_receipts import CreateGoodsReceipt
from usecases.kit import run
from usecases.purchase_orders import CreatePurchaseOrder, SubmitPurchaseOrder
from usecases.reads.goods_receipts import GoodsReceiptFilter, GoodsReceiptSort
from usecases.reads.kit import Direction

SOME, MOMENT, DAY = new_id(), datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1)
SHARED = {"id": "gen_random_uuid()", "waqti_id": "waqti_id + n", "shoplazza_id": "shoplazza_id + n"}
VARIED = {
    "purchase_orders": SHARED | {"number": "'PO-2025-' || n"},
    "purchase_order_lines": SHARED
    | {"order_id": "gen_random_uuid()", "description": "'item ' || n"},
    "goods_receipts": SHARED
    | {
        "number": "'GR-2025-' || n",
        "created_at": "created_at + n * interval '1 minute'",
        "updated_at": "updated_at + n * interval '1 minute'",
        "received_on": "received_on + n",
        "order_id": "md5((n % 300)::text)::uuid",
        "supplier_id": "md5((n % 300)::text)::uuid",
        "status": "(ARRAY['POSTED', 'REVERSED'])[1 + n % 2]",
    },
    "goods_receipt_lines": SHARED
    | {"receipt_id": "gen_random_uuid()", "order_line_id": "gen_random_uuid()"},
}


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator[Plans]:
    engine = application_engine(database_url, pool_size=1)
    storage = SqlStorage(engine)
    world = await new_world(storage)
    order = (await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)).record
    assert order is not None
    await run(SubmitPurchaseOrder(id=order.id), world.caller(), storage)
    line = NewGoodsReceiptLine(order_line_id=order.lines[0].id, accepted=Decimal(1))
    receive = CreateGoodsReceipt(purchase_order_id=order.id, lines=[line], post=True)
    await run(receive, world.caller(), storage)
    await engine.dispose()
    connection = await asyncpg.connect(database_url)
    transaction = connection.transaction()
    await transaction.start()  # rolled back: other tests find their tables as they were
    await connection.execute("SET LOCAL session_replication_role = replica")  # any order will do
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
    await connection.execute("SET LOCAL ROLE backoffice_app; SET LOCAL enable_seqscan = off")
    enter = "SELECT set_config('app.organization', $1, true)"
    await connection.execute(enter, str(world.organization.id))
    yield Plans(connection, world)
    await transaction.rollback()
    await connection.close()


ORDERINGS: list[tuple[GoodsReceiptSort, Any]] = [
    (GoodsReceiptSort.CREATED_AT, MOMENT),
    (GoodsReceiptSort.UPDATED_AT, MOMENT),
    (GoodsReceiptSort.RECEIVED_ON, DAY),
]


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize(("sort", "value"), ORDERINGS)
async def test_an_ordering_is_read_from_its_index_and_goes_on_at_a_cursor(
    plans: Plans, sort: GoodsReceiptSort, value: Any, way: Direction
) -> None:
    everything, key = GoodsReceiptFilter(), (value, SOME)
    first = await plans.of(RECEIPTS, everything, sort, way=way)
    following = await plans.of(RECEIPTS, everything, sort, way=way, after=True, key=key)

    name = RECEIPTS.orderings[sort].columns[0].name
    for plan in (first, following):
        assert '"Seq Scan"' not in plan
        assert '"Sort"' not in plan
        assert f'"ix_goods_receipts_{name}_id"' in plan
    conditions = re.findall(r'"Index Cond": "(.*?)"[,}]', following)
    assert any(name in condition for condition in conditions)


FILTERS: list[tuple[GoodsReceiptFilter, str]] = [
    (GoodsReceiptFilter(status=(GoodsReceiptStatus.DRAFT,)), "status_created_at_id"),
    (GoodsReceiptFilter(order_id=SOME), "order_id_created_at_id"),
    (GoodsReceiptFilter(supplier_id=SOME), "supplier_id_created_at_id"),
    (GoodsReceiptFilter(received_from=date(2999, 1, 1)), "received_on_id"),
    (GoodsReceiptFilter(received_to=date(2000, 1, 1)), "received_on_id"),
]


@pytest.mark.parametrize(("filter", "index"), FILTERS)
async def test_a_filter_has_its_index(plans: Plans, filter: GoodsReceiptFilter, index: str) -> None:
    plan = await plans.of(RECEIPTS, filter, GoodsReceiptSort.CREATED_AT, n=MANY)

    assert f'"ix_goods_receipts_{index}"' in plan


def test_every_filter_is_tried() -> None:
    given = {n for f, _ in FILTERS for n, v in vars(f).items() if v is not None}

    assert given == {*GoodsReceiptFilter.__dataclass_fields__}


@pytest.mark.parametrize("statement", [BY_ORDER, LINES_BY_RECEIPT])
async def test_what_belongs_to_a_record_is_read_from_an_index(plans: Plans, statement: Any) -> None:
    assert '"Seq Scan"' not in await plans.explained(statement, {"ids": [SOME, new_id()]})


async def test_a_supplier_is_scored_from_indexes(plans: Plans) -> None:
    ids = [plans.world.supplier.id]
    plan = await plans.explained(DELIVERIES, {"ids": ids})

    assert "goods_receipts_supplier_id_created_at_id" in plan
    assert "purchase_order_lines_described" in plan
    assert '"Seq Scan"' not in plan
